namespace TrackWatch.Worker.Notifying.Transports.Sendmail;

/// <param name="Path">Absolute.</param>
/// <param name="Timeout">How long it may take for one mail; then it is ended.</param>
internal sealed record SendmailProgram(string Path, TimeSpan Timeout)
{
    public override string ToString() => Path;
}
