using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Notifying.Transports.OAuth;

/// <summary>
/// Access tokens for one mailbox: fetched with its refresh token, kept in memory until shortly before they expire. No token
/// is ever logged or told.
/// </summary>
/// <param name="within">How long the provider may take.</param>
internal sealed partial class AccessTokens(
    OAuthGrant grant,
    KeptRefreshToken kept,
    TimeSpan within,
    TimeProvider clock,
    ILogger logger
) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private const int LargestAnswer = 64 * 1024;
    private const int LongestReason = 200;

    // A redirect would carry the refresh token to somebody else.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    private string? _token;
    private DateTimeOffset _until;

    // Only where the file cannot be written.
    private string? _unkept;

    /// <returns>The token, and whether it was fetched just now.</returns>
    /// <exception cref="SubmissionException">The provider gives none; the message says what to do.</exception>
    public async Task<(string Token, bool IsFresh)> GetAsync(CancellationToken ct) =>
        _token is { } token && clock.GetUtcNow() < _until ? (token, false) : (await RenewAsync(ct), true);

    /// <summary>Another token, whatever the old one was good for.</summary>
    /// <exception cref="SubmissionException">As above.</exception>
    public async Task<string> RenewAsync(CancellationToken ct)
    {
        _token = null;
        var asked = clock.GetUtcNow();
        var answer = await AskAsync(_unkept ?? kept.Read(grant.RefreshToken) ?? grant.RefreshToken, ct);
        _token = answer.AccessToken!;
        // Without a word about its end it is used until the mail server refuses it.
        _until = answer.ExpiresIn is { } seconds
            ? asked + TimeSpan.FromSeconds(seconds) - Margin
            : DateTimeOffset.MaxValue;
        Renewed(logger, grant.TokenUrl.Host, answer.ExpiresIn);
        return _token;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> AskAsync(string refreshToken, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(within);
        try
        {
            using var form = new FormUrlEncodedContent(Form(refreshToken));
            using var response = await _http.PostAsync(grant.TokenUrl, form, limit.Token);
            var answer = Read(await response.Content.ReadAsByteArrayAsync(limit.Token));
            if (response.IsSuccessStatusCode && IsUsable(answer.AccessToken))
            {
                if (answer.RefreshToken is { Length: > 0 } other && other != refreshToken)
                    Keep(other);
                return answer;
            }
            throw Refused(response.StatusCode, answer, refreshToken);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw That(
                $"did not answer within {within.TotalSeconds:0.#} s. It is asked again with the next attempt.",
                e
            );
        }
        catch (HttpRequestException e)
        {
            throw That(
                $"cannot be reached: {e.Message} Check mail.oauth.token_url and the network; it is asked again with the "
                    + "next attempt.",
                e
            );
        }
    }

    private static Answer Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(body) ?? new();
        }
        catch (JsonException)
        {
            // A page for people: its status says more.
            return new();
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Form(string refreshToken)
    {
        yield return new("grant_type", "refresh_token");
        yield return new("refresh_token", refreshToken);
        yield return new("client_id", grant.ClientId);
        if (grant.ClientSecret is { } secret)
            yield return new("client_secret", secret);
        if (grant.Scope is { } scope)
            yield return new("scope", scope);
    }

    // It becomes part of a line of SMTP.
    private static bool IsUsable(string? token) =>
        token is { Length: > 0 } && token.All(c => char.IsBetween(c, '!', '~'));

    private void Keep(string refreshToken)
    {
        try
        {
            kept.Write(grant.RefreshToken, refreshToken);
            _unkept = null;
            Kept(logger, grant.TokenUrl.Host, kept.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unkept = refreshToken;
            NotKept(logger, grant.TokenUrl.Host, kept.Path, e.Message);
        }
    }

    private SubmissionException Refused(HttpStatusCode status, Answer answer, string refreshToken)
    {
        var reason = answer.Error is null ? "" : Told($"{answer.Error} {answer.ErrorDescription}".Trim(), refreshToken);
        return answer.Error switch
        {
            "invalid_grant" => That(
                $"takes mail.oauth.refresh_token no longer ({reason}). Log in there anew to allow sending mail, and set the "
                    + "refresh token you are given."
            ),
            "invalid_client" or "unauthorized_client" => That(
                $"does not know this program ({reason}). Mend mail.oauth.client_id and client_secret."
            ),
            "invalid_scope" => That($"does not give leave to send mail ({reason}). Mend mail.oauth.scope."),
            null => That($"answered {(int)status} without an access token. Check mail.oauth.token_url."),
            _ => That($"answered {(int)status} ({reason}). It is asked again with the next attempt."),
        };
    }

    /// <summary>The provider's words on one short line, without what was sent to it.</summary>
    private string Told(string words, string refreshToken)
    {
        foreach (var secret in (string?[])[refreshToken, grant.RefreshToken, grant.ClientSecret])
            if (secret is { Length: > 0 })
                words = words.Replace(secret, "…", StringComparison.Ordinal);
        var line = string.Concat(words.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }

    private SubmissionException That(string what, Exception? inner = null) =>
        new($"{grant.TokenUrl.Host}, which gives access tokens, {what}", inner);

    private sealed record Answer
    {
        [JsonPropertyName("access_token")]
        public string? AccessToken { get; init; }

        /// <summary>Seconds.</summary>
        [JsonPropertyName("expires_in")]
        [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
        public int? ExpiresIn { get; init; }

        [JsonPropertyName("refresh_token")]
        public string? RefreshToken { get; init; }

        [JsonPropertyName("error")]
        public string? Error { get; init; }

        [JsonPropertyName("error_description")]
        public string? ErrorDescription { get; init; }

        public override string ToString() => nameof(Answer);
    }

    [LoggerMessage(724, LogLevel.Debug, "{Host} gave an access token for {Seconds} s")]
    private static partial void Renewed(ILogger logger, string host, int? seconds);

    [LoggerMessage(
        725,
        LogLevel.Information,
        "{Host} gave a new refresh token; it is kept in {File} and used instead of mail.oauth.refresh_token"
    )]
    private static partial void Kept(ILogger logger, string host, string file);

    [LoggerMessage(
        726,
        LogLevel.Error,
        "{Host} gave a new refresh token, and it cannot be kept in {File}: {Why} It is lost with this process; open the folder"
    )]
    private static partial void NotKept(ILogger logger, string host, string file, string why);
}
