using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>What the placeholders of advice and letters stand for, for one order and one reader. Pure.</summary>
internal static class LetterValues
{
    /// <summary>How long a letter gives the seller.</summary>
    private const int ReplyDays = 5;

    /// <param name="notice">What is being said about the order; null = nothing in particular.</param>
    /// <param name="rules">Those of the order and this reader.</param>
    /// <param name="zone">The reader's zone.</param>
    public static Values Of(
        OrderSection section,
        Person person,
        ApplicableRules rules,
        NoticeDraft? notice,
        TimeZoneInfo zone,
        DateTimeOffset now
    )
    {
        var (order, facts, window) = (section.Order, section.Facts, section.Verdict.Window);
        var today = Days.In(zone, now);
        var shipment = section.ShipmentOf(notice);
        var view = shipment?.View;
        var stall = section.Verdict.Assessments.FirstOrDefault(a => a.Shipment.Number == view?.Number);
        var number = view?.Number ?? (order.Tracking is [var first, ..] ? first.Number : order.Id);
        var region = LetterRegion.Of(person.Country, order.ShipTo?.Postcode);
        var card = CardOf(order, person);
        var reason = notice?.Reason;
        var protectionAhead = window is not null && today <= window.Protection;
        var disputed = facts.Find<Fact.DisputeOpened>();
        var decided = facts.Find<Fact.DisputeDecided>()?.Fact as Fact.DisputeDecided;
        var bankAsked = facts.Done(Step.Chargeback) is not null;
        var replyBy = today.AddDays(ReplyDays);
        // An answer after protection has ended would be of no use.
        if (window is not null && window.LastSafeDay > today && window.LastSafeDay < replyBy)
            replyBy = window.LastSafeDay;

        return new Values
        {
            { "today", today },
            { "buyer_name", new ForeignText(person.Name, ForeignText.NameLimit) },
            { "address_line", ForeignText.OfLines(person.Address) },
            { "contact_email", new ForeignText(person.Email, ForeignText.NameLimit) },
            { "thing", Thing(order) },
            { "order", new ForeignText(order.Id, ForeignText.NameLimit) },
            { "platform", Names.OfMarketplace(order.Marketplace) },
            { "seller_name", new ForeignText(order.Seller, ForeignText.NameLimit) },
            { "order_id", new ForeignText(order.OrderNumber, ForeignText.NameLimit) },
            { "order_date", order.Ordered },
            { "item_title", new ForeignText(order.Item, ForeignText.NameLimit) },
            { "amount", order.Value?.Amount },
            { "currency", order.Value?.Currency },
            { "tracking_no", new ForeignText(number, ForeignText.NameLimit) },
            { "carrier", new ForeignText(CarrierOf(order, shipment), ForeignText.NameLimit) },
            { "local_tracking_no", new ForeignText(view?.LastMileNumber, ForeignText.NameLimit) },
            { "last_scan_date", LastScan(shipment, zone) },
            { "last_scan_text", new ForeignText(view?.LastText) },
            { "days_silent", stall is { SilentDays: > 0 } && view?.FirstEventAt is not null ? stall.SilentDays : null },
            { "limit", stall?.Limits.Notice },
            { "promised_latest", order.PromisedBy },
            { "promised_passed", order.PromisedBy < today ? order.PromisedBy : null },
            { "protection_end", window?.Protection },
            { "protection_ahead", protectionAhead },
            // A seller is never told a date that we worked out ourselves.
            { "protection_told", window is { Assumed: false } },
            { "protection_over", window is not null && !protectionAhead },
            { "refund_claim_date", order.RefundIfUndeliveredBy },
            { "last_chance", window?.LastSafeChance },
            { "dispute_by", DisputeBy(window, notice, today) },
            { "do_by", notice?.DoBy },
            { "days_left", notice?.DoBy is { } by ? by.DayNumber - today.DayNumber : reason?.Days },
            { "days", reason?.Days },
            { "date", reason?.Date },
            { "country", reason?.Country },
            { "destination", new ForeignText(view?.Destination, ForeignText.NameLimit) },
            { "last_place", new ForeignText(view?.LastPlace, ForeignText.NameLimit) },
            { "elsewhere", Elsewhere(section, view) },
            { "leg", reason?.Leg is { } leg ? new Phrase($"legs.{leg}") : null },
            { "taxed", order.TaxPaidAtCheckout },
            { "customs_notice_no", new ForeignText(facts.CustomsHold?.Notice, ForeignText.NameLimit) },
            { "asked_for", new ForeignText(facts.CustomsHold?.AskedFor, ForeignText.NameLimit) },
            { "hold_until", facts.CustomsHold?.Until },
            { "is_tr", (order.ShipTo?.Country ?? person.Country) == "TR" },
            { "withdrawal_until", Until(DayRole.Withdrawal) },
            { "return_until", Until(DayRole.FreeReturn) },
            { "going_back", view?.Status is ParcelStatus.Returning or ParcelStatus.Returned },
            { "missing", facts.Find<Fact.Missing>() is not null },
            { "dispute_id", new ForeignText((disputed?.Fact as Fact.DisputeOpened)?.Id, ForeignText.NameLimit) },
            { "dispute_date", DayOf(disputed, (disputed?.Fact as Fact.DisputeOpened)?.On, zone) },
            { "dispute_outcome", decided is null ? null : new Phrase($"values.outcome-{decided.Outcome}") },
            { "seller_reply_days", SellerReplyDays(rules, today) },
            { "reply_by", replyBy },
            { "bank_name", new ForeignText(card?.Bank, ForeignText.NameLimit) },
            { "bank_asked", bankAsked },
            { "bank_asked_name", new ForeignText(bankAsked ? card?.Bank : null, ForeignText.NameLimit) },
            { "card_last4", LastFour(card?.Last4) },
            { "wallet", Names.OfWallet(order.PaidWith) },
            { "txn_date", order.PaidOn },
            { "txn_amount", order.Charged ?? order.Value },
            { "chargeback_deadline", IsCardKnown(order, person) ? Until(DayRole.ChargebackLastDay) : null },
            { "wallet_deadline", Names.OfWallet(order.PaidWith) is null ? null : Until(DayRole.ChargebackLastDay) },
            { "authority", (object?)Authority(rules, today) ?? new Phrase($"authorities.{region}") },
            { "limit_amount", rules.AuthorityLimit(today)?.UpTo },
            { "legal_basis", new Phrase($"legal-basis.{region}") },
            { "evidence_list", new Phrase("letters.evidence") },
        };

        DateOnly? Until(DayRole role) =>
            section.Verdict.Deadlines.FirstOrDefault(d => d.Role == role && d.LastSafeDay >= today)?.LastSafeDay;
    }

    /// <summary>What prose calls the order: mails lie around, so of its number only the end is written.</summary>
    public static Values ForProse(this Values values, Order order) =>
        values.With(
            "order_id",
            order.OrderNumber is { Length: > 4 } number
                ? new ForeignText($"…{number[^4..]}")
                : new ForeignText(order.Id, ForeignText.NameLimit)
        );

    /// <summary>A short name for lists and subjects.</summary>
    public static ForeignText Thing(Order order) =>
        new ForeignText(order.Item, 60) is { IsEmpty: false } item ? item : new ForeignText(order.Id, 60);

    /// <summary>The card an order was paid with; a bare scheme where the order names only that; null = none is known.</summary>
    public static PaymentCard? CardOf(Order order, Person person) =>
        order.PaidWith is not { } paidWith ? null
        : person.Cards.TryGetValue(paidWith, out var card) ? card
        : paidWith.ToLowerInvariant() is "visa" or "mastercard" or "amex" or "troy"
            ? new PaymentCard(paidWith, null, null, null)
        : null;

    /// <summary>Paid with a card of a scheme whose time limit is known.</summary>
    private static bool IsCardKnown(Order order, Person person) =>
        CardOf(order, person)?.Scheme.ToLowerInvariant() is "visa" or "mastercard" or "amex" or "troy";

    /// <summary>The shipment a notice is about: the one it names, else the one that worries most, else the first.</summary>
    public static ShipmentSection? ShipmentOf(this OrderSection section, NoticeDraft? notice)
    {
        var worst = section.Verdict.Assessments is [var stall, ..] ? stall.Shipment.Number : null;
        return section.Shipments.FirstOrDefault(s => s.View.Number == notice?.Shipment)
            ?? section.Shipments.FirstOrDefault(s => s.View.Number == worst)
            ?? (section.Shipments is [var first, ..] ? first : null);
    }

    private static string? CarrierOf(Order order, ShipmentSection? shipment) =>
        shipment?.LastMileCarrier
        ?? shipment?.View.Carrier
        ?? order.Tracking.FirstOrDefault(t => t.Number == shipment?.View.Number)?.Carrier;

    /// <summary>The country in which the tracking shows the parcel though it is not the order's, as the source calls it.</summary>
    private static ForeignText? Elsewhere(OrderSection section, ShipmentView? view) =>
        section.Verdict.Doubts.FirstOrDefault(d => d.Kind == DoubtKind.OtherDestination && d.Shipment.Id == view?.Id)
            is { } doubt
            ? new ForeignText(
                doubt.Shipment.Destination ?? doubt.Shipment.LastPlace ?? doubt.Country,
                ForeignText.NameLimit
            )
            : null;

    private static DateOnly? LastScan(ShipmentSection? shipment, TimeZoneInfo zone) =>
        shipment?.History is [var newest, ..] ? DateOnly.FromDateTime(newest.Wall)
        : shipment?.View.LastEventAt is { } at ? Days.In(zone, at)
        : null;

    private static DateOnly? DisputeBy(DisputeWindow? window, NoticeDraft? notice, DateOnly today) =>
        notice is { Step: Step.OpenDispute, DoBy: { } by } ? by
        : window is null ? null
        : today <= window.LastSafeDay ? window.LastSafeDay
        : today <= window.LastSafeChance ? window.LastSafeChance
        : null;

    /// <summary>The marketplace's own time for an answer to a claim; null where its rules name none in plain days.</summary>
    private static int? SellerReplyDays(ApplicableRules rules, DateOnly today) =>
        rules.InForce<DayRule>(today).FirstOrDefault(r => r.Role == DayRole.DisputeAnswer)
            is { Readings: [{ Period: { Unit: PeriodUnit.CalendarDays, Value: var days } }, ..] }
            ? days
            : null;

    /// <summary>The first body to turn to, as it calls itself; null = the book has none for the reader, or none that is sure.</summary>
    private static string? Authority(ApplicableRules rules, DateOnly today) =>
        rules.InForce<ContactRule>(today).FirstOrDefault(r => r is { Role: ContactRole.Authority, IsUnsourced: false })
            is { Contacts: [var first, ..] }
            ? first.Name
            : null;

    private static DateOnly? DayOf(ToldFact? told, DateOnly? said, TimeZoneInfo zone) =>
        said ?? (told is null ? null : Days.In(zone, told.ToldAt));

    private static string? LastFour(string? digits) => digits is { Length: > 4 } ? digits[^4..] : digits;
}
