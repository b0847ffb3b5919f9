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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(10);

    private DateTimeOffset nextLook = DateTimeOffset.MinValue;

    public async Task<int> ReadAsync(Inbox inbox, DateTimeOffset now, CancellationToken ct)
    {
        if (now < nextLook)
            return 0;
        nextLook = now + Every;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await ReadUnseenAsync(inbox, now, limit.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && !DatabaseTrouble.IsPassing(e))
        {
            nextLook = now + AfterTrouble;
            // What a server says of a log-in may repeat it; the kind of trouble tells enough.
            Unreachable(
                logger,
                settings.Host!,
                settings.Folder,
                e is AuthenticationException ? "it refused the log-in" : e.Message
            );
            return 0;
        }
    }

    private async Task<int> ReadUnseenAsync(Inbox inbox, DateTimeOffset now, CancellationToken ct)
    {
        using var client = new ImapClient();
        client.CheckCertificateRevocation = false;
        await client.ConnectAsync(
            settings.Host!, // all three are asked for when the settings are read
            settings.Port,
            settings.Port == ImapsPort ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls,
            ct
        );
        await client.AuthenticateAsync(settings.User!, settings.Password!, ct);
        var folder = await client.GetFolderAsync(settings.Folder, ct);
        await folder.OpenAsync(FolderAccess.ReadWrite, ct);
        var read = 0;
        foreach (var id in (await folder.SearchAsync(SearchQuery.NotSeen, ct)).Take(AtMost))
        {
            // Only the beginning of a large one is asked for.
            await using var message = await folder.GetStreamAsync(id, 0, MimeMessage.LargestBytes, ct);
            var flags = MessageFlags.Seen;
            try
            {
                await inbox.TakeAsync(await Bounded.ReadAsync(message, ct), now, ct);
                read++;
            }
            catch (Exception surprise)
                when (surprise is not (IOException or OperationCanceledException)
                    && !DatabaseTrouble.IsPassing(surprise)
                )
            {
                // It would only surprise again, and those behind it would wait: a flag leaves it to a person.
                flags |= MessageFlags.Flagged;
                Unreadable(logger, id.Id, settings.Folder, surprise);
            }
            await folder.AddFlagsAsync(id, flags, silent: true, ct);
        }
        await client.DisconnectAsync(quit: true, ct);
        return read;
    }

    [LoggerMessage(
        151,
        LogLevel.Warning,
        "Answers in {Folder} on {Host} cannot be read now ({Why}); it is tried again in ten minutes"
    )]
    private static partial void Unreachable(ILogger logger, string host, string folder, string why);

    [LoggerMessage(
        152,
        LogLevel.Error,
        "Message {Id} in {Folder} could not be read and is flagged; please report this"
    )]
    private static partial void Unreadable(ILogger logger, uint id, string folder, Exception surprise);
}
