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
internal sealed class SubmissionClient : IMailSession
{
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

    public bool IsUsable => !_dead;

    private bool TakesUtf8 => _extensions.ContainsKey("SMTPUTF8");

    /// <summary>Connects, turns to TLS as the settings say, and logs in.</summary>
    /// <exception cref="SubmissionException">The set-up, the network or the server stands in the way.</exception>
    public static async Task<IMailSession> ConnectAsync(MailServer server, ILogger logger, CancellationToken ct)
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

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        if (SmtpVerdict.WhyImpossible(mail, _server, TakesUtf8, Size()) is { } why)
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
        var greeting = await ReadAsync(SmtpTrouble.Greeting, _server.StepTimeout, ct);
        if (!greeting.IsPositive)
            throw SmtpTrouble.NotWelcome(_server, greeting);
        await GreetAsync(ct);
        if (_server.Security == MailSecurity.Starttls)
        {
            if (!_extensions.ContainsKey("STARTTLS"))
                throw SmtpTrouble.NoStarttls(_server);
            var reply = await AskAsync("STARTTLS", ct);
            if (!reply.IsPositive)
                throw SmtpTrouble.That(_server, $"refuses STARTTLS: {reply}");
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
            throw SmtpTrouble.That(_server, $"refuses EHLO: {reply}");
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
            throw SmtpTrouble.NotEncrypted(_server);
        var offer = _extensions.GetValueOrDefault("AUTH", "");
        var offered = offer.ToUpperInvariant().Split(' ');
        var reply =
            login.IsToken && offered.Contains("XOAUTH2") ? await XOAuth2Async(login, ct)
            : !login.IsToken && offered.Contains("PLAIN") ? await PlainAsync(login, ct)
            : !login.IsToken && offered.Contains("LOGIN") ? await LoginAsync(login, ct)
            : throw SmtpTrouble.NoCommonLogin(_server, login, offer);
        if (!reply.IsPositive)
            throw SmtpTrouble.LoginRefused(_server, login, reply);
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

    private async Task<Delivery> TransactAsync(OutgoingMail mail, CancellationToken ct)
    {
        var reply = await AskAsync($"MAIL FROM:<{MimeAddress.ToWire(mail.From)}>{Parameters(mail)}", ct);
        if (!reply.IsPositive)
            return await RefuseAsync(SmtpVerdict.OnSender(mail, reply), ct);

        var refused = SmtpVerdict.Unspeakable(mail, TakesUtf8).ToList();
        foreach (var to in mail.To.Except(refused.Select(r => r.To)).ToList())
        {
            reply = await AskAsync($"RCPT TO:<{MimeAddress.ToWire(to)}>", ct);
            if (!reply.IsPositive)
                refused.Add(new(to, reply));
        }
        if (refused.Count == mail.To.Count)
            return await RefuseAsync(SmtpVerdict.OnRecipients(_server, refused), ct);

        reply = await AskAsync("DATA", ct);
        if (reply.Code != 354)
            return await RefuseAsync(SmtpVerdict.OnContent(reply), ct);
        await _wire.WriteAsync(Stuffed(mail.Bytes.Span), "room for the mail", ct);
        reply = await AnswerToDataAsync(ct);
        return reply.IsPositive ? SmtpVerdict.Accepted(reply, refused) : SmtpVerdict.OnContent(reply);
    }

    private async Task<SmtpReply> AnswerToDataAsync(CancellationToken ct)
    {
        try
        {
            return await ReadAsync("its answer to the mail", _server.AnswerTimeout, ct);
        }
        catch (SubmissionException e)
        {
            throw new SubmissionException(
                $"{e.Message} Whether it took the mail is unknown; the same one goes again.",
                e
            );
        }
    }

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
        + (TakesUtf8 && SmtpVerdict.NeedsSmtpUtf8(mail) ? " SMTPUTF8" : "")
        + (!Ascii.IsValid(mail.Bytes.Span) && _extensions.ContainsKey("8BITMIME") ? " BODY=8BITMIME" : "");

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
        return reply.Code == 421 ? throw SmtpTrouble.HangsUp(_server, reply) : reply;
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
