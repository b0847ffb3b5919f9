namespace TrackWatch.Worker.Notifying.Transports.OAuth;

/// <summary>What access tokens are fetched with (RFC 6749, section 6).</summary>
/// <param name="TokenUrl">https, or http to this machine.</param>
/// <param name="RefreshToken">As the settings give it.</param>
/// <param name="Scope">Null = what the refresh token was given for.</param>
internal sealed record OAuthGrant(
    Uri TokenUrl,
    string ClientId,
    string? ClientSecret,
    string RefreshToken,
    string? Scope
)
{
    /// <summary>Never the secrets: a record's own text would show them.</summary>
    public override string ToString() => $"{TokenUrl.Host} for {ClientId}";
}
