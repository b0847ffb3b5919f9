using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Registering.Replying.MailKit;

/// <summary>
/// Reads a mailbox over IMAP: what is not seen is read and marked as seen, nothing is deleted. A server that is away is
/// asked again a little later; what was read and not marked is read again, which does nothing.
/// </summary>
internal sealed partial class ImapMailbox(ImapSettings settings, ILogger<ImapMailbox> logger) : IReplySource
{
    /// <summary>A round must end; the rest is for the next one.</summary>
    private const int AtMost = 50;

    private const int ImapsPort = 993;

    /// <summary>For getting to the folder, and for each message.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(10);

    private DateTimeOffset nextLook = DateTimeOffset.MinValue;

    /// <summary>Whom to believe instead of whom the machine believes; null = as the machine.</summary>
    public RemoteCertificateValidationCallback? Trust { get; init; }

    public async Task<int> ReadAsync(Inbox inbox, DateTimeOffset now, CancellationToken ct)
    {
        if (now < nextLook)
            return 0;
        nextLook = now + Every;
        var look = new Look();
        while (true)
            try
            {
                await ReadUnseenAsync(look, inbox, now, ct);
                return look.Read;
            }
            catch (Exception) when (!ct.IsCancellationRequested && look is { Fetching: not null, MayCallAgain: true })
            {
                look.HungUpAt.Add(look.Fetching.Value);
            }
            catch (Exception e) when (!ct.IsCancellationRequested && !DatabaseTrouble.IsPassing(e))
            {
                nextLook = now + AfterTrouble;
                Unreachable(logger, settings.Folder, settings.Host!, settings.Port, InWords(e));
                return look.Read;
            }
    }

    private async Task ReadUnseenAsync(Look look, Inbox inbox, DateTimeOffset now, CancellationToken ct)
    {
        look.Fetching = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var client = new ImapClient();
        // Few authorities answer questions about revoked certificates, private ones none.
        client.CheckCertificateRevocation = false;
        client.ServerCertificateValidationCallback = Trust;
        await client.ConnectAsync(
            settings.Host!, // all three are asked for when the settings are read
            settings.Port,
            settings.Port == ImapsPort ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls,
            limit.Token
        );
        await LogInAsync(client, limit.Token);
        var folder = await client.GetFolderAsync(settings.Folder, limit.Token);
        await folder.OpenAsync(FolderAccess.ReadWrite, limit.Token);
        foreach (var id in (await folder.SearchAsync(SearchQuery.NotSeen, limit.Token)).Take(AtMost))
        {
            limit.CancelAfter(Patience);
            var flags = MessageFlags.Seen;
            if (look.IsHopeless(id))
            {
                flags |= MessageFlags.Flagged;
                Unreadable(logger, id.Id, settings.Folder, "the server broke off at it twice");
            }
            else
                try
                {
                    look.Fetching = id;
                    // Only the beginning of a large one is asked for.
                    var message = await folder.GetStreamAsync(id, 0, MimeMessage.LargestBytes, limit.Token);
                    look.Fetching = null;
                    // The database's time is not the server's.
                    await inbox.TakeAsync(await Bounded.ReadAsync(message, ct), now, ct);
                    look.Read++;
                }
                catch (Exception surprise)
                    when (surprise is not OperationCanceledException
                        && client.IsConnected
                        && !DatabaseTrouble.IsPassing(surprise)
                    )
                {
                    // It would only surprise again, and those behind it would wait: a flag leaves it to a person.
                    flags |= MessageFlags.Flagged;
                    Unreadable(logger, id.Id, settings.Folder, surprise.Message, surprise);
                }
            look.Fetching = null;
            limit.CancelAfter(Patience);
            await folder.AddFlagsAsync(id, flags, silent: true, limit.Token);
        }
        await client.DisconnectAsync(quit: true, limit.Token);
    }

    /// <summary>By one mechanism: left to itself MailKit tries a wrong password by each, and servers lock such accounts.</summary>
    private Task LogInAsync(ImapClient client, CancellationToken ct) =>
        client.AuthenticationMechanisms.Contains("PLAIN")
            ? client.AuthenticateAsync(new SaslMechanismPlain(Encoding.UTF8, settings.User!, settings.Password!), ct)
            : client.AuthenticateAsync(Encoding.UTF8, settings.User!, settings.Password!, ct);

    private string InWords(Exception trouble) =>
        trouble switch
        {
            // What a server says of a log-in may repeat it; the kind of trouble tells enough.
            AuthenticationException => "it refused the log-in; look at mail.replies.imap.user and .password",
            OperationCanceledException => $"no answer within {Patience.TotalSeconds:0} seconds",
            NotSupportedException => "it offers no STARTTLS",
            SslHandshakeException { ServerCertificate: X509Certificate2 shown } => shown.MatchesHostname(settings.Host!)
                ? "its certificate is none this machine trusts"
                : "its certificate is not made for this name",
            SslHandshakeException => "it speaks no TLS at this port",
            _ => trouble.Message.ReplaceLineEndings(" "),
        };

    [LoggerMessage(
        151,
        LogLevel.Warning,
        "Answers in {Folder} on {Host}:{Port} cannot be read now ({Why}); it is tried again in ten minutes"
    )]
    private static partial void Unreachable(ILogger logger, string folder, string host, int port, string why);

    [LoggerMessage(
        152,
        LogLevel.Warning,
        "Message {Id} in {Folder} could not be read ({Why}); it is flagged and not looked at again"
    )]
    private static partial void Unreadable(
        ILogger logger,
        uint id,
        string folder,
        string why,
        Exception? surprise = null
    );

    /// <summary>
    /// One look into the mailbox. Some servers hang up at a message that they cannot open themselves: it is asked for once
    /// more, for the line may be bad, and then passed by.
    /// </summary>
    private sealed class Look
    {
        private const int MostHangUps = 4;

        public int Read { get; set; }

        /// <summary>What the server is giving now.</summary>
        public UniqueId? Fetching { get; set; }

        public List<UniqueId> HungUpAt { get; } = [];
        public bool MayCallAgain => HungUpAt.Count < MostHangUps;

        public bool IsHopeless(UniqueId id) => HungUpAt.Count(i => i == id) > 1;
    }
}
