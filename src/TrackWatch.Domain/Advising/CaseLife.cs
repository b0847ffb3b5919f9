namespace TrackWatch.Domain.Advising;

/// <summary>Where a case stands.</summary>
public enum CaseState
{
    /// <summary>The order never had one.</summary>
    None,

    /// <summary>Something is wrong, or a last day is near.</summary>
    Open,

    /// <summary>The reason is gone; the case waits a while for it to come back before it closes.</summary>
    Settling,
    Closed,
}

/// <summary>Why nothing is wrong with an order any more.</summary>
public enum CaseEnd
{
    /// <summary>The parcel moves, and no last day is near.</summary>
    Moving,

    /// <summary>Every parcel was delivered, and nobody misses one.</summary>
    Delivered,
    Refunded,
    ClosedByBuyer,
}

/// <summary>The case of an order as it is written down. Two records with the same opening are the same case.</summary>
/// <param name="SettlingSince">When its reason was gone; null = it is still there, or nobody had to wait.</param>
/// <param name="Why">Why it settles or was closed; null while open.</param>
/// <param name="Reopened">How often the trouble came back after the case had been closed.</param>
public sealed record CaseRecord(
    DateTimeOffset OpenedAt,
    DateTimeOffset? SettlingSince = null,
    DateTimeOffset? ClosedAt = null,
    CaseEnd? Why = null,
    int Reopened = 0
)
{
    public CaseState State =>
        ClosedAt is not null ? CaseState.Closed
        : SettlingSince is not null ? CaseState.Settling
        : CaseState.Open;

    /// <summary>When it closes unless the trouble comes back; null = it is not settling.</summary>
    public DateTimeOffset? SettlesAt => ClosedAt is null ? SettlingSince + CaseLife.SettleTime : null;
}

/// <summary>
/// The life of a case: none, open, settling, closed, and open again as the same case where the trouble comes back soon.
/// <c>src/README.md</c> has a picture of it.
/// </summary>
public static class CaseLife
{
    /// <summary>A parcel that moves or was delivered often surprises once more; what the buyer calls over is over at once.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromDays(3);

    /// <summary>Trouble that comes back within this time after the closing belongs to the same case.</summary>
    public static readonly TimeSpan ReopenTime = TimeSpan.FromDays(30);

    /// <param name="stored">The order's newest case; null = it never had one.</param>
    /// <param name="end">Why nothing is wrong; null = something is.</param>
    public static CaseRecord? Next(CaseRecord? stored, CaseEnd? end, DateTimeOffset now)
    {
        var current = AtTime(stored, now);
        return (current?.State ?? CaseState.None, end) switch
        {
            (CaseState.None, null) => new CaseRecord(now),
            (CaseState.None, _) => null,
            (CaseState.Open or CaseState.Settling, null) => current! with { SettlingSince = null, Why = null },
            (CaseState.Open or CaseState.Settling, CaseEnd.Refunded or CaseEnd.ClosedByBuyer) => current! with
            {
                ClosedAt = now,
                Why = end,
            },
            (CaseState.Open or CaseState.Settling, _) => current! with
            {
                SettlingSince = current.SettlingSince ?? now,
                Why = end,
            },
            // A closing that nobody has seen yet is no reason for a second case.
            (CaseState.Closed, null) => stored!.ClosedAt is null || now < current!.ClosedAt + ReopenTime
                ? new CaseRecord(current!.OpenedAt, Reopened: current.Reopened + 1)
                : new CaseRecord(now),
            (CaseState.Closed, _) => current,
            _ => throw new ArgumentOutOfRangeException(nameof(stored), stored, "a case in no known state"),
        };
    }

    /// <summary>Time alone closes a case that has settled, at the moment it was due, however late anybody looks.</summary>
    private static CaseRecord? AtTime(CaseRecord? stored, DateTimeOffset now) =>
        stored?.SettlesAt is { } due && now >= due ? stored with { ClosedAt = due } : stored;
}
