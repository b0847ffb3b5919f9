namespace TrackWatch.TestKit.Scenarios;

/// <summary>A clock in the test's hand: it stands still until it is set. Time zones are UTC.</summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public void SetTo(DateTimeOffset at) =>
        now = at >= now ? at : throw new ArgumentOutOfRangeException(nameof(at), at, "Time does not run backwards.");
}
