using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports.Smtp;
using MailboxAddress = MimeKit.MailboxAddress;

namespace TrackWatch.Worker.Notifying.Transports.MailKit;

/// <summary>
/// A conversation held by MailKit, with the verdicts and words of <see cref="SubmissionClient"/>. Only API that MailKitLite
/// has too. One call of MailKit is several steps, so that each call gets the time of an answer to a whole mail.
/// </summary>
internal sealed class MailKitSession : IMailSession
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly MailServer _server;
    private readonly Client _client = new();

    private MailKitSession(MailServer server)
    {
        _server = server;
        // Few authorities answer questions about revoked certificates, private ones none.
        _client.CheckCertificateRevocation = false;
        if (server.Roots is { } roots)
            _client.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
                errors is SslPolicyErrors.None or SslPolicyErrors.RemoteCertificateChainErrors
                && IsFrom(roots, certificate);
    }

    public bool IsUsable => _client.IsConnected;

    public static async Task<IMailSession> ConnectAsync(MailServer server, ILogger logger, CancellationToken ct)
    {
        var session = new MailKitSession(server);
        try
        {
            await session.OpenAsync(ct);
            SmtpLog.Opened(logger, server, session._client.IsSecure);
            return session;
        }
        catch
        {
            session._client.Dispose();
            throw;
        }
    }

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        var takesUtf8 = _client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
        if (SmtpVerdict.WhyImpossible(mail, _server, takesUtf8, _client.MaxSize) is { } why)
            return new Delivery.RefusedForGood(why);
        using var message = await MimeMessage.LoadAsync(new MemoryStream(mail.Bytes.ToArray()), ct);
        var format = FormatOptions.Default.Clone();
        format.International = takesUtf8 && SmtpVerdict.NeedsSmtpUtf8(mail);
        var unspeakable = SmtpVerdict.Unspeakable(mail, takesUtf8).ToList();
        var to = mail
            .To.Except(unspeakable.Select(r => r.To))
            .DistinctBy(MimeAddress.ToWire)
            .ToDictionary(a => MimeAddress.ToWire(a)!);
        _client.Begin(unspeakable, to);
        try
        {
            var reply = await CallAsync(
                "its answer to the mail",
                limit => _client.SendAsync(format, message, Box(mail.From), to.Values.Select(Box), limit),
                ct
            );
            return SmtpVerdict.Accepted(ReplyOf(250, reply), _client.Refused);
        }
        catch (ServiceNotAuthenticatedException e)
        {
            return SmtpVerdict.OnSender(mail, ReplyOf(530, e.Message));
        }
        catch (SmtpCommandException e) when (IsUsable && e.StatusCode != SmtpStatusCode.ServiceNotAvailable)
        {
            var reply = ReplyOf((int)e.StatusCode, e.Message);
            return _client.Refused.Count == mail.To.Count ? SmtpVerdict.OnRecipients(_server, _client.Refused)
                : e.ErrorCode == SmtpErrorCode.SenderNotAccepted ? SmtpVerdict.OnSender(mail, reply)
                : SmtpVerdict.OnContent(reply);
        }
        catch (SmtpCommandException e)
        {
            throw SmtpTrouble.HangsUp(_server, ReplyOf((int)e.StatusCode, e.Message));
        }
        catch (SubmissionException e) when (_client.LastRefusal is null)
        {
            throw SmtpTrouble.Unknown(e);
        }
        catch (SubmissionException) when (_client.LastRefusal is { } refusal)
        {
            // It hung up with its refusal, so that taking the mail back failed.
            throw SmtpTrouble.HangsUp(_server, refusal);
        }
        catch
        {
            await _client.DisconnectAsync(quit: false, CancellationToken.None);
            throw;
        }
    }

    public async Task<bool> AnswersAsync(CancellationToken ct)
    {
        try
        {
            await CallAsync(
                "its answer to NOOP",
                async limit =>
                {
                    await _client.NoOpAsync(limit);
                    return true;
                },
                ct
            );
        }
        catch (Exception e) when (e is SubmissionException or SmtpCommandException or ServiceNotConnectedException)
        {
            // Servers hang up on the idle; a new conversation will do.
            await _client.DisconnectAsync(quit: false, CancellationToken.None);
        }
        return IsUsable;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Farewell);
        try
        {
            await _client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SmtpProtocolException)
        {
            // Whoever hung up first: the conversation is over.
        }
        _client.Dispose();
    }

    private async Task OpenAsync(CancellationToken ct)
    {
        try
        {
            await CallAsync(
                SmtpTrouble.Greeting,
                async limit =>
                {
                    await _client.ConnectAsync(_server.Host, _server.Port, OptionOf(_server.Security), limit);
                    return true;
                },
                ct
            );
        }
        catch (SslHandshakeException e)
        {
            var cause = e.InnerException ?? e;
            throw e.ServerCertificate is null
                ? SmtpTrouble.NoTls(_server, cause)
                : SmtpTrouble.Certificate(_server, cause.Message, cause);
        }
        catch (NotSupportedException)
        {
            throw SmtpTrouble.NoStarttls(_server);
        }
        catch (SmtpCommandException e)
        {
            throw SmtpTrouble.NotWelcome(_server, ReplyOf((int)e.StatusCode, e.Message));
        }
        if (_server.Login is { } login)
            await LogInAsync(login, ct);
    }

    private async Task LogInAsync(MailLogin login, CancellationToken ct)
    {
        if (!_client.IsSecure && !_server.AllowPlaintextPassword)
            throw SmtpTrouble.NotEncrypted(_server);
        var offered = _client.AuthenticationMechanisms;
        // One mechanism, chosen here: left to itself MailKit tries a wrong password by every one of them.
        SaslMechanism mechanism =
            login.IsToken && offered.Contains("XOAUTH2") ? new SaslMechanismOAuth2(login.User, login.Secret)
            : !login.IsToken && offered.Contains("PLAIN")
                ? new SaslMechanismPlain(Encoding.UTF8, login.User, login.Secret)
            : !login.IsToken && offered.Contains("LOGIN")
                ? new SaslMechanismLogin(Encoding.UTF8, login.User, login.Secret)
            : throw SmtpTrouble.NoCommonLogin(_server, login, string.Join(' ', offered));
        try
        {
            await CallAsync(
                $"its answer to AUTH {mechanism.MechanismName}",
                async limit =>
                {
                    await _client.AuthenticateAsync(mechanism, limit);
                    return true;
                },
                ct
            );
        }
        catch (AuthenticationException e)
        {
            // MailKit tells the reply as "535: 5.7.8 …".
            var parts = e.Message.Split(": ", 2);
            var code = parts.Length == 2 && int.TryParse(parts[0], out var said) ? said : 535;
            throw SmtpTrouble.LoginRefused(_server, login, ReplyOf(code, parts[^1]));
        }
        catch (SmtpCommandException e)
        {
            throw SmtpTrouble.LoginRefused(_server, login, ReplyOf((int)e.StatusCode, e.Message));
        }
    }

    /// <summary>Turns silence and broken connections into words; what the server said itself stays an exception of MailKit.</summary>
    private async Task<T> CallAsync<T>(string step, Func<CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(_server.AnswerTimeout);
        try
        {
            return await call(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException && !ct.IsCancellationRequested)
        {
            throw SmtpTrouble.NoAnswer(_server, step, _server.AnswerTimeout, e);
        }
        catch (SocketException e)
        {
            throw SmtpTrouble.Unreachable(_server, e);
        }
        catch (Exception e) when (e is IOException or SmtpProtocolException)
        {
            throw SmtpTrouble.Broken(_server, step, e);
        }
    }

    private static SecureSocketOptions OptionOf(MailSecurity security) =>
        security switch
        {
            MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
            MailSecurity.Starttls => SecureSocketOptions.StartTls,
            _ => SecureSocketOptions.None,
        };

    private static MailboxAddress Box(string address) => new("", MimeAddress.ToWire(address)!);

    private static SmtpReply ReplyOf(int code, string text) => new(code, text.ReplaceLineEndings("\n").Split('\n'));

    private static bool IsFrom(X509Certificate2Collection roots, X509Certificate? certificate)
    {
        if (certificate is null)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        return chain.Build(new X509Certificate2(certificate));
    }

    /// <summary>MailKit's client, which by itself gives a mail up at the first recipient that is refused.</summary>
    private sealed class Client : SmtpClient
    {
        private IReadOnlyDictionary<string, string> _meant = new Dictionary<string, string>();

        public List<RefusedRecipient> Refused { get; } = [];

        /// <summary>What the server last refused of the sender or a recipient.</summary>
        public SmtpReply? LastRefusal { get; private set; }

        /// <param name="refused">Known before the server is asked.</param>
        /// <param name="meant">What each address on the wire stands for.</param>
        public void Begin(IEnumerable<RefusedRecipient> refused, IReadOnlyDictionary<string, string> meant)
        {
            _meant = meant;
            Refused.Clear();
            Refused.AddRange(refused);
            LastRefusal = null;
        }

        protected override void OnSenderNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response)
        {
            LastRefusal = ReplyOf((int)response.StatusCode, response.Response);
            base.OnSenderNotAccepted(message, mailbox, response);
        }

        protected override void OnRecipientNotAccepted(
            MimeMessage message,
            MailboxAddress mailbox,
            SmtpResponse response
        )
        {
            LastRefusal = ReplyOf((int)response.StatusCode, response.Response);
            Refused.Add(
                new(_meant.GetValueOrDefault(MimeAddress.ToWire(mailbox.Address) ?? "", mailbox.Address), LastRefusal)
            );
            // RFC 5321 3.8: with 421 the server hangs up, and the others need not be asked.
            if (response.StatusCode == SmtpStatusCode.ServiceNotAvailable)
                base.OnRecipientNotAccepted(message, mailbox, response);
        }
    }
}
