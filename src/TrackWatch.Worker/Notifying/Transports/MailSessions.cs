using TrackWatch.Worker.Notifying.Transports.OAuth;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Notifying.Transports;

/// <summary>How conversations with a server begin, whichever way it lets us in.</summary>
internal sealed class MailSessions : IDisposable
{
    private const string RefreshTokenFile = "mail-refresh-token.json";

    // MailKit where its package is in, else our own client: the same to everybody else.
    private readonly OpenMailSession _open =
#if MAILKIT
    MailKit.MailKitSession.ConnectAsync;
#else
    SubmissionClient.ConnectAsync;
#endif

    private readonly AccessTokens? _tokens;

    /// <param name="state">The state folder, absolute.</param>
    public MailSessions(MailServer server, string state, TimeProvider clock, ILogger logger)
    {
        if (server.Login?.OAuth is not { } grant)
            return;
        _tokens = new AccessTokens(
            grant,
            new KeptRefreshToken(Path.Combine(state, RefreshTokenFile)),
            server.StepTimeout,
            clock,
            logger
        );
        _open = new TokenLogin(_open, _tokens).ConnectAsync;
    }

    /// <inheritdoc cref="OpenMailSession"/>
    public Task<IMailSession> OpenAsync(MailServer server, ILogger logger, CancellationToken ct) =>
        _open(server, logger, ct);

    public void Dispose() => _tokens?.Dispose();
}
