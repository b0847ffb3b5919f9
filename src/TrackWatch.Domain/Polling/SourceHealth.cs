namespace TrackWatch.Domain.Polling;

/// <summary>How a source has been answering. Instants are UTC.</summary>
/// <param name="OpenUntil">It is left alone until then; null = it may be asked.</param>
/// <param name="Trips">Troubles in a row.</param>
/// <param name="SilentSince">The first trouble since the last success.</param>
/// <param name="ToldAt">When the operator was told of the silence; null = not of this one.</param>
public sealed record SourceHealth(
    DateTimeOffset? LastSuccessAt = null,
    DateTimeOffset? OpenUntil = null,
    int Trips = 0,
    DateTimeOffset? SilentSince = null,
    DateTimeOffset? ToldAt = null,
    PollOutcome? Trouble = null
)
{
    /// <summary>Mails speak of a source that has been silent for longer.</summary>
    private static readonly TimeSpan Noticeable = TimeSpan.FromDays(1);

    /// <summary>One clean answer closes the breaker.</summary>
    public SourceHealth Answered(DateTimeOffset now) => new(LastSuccessAt: now, ToldAt: ToldAt);

    public SourceHealth Refused(PollOutcome trouble, DateTimeOffset now) =>
        this with
        {
            OpenUntil = now + (Breaker.OpenFor(trouble, Trips) ?? TimeSpan.Zero),
            Trips = Trips + 1,
            SilentSince = SilentSince ?? now,
            Trouble = trouble,
        };

    /// <summary>What the operator is to be told now: once when a source has been silent for too long, once when it is back.</summary>
    /// <param name="after">The longest silence that is nobody's business.</param>
    public OutageNews NewsAt(DateTimeOffset now, TimeSpan after) =>
        SilentSince is null ? (ToldAt is null ? OutageNews.None : OutageNews.Back)
        : ToldAt is null && SilentSince <= now - after ? OutageNews.Silent
        : OutageNews.None;

    /// <summary>Where one source is told of, the others that are silent go along: the operator reads one mail.</summary>
    /// <returns>The longest silence that is nobody's business.</returns>
    public static TimeSpan ToldAfter(IEnumerable<SourceHealth> sources, TimeSpan after, DateTimeOffset now) =>
        sources.Any(s => s.NewsAt(now, after) == OutageNews.Silent) ? TimeSpan.Zero : after;

    /// <summary>Silences that began before this are spoken of in mails to buyers.</summary>
    public static DateTimeOffset NoticeableSince(DateTimeOffset now) => now - Noticeable;
}

public enum OutageNews
{
    None,
    Silent,
    Back,
}
