using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>When the events that rules count from happened to one order: stated, or by what stands in for it.</summary>
internal sealed class OrderClocks(OrderSnapshot snapshot, DateOnly today)
{
    private readonly Order order = snapshot.Order;
    private readonly OrderFacts facts = snapshot.Facts;

    /// <returns>Null where nothing tells.</returns>
    public KnownDay? Find(ClockEvent clock) =>
        clock switch
        {
            ClockEvent.OrderPlaced or ClockEvent.ContractConcluded => Ordered,
            ClockEvent.PaymentMade or ClockEvent.TxnPosted => Written("paid_on", order.PaidOn)
                ?? Ordered?.For("paid_on"),
            ClockEvent.SellerShipped => Written("shipped", order.Shipped) ?? FirstScan?.For("shipped"),
            ClockEvent.FirstCarrierScan => FirstScan,
            ClockEvent.LastScan => Scan(
                "last scan",
                snapshot.Shipments.Max(s => s.FirstScanAt is null ? null : s.LastProgressAt ?? s.LastEventAt)
            ),
            ClockEvent.PromisedLatest => Written("promised_by", order.PromisedBy),
            ClockEvent.ProtectionEnd => facts.Find<Fact.ProtectionEnds>() is { Fact: Fact.ProtectionEnds ends } told
                ? Told("protection_ends", told, ends.On)
                : null,
            ClockEvent.RefundIfUndelivered => Written("refund_if_undelivered_by", order.RefundIfUndeliveredBy),
            ClockEvent.CouponIfDelayed => Written("coupon_if_delayed_by", order.CouponIfDelayedBy),
            ClockEvent.CarrierDelivered => Delivered(snapshot.Shipments.Where(IsDelivered).Min(DeliveredAt)),
            // The last parcel makes the purchase complete.
            ClockEvent.GoodsReceived => Received
                ?? (
                    facts.Find<Fact.Missing>() is null && snapshot.Shipments is [_, ..] all && all.All(IsDelivered)
                        ? Delivered(all.Max(DeliveredAt))?.For("closed")
                        : null
                ),
            ClockEvent.ConfirmedReceipt => Received,
            ClockEvent.ReportedMissing => Told<Fact.Missing>("missing", f => f.On),
            ClockEvent.SellerAsked => Done(Step.ContactSeller),
            ClockEvent.DisputeOpened => Told<Fact.DisputeOpened>("dispute opened", f => f.On) ?? Done(Step.OpenDispute),
            ClockEvent.DisputeDecided => Told<Fact.DisputeDecided>("dispute decided", f => f.On),
            ClockEvent.RefundApproved => RefundApproved,
            ClockEvent.BankAsked => Done(Step.Chargeback),
            ClockEvent.CustomsNotice => Told<Fact.CustomsHold>("customs notice", _ => null)?.For("customs")
                ?? Scan("customs scan", snapshot.Shipments.Where(s => s.ActionNeeded).Min(LastSeen))?.For("customs"),
            ClockEvent.HandedToCustoms => Scan(
                "customs scan",
                snapshot.Shipments.Where(s => s.Leg == Leg.ImportCustoms).Min(LastSeen)
            )
                ?.For("customs"),
            ClockEvent.ImportDeclared => Scan(
                "arrival scan",
                snapshot.Shipments.Where(s => s.Leg >= Leg.ImportCustoms).Min(LastSeen)
            ) ?? Today,
            ClockEvent.Today => Today,
            // Nobody tells these yet: the statement, a withdrawal, a termination, an authority's decision.
            ClockEvent.StatementSent
            or ClockEvent.WithdrawalSent
            or ClockEvent.TerminationReceived
            or ClockEvent.DecisionNotified => null,
            _ => throw new ArgumentOutOfRangeException(nameof(clock), clock, "a clock that nobody reads"),
        };

    /// <summary>The key of the orders file that says when it happened; null = none does.</summary>
    public static string? KeyOf(ClockEvent clock) =>
        clock switch
        {
            ClockEvent.OrderPlaced or ClockEvent.ContractConcluded => "ordered",
            ClockEvent.PaymentMade or ClockEvent.TxnPosted => "paid_on",
            ClockEvent.SellerShipped => "shipped",
            ClockEvent.PromisedLatest => "promised_by",
            ClockEvent.ProtectionEnd => "protection_ends",
            ClockEvent.RefundIfUndelivered => "refund_if_undelivered_by",
            ClockEvent.CouponIfDelayed => "coupon_if_delayed_by",
            ClockEvent.ReportedMissing => "missing",
            ClockEvent.DisputeOpened or ClockEvent.DisputeDecided => "dispute",
            ClockEvent.RefundApproved => "refund",
            ClockEvent.CustomsNotice or ClockEvent.HandedToCustoms => "customs",
            ClockEvent.GoodsReceived or ClockEvent.ConfirmedReceipt => "closed",
            _ => null,
        };

    private KnownDay Today => KnownDay.Of("today", today, GroundOrigin.Assumed);

    private KnownDay? Ordered =>
        Written("ordered", order.Ordered)
        ?? Scan("first event", snapshot.Shipments.Min(s => s.FirstEventAt))?.For("ordered");

    private KnownDay? FirstScan => Scan("first scan", snapshot.Shipments.Min(s => s.FirstScanAt));

    private KnownDay? Received =>
        facts.Find<Fact.Closed>() is { Fact: Fact.Closed { Why: ClosedWhy.Received } closed } told
            ? Told("closed", told, closed.On)
            : null;

    /// <summary>Agreed to as such, or by a dispute that was granted.</summary>
    private KnownDay? RefundApproved =>
        Told<Fact.RefundApproved>("refund approved", f => f.On)
        ?? (
            facts.Find<Fact.DisputeDecided>()
                is { Fact: Fact.DisputeDecided { Outcome: DisputeOutcome.Granted } granted } told
                ? Told("dispute decided", told, granted.On)
                : null
        );

    private static bool IsDelivered(Assessing.ShipmentView s) => s.Status == ParcelStatus.Delivered;

    private static DateTimeOffset? DeliveredAt(Assessing.ShipmentView s) => s.LastProgressAt ?? s.LastEventAt;

    private static DateTimeOffset? LastSeen(Assessing.ShipmentView s) => s.LastProgressAt ?? s.LastEventAt;

    private static KnownDay? Written(string key, DateOnly? day) => day is { } on ? KnownDay.Of(key, on) : null;

    private KnownDay? Delivered(DateTimeOffset? at) => Scan("delivered scan", at);

    private KnownDay? Scan(string what, DateTimeOffset? at) =>
        at is { } instant ? KnownDay.Of(what, Days.In(snapshot.Zone, instant), GroundOrigin.Scan) : null;

    private KnownDay? Done(Step step) =>
        facts.Done(step) is { Fact: Fact.StepDone done } told ? Told($"done {step.Id()}", told, done.On) : null;

    private KnownDay? Told<T>(string what, Func<T, DateOnly?> on)
        where T : Fact => facts.Find<T>() is { Fact: T fact } told ? Told(what, told, on(fact)) : null;

    private KnownDay Told(string what, ToldFact told, DateOnly? on) =>
        KnownDay.Of(
            what,
            on ?? Days.In(snapshot.Zone, told.ToldAt),
            told.Origin == FactOrigin.File ? GroundOrigin.OrderFile : GroundOrigin.Told
        );
}
