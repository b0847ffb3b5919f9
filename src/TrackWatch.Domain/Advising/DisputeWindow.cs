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

    /// <summary>Ask the seller, collect evidence, try to open.</summary>
    public DateOnly PlanBy => Protection.AddDays(-10);

    public DateOnly LastSafeDay => Protection.AddDays(-1);

    /// <summary>If the button was refused before, it should work now.</summary>
    public DateOnly ActOn => Protection.AddDays(1);

    public DateOnly LastChance => Protection.AddDays(15);

    /// <summary>The last chance, a Pacific date like the printed one.</summary>
    public DateOnly LastSafeChance => LastChance.AddDays(-1);

    /// <returns>Null where the order says too little even to assume.</returns>
    public static DisputeWindow? Of(Order order, OrderFacts facts, DateOnly? firstScan)
    {
        var opens = (order.Shipped ?? firstScan)?.AddDays(10);
        if (facts.Protection is { } told)
            return new DisputeWindow(Later(told.On, order.RefundIfUndeliveredBy), Assumed: false, opens);
        if (order.RefundIfUndeliveredBy is { } refund)
            return new DisputeWindow(refund, Assumed: true, opens);

        var byPromise = order.PromisedBy?.AddDays(15);
        var byOrder = order.Ordered?.AddDays(60);
        return (byPromise, byOrder) switch
        {
            ({ } promise, { } ordered) => new DisputeWindow(promise < ordered ? promise : ordered, true, opens),
            ({ } promise, null) => new DisputeWindow(promise, true, opens),
            (null, { } ordered) => new DisputeWindow(ordered, true, opens),
            _ => null,
        };
    }

    private static DateOnly Later(DateOnly one, DateOnly? other) => other is { } o && o > one ? o : one;
}
