using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Notifying.Transports.OAuth;

/// <summary>Opens conversations with an access token fetched for it; a token that grew old unnoticed is replaced once.</summary>
internal sealed class TokenLogin(OpenMailSession connect, AccessTokens tokens)
{
    public async Task<IMailSession> ConnectAsync(MailServer server, ILogger logger, CancellationToken ct)
    {
        var (token, isFresh) = await tokens.GetAsync(ct);
        try
        {
            return await connect(With(server, token), logger, ct);
        }
        catch (SubmissionException refused) when (refused.IsLoginRefused && !isFresh)
        {
            return await connect(With(server, await tokens.RenewAsync(ct)), logger, ct);
        }
    }

    private static MailServer With(MailServer server, string token) =>
        server with
        {
            Login = server.Login! with { Secret = token },
        };
}
