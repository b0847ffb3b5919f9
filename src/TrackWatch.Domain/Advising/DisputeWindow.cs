using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Advising;

/// <summary>
/// When a marketplace dispute can be opened, by the order's protection date. Days are calendar days as the order page prints
/// them; AliExpress prints Pacific dates, so the day before is the last safe one in every zone.
/// Rules AE-DISP-01, AE-DISP-02, AE-PROT-02, AE-EXT-02 (checked 2026-11-22; the start of the 15 days is conflicting between
/// sources, so the earliest reading is warned on).
/// </summary>
/// <param name="Protection">The printed last day of buyer protection.</param>
/// <param name="Assumed">Nobody read the date off the order: it was worked out from the promise or the order date.</param>
/// <param name="OpensOn">The first day on which the dispute button works; null = not known.</param>
public sealed record DisputeWindow(DateOnly Protection, bool Assumed, DateOnly? OpensOn)
{
    public const string RuleId = "AE-DISP-02";

    /// <summary>The zone of the dates that AliExpress prints; its winter time where the machine has no zone data.</summary>
    private static readonly TimeZoneInfo Pacific = TimeZoneInfo.TryFindSystemTimeZoneById(
        "America/Los_Angeles",
        out var zone
    )
        ? zone
        : TimeZoneInfo.CreateCustomTimeZone("Pacific", TimeSpan.FromHours(-8), "Pacific", "Pacific");

    /// <summary>Ask the seller, collect evidence, try to open.</summary>
    public DateOnly PlanBy => Protection.AddDays(-10);

    public DateOnly LastSafeDay => Protection.AddDays(-1);

    /// <summary>If the button was refused before, it should work now.</summary>
    public DateOnly ActOn => Protection.AddDays(1);

    public DateOnly LastChance => Protection.AddDays(15);

    /// <summary>The last chance, a Pacific date like the printed one.</summary>
    public DateOnly LastSafeChance => LastChance.AddDays(-1);

    /// <summary>The instant at which protection is over and <see cref="ActOn"/> begins: Pacific midnight.</summary>
    public DateTimeOffset EndsAt => Days.StartOf(ActOn, Pacific);

    /// <summary>The instant from which no dispute can be opened any more: Pacific midnight after the last chance.</summary>
    public DateTimeOffset ClosesAt => Days.StartOf(LastChance.AddDays(1), Pacific);

    /// <param name="firstScan">The carrier's first scan: stands in for the day the seller shipped.</param>
    /// <param name="firstEvent">The first line of the history: stands in for the day of the order.</param>
    /// <returns>Null where the order says too little even to assume.</returns>
    public static DisputeWindow? Of(Order order, OrderFacts facts, DateOnly? firstScan, DateOnly? firstEvent)
    {
        var opens = (order.Shipped ?? firstScan)?.AddDays(10);
        if (facts.Protection is { } told)
            return new DisputeWindow(told.On, Assumed: false, opens);
        // The earlier of the two readings, but protection does not end before a refund that the order promises by date.
        var assumed = Earlier(order.PromisedBy?.AddDays(15), (order.Ordered ?? firstEvent)?.AddDays(60));
        return Later(assumed, order.RefundIfUndeliveredBy) is { } end
            ? new DisputeWindow(end, Assumed: true, opens)
            : null;
    }

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one < other ? one : other ?? one;

    private static DateOnly? Later(DateOnly? one, DateOnly? other) => one > other ? one : other ?? one;
}
