namespace TrackWatch.Domain.Polling;

/// <summary>How long a source is left alone after trouble. One clean answer sets the count back to zero.</summary>
public static class Breaker
{
    private static readonly TimeSpan Cap = TimeSpan.FromHours(24);

    /// <summary>A source that wants fewer questions gets fewer, whatever moment it names.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    /// <summary>A block page: the source wants to be left alone for a good while.</summary>
    private static readonly TimeSpan[] Blocked = [TimeSpan.FromHours(1), TimeSpan.FromHours(4), TimeSpan.FromHours(12)];

    /// <summary>Network and server trouble: one early second try, then longer and longer.</summary>
    private static readonly TimeSpan[] Failed =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(4),
    ];

    private static readonly TimeSpan[] Throttled =
    [
        TimeSpan.FromMinutes(15),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(12),
    ];

    /// <param name="tripsBefore">Troubles in a row before this one.</param>
    /// <returns>Null where the outcome is an answer and the breaker closes.</returns>
    public static TimeSpan? OpenFor(PollOutcome outcome, int tripsBefore) =>
        outcome switch
        {
            PollOutcome.Blocked => Pick(Blocked, tripsBefore),
            PollOutcome.Throttled { RetryAfter: { } asked } => TimeSpan.FromTicks(
                Math.Clamp(asked.Ticks, Least.Ticks, Cap.Ticks)
            ),
            PollOutcome.Throttled => Pick(Throttled, tripsBefore),
            PollOutcome.Failed => Pick(Failed, tripsBefore),
            _ => null,
        };

    private static TimeSpan Pick(TimeSpan[] steps, int trips) => trips < steps.Length ? steps[trips] : Cap;
}
