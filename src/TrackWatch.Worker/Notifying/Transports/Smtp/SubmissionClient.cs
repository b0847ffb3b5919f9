using System.Globalization;
using System.Text;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Notifying.Transports.Smtp;

/// <summary>
/// One ESMTP conversation (RFC 5321, 6409) over which mails go one after another. System.Net.Mail's client hangs on implicit
/// TLS, knows neither AUTH PLAIN nor XOAUTH2, goes on unauthenticated after a refused password, and keeps the server's last
/// words to itself; MailKit takes this one's place where its package is in.
/// </summary>
internal sealed class SubmissionClient : IAsyncDisposable
{
    // A server that filters before it answers is not to be given up on early: the mail may be in, and would go twice.
    private const int PatienceAfterData = 4;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly MailServer _server;
    private readonly SmtpWire _wire;
    private readonly ILogger _logger;
    private Dictionary<string, string> _extensions = [];
    private bool _dead;

    private SubmissionClient(MailServer server, SmtpWire wire, ILogger logger)
    {
        _server = server;
        _wire = wire;
        _logger = logger;
    }

    /// <summary>False once the server ended the conversation or it broke.</summary>
    public bool IsUsable => !_dead;

    /// <summary>Connects, turns to TLS as the settings say, and logs in.</summary>
    /// <exception cref="SubmissionException">The set-up, the network or the server stands in the way.</exception>
    public static async Task<SubmissionClient> ConnectAsync(MailServer server, ILogger logger, CancellationToken ct)
    {
        var client = new SubmissionClient(server, await SmtpWire.ConnectAsync(server, ct), logger);
        try
        {
            await client.OpenAsync(ct);
            return client;
        }
        catch
        {
            client._dead = true;
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Hands over one mail. Refusals are values and leave the conversation ready for the next mail.</summary>
    /// <exception cref="SubmissionException">The conversation broke; whether the mail was taken may be unknown.</exception>
    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        if (WhyImpossible(mail) is { } why)
            return new Delivery.RefusedForGood(why);
        try
        {
            return await TransactAsync(mail, ct);
        }
        catch
        {
            _dead = true;
            throw;
        }
    }

    /// <summary>Whether a conversation that lay idle still lives.</summary>
    public async Task<bool> AnswersAsync(CancellationToken ct)
    {
        var answers = false;
        try
        {
            answers = (await AskAsync("NOOP", ct)).IsPositive;
        }
        catch (SubmissionException)
        {
            // Servers hang up on the idle; a new conversation will do.
        }
        finally
        {
            _dead = !answers;
        }
        return answers;
    }

    /// <summary>Says QUIT where somebody still listens, and waits no longer than politeness asks.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_dead)
        {
            _dead = true;
            using var limit = new CancellationTokenSource(Farewell);
            try
            {
                await AskAsync("QUIT", limit.Token);
            }
            catch (Exception e) when (e is SubmissionException or OperationCanceledException)
            {
                // Whoever hung up first: the conversation is over.
            }
        }
        _wire.Dispose();
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        var greeting = await ReadAsync(SmtpWire.Greeting, _server.StepTimeout, ct);
        if (!greeting.IsPositive)
            throw _wire.Trouble($"takes no mail from here: {greeting}");
        await GreetAsync(ct);
        if (_server.Security == MailSecurity.Starttls)
        {
            if (!_extensions.ContainsKey("STARTTLS"))
                throw _wire.Trouble(
                    "offers no STARTTLS, so nothing was sent. Set mail.security: tls for TLS from the first byte (port 465), or "
                        + "none for a relay on the same machine."
                );
            var reply = await AskAsync("STARTTLS", ct);
            if (!reply.IsPositive)
                throw _wire.Trouble($"refuses STARTTLS: {reply}");
            await _wire.EncryptAsync(ct);
            // RFC 3207: what was said before TLS is forgotten.
            await GreetAsync(ct);
        }
        if (_server.Login is { } login)
            await LogInAsync(login, ct);
    }

    private async Task GreetAsync(CancellationToken ct)
    {
        var reply = await AskAsync($"EHLO {_wire.LocalName}", ct);
        if (!reply.IsPositive)
            throw _wire.Trouble($"refuses EHLO: {reply}");
        _extensions = new(StringComparer.OrdinalIgnoreCase);
        foreach (var line in reply.Lines.Skip(1))
        {
            // "AUTH=PLAIN" is an old way to write it.
            var words = line.Split([' ', '='], 2);
            _extensions.TryAdd(words[0], words.Length > 1 ? words[1].Trim() : "");
        }
    }

    private async Task LogInAsync(MailLogin login, CancellationToken ct)
    {
        if (!_wire.IsEncrypted && !_server.AllowPlaintextPassword)
            throw _wire.Trouble(
                "is not encrypted, so user and password were not sent. Set mail.security to starttls or tls."
            );
        if (!_extensions.TryGetValue("AUTH", out var offer))
            throw _wire.Trouble("offers no log-in here. Check mail.security and the port, or take mail.user out.");
        var offered = offer.ToUpperInvariant().Split(' ');
        var reply =
            login.IsToken && offered.Contains("XOAUTH2") ? await XOAuth2Async(login, ct)
            : !login.IsToken && offered.Contains("PLAIN") ? await PlainAsync(login, ct)
            : !login.IsToken && offered.Contains("LOGIN") ? await LoginAsync(login, ct)
            : throw _wire.Trouble(
                $"offers to log in by {offer}, while {(login.IsToken ? "mail.access_token needs XOAUTH2" : "a password needs PLAIN or LOGIN")}."
            );
        if (reply.IsPositive)
            return;
        throw _wire.Trouble(
            reply.IsForNow
                ? $"cannot log {login.User} in for now: {reply}"
                : $"refused to log {login.User} in: {reply} Mend mail.user or {login.NamedBy}. {login.Hint}".TrimEnd()
        );
    }

    private Task<SmtpReply> PlainAsync(MailLogin login, CancellationToken ct) =>
        AskSecretlyAsync($"AUTH PLAIN {Base64($"\0{login.User}\0{login.Secret}")}", "AUTH PLAIN", ct);

    private async Task<SmtpReply> LoginAsync(MailLogin login, CancellationToken ct)
    {
        var reply = await AskAsync("AUTH LOGIN", ct);
        if (reply.Code == 334)
            reply = await AskSecretlyAsync(Base64(login.User), "the user", ct);
        if (reply.Code == 334)
            reply = await AskSecretlyAsync(Base64(login.Secret), "the password", ct);
        return reply;
    }

    private async Task<SmtpReply> XOAuth2Async(MailLogin login, CancellationToken ct)
    {
        var token = Base64($"user={login.User}\u0001auth=Bearer {login.Secret}\u0001\u0001");
        var reply = await AskSecretlyAsync($"AUTH XOAUTH2 {token}", "AUTH XOAUTH2", ct);
        // The error comes as a challenge; an empty line asks for the verdict.
        return reply.Code == 334 ? await AskAsync("", ct) : reply;
    }

    private string? WhyImpossible(OutgoingMail mail)
    {
        if (mail.To.Count == 0)
            return "The mail names nobody it goes to.";
        if (mail.To.Prepend(mail.From).FirstOrDefault(a => MimeAddress.ToWire(a) is null) is { } odd)
            return $"'{string.Concat(odd.Where(c => !char.IsControl(c)))}' is no mail address.";
        if (NeedsSmtpUtf8(mail) && !_extensions.ContainsKey("SMTPUTF8"))
            return $"{_server} takes no address with letters like those before the @ (SMTPUTF8).";
        if (Size() is > 0 and var most && mail.Bytes.Length > most)
            return $"The mail has {mail.Bytes.Length} bytes, {_server} takes {most}.";
        return HasBareLineEnd(mail.Bytes.Span)
            ? "The mail has a line end that is not CRLF, which servers read in different ways."
            : null;
    }

    private async Task<Delivery> TransactAsync(OutgoingMail mail, CancellationToken ct)
    {
        var reply = await AskAsync($"MAIL FROM:<{MimeAddress.ToWire(mail.From)}>{Parameters(mail)}", ct);
        if (!reply.IsPositive)
            return await RefuseAsync(SenderRefused(mail, reply), ct);

        var refused = new List<(string To, SmtpReply Reply)>();
        foreach (var to in mail.To)
        {
            reply = await AskAsync($"RCPT TO:<{MimeAddress.ToWire(to)}>", ct);
            if (!reply.IsPositive)
                refused.Add((to, reply));
        }
        // Sent now to some and later to the others, the mail would reach the first ones twice.
        if (refused.Count == mail.To.Count || refused.Any(r => IsForNow(r.Reply)))
            return await RefuseAsync(RecipientsRefused(refused), ct);

        reply = await AskAsync("DATA", ct);
        if (reply.Code != 354)
            return await RefuseAsync(ContentRefused(reply), ct);
        await _wire.WriteAsync(Stuffed(mail.Bytes.Span), "room for the mail", ct);
        reply = await AnswerToDataAsync(ct);
        return reply.IsPositive
            ? new Delivery.Accepted(refused.Count == 0 ? $"{reply}" : $"{reply} But not for {Tell(refused)}")
            : ContentRefused(reply);
    }

    private async Task<SmtpReply> AnswerToDataAsync(CancellationToken ct)
    {
        try
        {
            return await ReadAsync("its answer to the mail", _server.StepTimeout * PatienceAfterData, ct);
        }
        catch (SubmissionException e)
        {
            throw new SubmissionException(
                $"{e.Message} Whether it took the mail is unknown; the same one goes again.",
                e
            );
        }
    }

    // The sender is the same for every mail: giving up on this one would give up on all of them.
    private static Delivery SenderRefused(OutgoingMail mail, SmtpReply reply) =>
        reply.Code == 552 || reply.Status is "5.3.4" or "5.2.3" ? new Delivery.RefusedForGood($"{reply}")
        : reply.IsForNow ? new Delivery.RefusedForNow($"{reply}")
        : reply.Code == 530
            ? new Delivery.RefusedForNow($"{reply} The server wants a log-in: set mail.user and mail.password.")
        : new Delivery.RefusedForNow($"{reply} The server takes no mail from {mail.From}: mend mail.from.");

    private Delivery RecipientsRefused(List<(string To, SmtpReply Reply)> refused) =>
        refused.Exists(r => IsForNow(r.Reply)) ? new Delivery.RefusedForNow(Tell(refused))
        : _server.Login is null && refused.Exists(r => r.Reply.Status.StartsWith("5.7.", StringComparison.Ordinal))
            ? new Delivery.RefusedForNow(
                $"{Tell(refused)} Perhaps the server wants a log-in: set mail.user and mail.password."
            )
        : new Delivery.RefusedForGood(Tell(refused));

    private static Delivery ContentRefused(SmtpReply reply) =>
        IsForNow(reply) ? new Delivery.RefusedForNow($"{reply}") : new Delivery.RefusedForGood($"{reply}");

    // "530 Authentication required" and the like are about the set-up, at whichever command they come.
    private static bool IsForNow(SmtpReply reply) => reply.IsForNow || reply.Code == 530;

    private static string Tell(List<(string To, SmtpReply Reply)> refused) =>
        string.Join("; ", refused.Select(r => $"{r.To}: {r.Reply}"));

    /// <summary>Takes the mail back so that the conversation can go on with another.</summary>
    private async Task<Delivery> RefuseAsync(Delivery verdict, CancellationToken ct)
    {
        try
        {
            _dead = !(await AskAsync("RSET", ct)).IsPositive;
        }
        catch (SubmissionException)
        {
            _dead = true;
        }
        return verdict;
    }

    private string Parameters(OutgoingMail mail) =>
        (_extensions.ContainsKey("SIZE") ? $" SIZE={mail.Bytes.Length}" : "")
        + (NeedsSmtpUtf8(mail) ? " SMTPUTF8" : "")
        + (!Ascii.IsValid(mail.Bytes.Span) && _extensions.ContainsKey("8BITMIME") ? " BODY=8BITMIME" : "");

    private static bool NeedsSmtpUtf8(OutgoingMail mail) =>
        mail.To.Prepend(mail.From).Any(a => MimeAddress.NeedsSmtpUtf8(MimeAddress.ToWire(a)!));

    private long? Size() =>
        _extensions.TryGetValue("SIZE", out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? size
            : null;

    private Task<SmtpReply> AskAsync(string command, CancellationToken ct) => AskSecretlyAsync(command, command, ct);

    /// <param name="shown">What a log and an error may say of the command.</param>
    private async Task<SmtpReply> AskSecretlyAsync(string command, string shown, CancellationToken ct)
    {
        if (command.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new ArgumentException("A command is one line.");
        SmtpLog.Asked(_logger, _server, shown);
        var step = shown == "" ? "its verdict" : $"its answer to {shown}";
        await _wire.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), step, ct);
        return await ReadAsync(step, _server.StepTimeout, ct);
    }

    private async Task<SmtpReply> ReadAsync(string step, TimeSpan within, CancellationToken ct)
    {
        var reply = await _wire.ReadReplyAsync(step, within, ct);
        SmtpLog.Answered(_logger, _server, reply);
        // RFC 5321 3.8: with 421 the server hangs up, at whichever command.
        return reply.Code == 421 ? throw _wire.Trouble($"ends the conversation: {reply}") : reply;
    }

    private static bool HasBareLineEnd(ReadOnlySpan<byte> mail)
    {
        for (var rest = mail; rest.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var at; rest = rest[(at + 2)..])
            if (!rest[at..].StartsWith("\r\n"u8))
                return true;
        return false;
    }

    /// <summary>The mail as DATA carries it: a dot that begins a line is doubled, and a lone one ends it.</summary>
    private static byte[] Stuffed(ReadOnlySpan<byte> mail)
    {
        var stuffed = new MemoryStream(mail.Length + 64);
        for (var rest = mail; rest.Length > 0; )
        {
            if (rest[0] == '.')
                stuffed.WriteByte((byte)'.');
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..(end + 1)];
            stuffed.Write(line);
            rest = rest[line.Length..];
        }
        if (!mail.EndsWith("\r\n"u8))
            stuffed.Write("\r\n"u8);
        stuffed.Write(".\r\n"u8);
        return stuffed.ToArray();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

internal static partial class SmtpLog
{
    [LoggerMessage(721, LogLevel.Debug, "To {Server}: {Command}")]
    public static partial void Asked(ILogger logger, MailServer server, string command);

    [LoggerMessage(722, LogLevel.Debug, "From {Server}: {Reply}")]
    public static partial void Answered(ILogger logger, MailServer server, SmtpReply reply);
}
