using System.ComponentModel;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Registering;

// What an orders file says, key by key, before anything is checked across keys. Property names are the file's keys.

/// <summary><c>orders.yaml</c>, or one file of <c>orders.d</c>.</summary>
internal sealed record OrdersEntries
{
    [Description("Who gets mail. An order names a person by this key; an order with an `email` needs none here.")]
    public IReadOnlyDictionary<string, PersonEntry> People { get; init; } = new Dictionary<string, PersonEntry>();

    [Description("What was bought. The least that works: {email: me@example.org, number: LP00612345678901}.")]
    public IReadOnlyList<OrderEntry> Orders { get; init; } = [];
}

internal sealed record PersonEntry
{
    [Description("For letters; a blank to fill by pen where it is missing.")]
    public string? Name { get; init; }

    [Description("For letters.")]
    [Form(TextForm.Lines)]
    public string? Address { get; init; }

    [Description("One address, or several that all get each mail.")]
    [Form(TextForm.Email)]
    [OneOrMany]
    [Bounds("1", "10")]
    public required IReadOnlyList<string> Email { get; init; }

    [Description("Language of the mails; en where there is no translation.")]
    [Form(TextForm.Language)]
    public string? Language { get; init; }

    [Description("Zone in which this person's days begin and end. Default: the settings', else the machine's.")]
    [Form(TextForm.TimeZone)]
    public string? Timezone { get; init; }

    [Description("Country whose consumer law applies; customs follow ship_to, the bank follows the card.")]
    [Form(TextForm.Country)]
    public string? Country { get; init; }

    [Description("When the digest comes.")]
    public DigestEntry? Digest { get; init; }

    [Description("Local hours without mail, deadlines under 24 h excepted.")]
    public QuietHours? QuietHours { get; init; }

    [Description("Days away, both inclusive: last-day warnings only, those falling inside come before departure.")]
    public IReadOnlyList<AbsenceEntry> Away { get; init; } = [];

    [Description(
        "The order's evidence comes with the mails that ask for a dispute or a chargeback. Default: the settings' mail.attach_evidence."
    )]
    public bool? AttachEvidence { get; init; }

    [Description("Alerts per day. Default: the settings' mail.daily_cap.")]
    [Bounds("1", "100")]
    public int? DailyCap { get; init; }

    [Description("Last days come as a calendar file too. Default: the settings' mail.calendar.")]
    public bool? Calendar { get; init; }

    [Description("Cards by a name of your own; never more than the last four digits.")]
    public IReadOnlyDictionary<string, CardEntry> Cards { get; init; } = new Dictionary<string, CardEntry>();
}

[ShortForm(nameof(Days))]
internal sealed record DigestEntry
{
    [Description("Local time of day.")]
    public TimeOnly? At { get; init; }

    [Description(
        "auto: daily while a case is open, else weekly. Or daily, weekdays, weekly, never, or days of the week."
    )]
    [OneOrMany]
    public IReadOnlyList<DigestDay> Days { get; init; } = [];
}

internal enum DigestDay
{
    Auto,
    Daily,
    Weekdays,
    Weekly,
    Never,
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

internal sealed record AbsenceEntry
{
    public required DateOnly From { get; init; }
    public required DateOnly To { get; init; }
}

internal sealed record CardEntry
{
    public required CardScheme Scheme { get; init; }
    public string? Bank { get; init; }

    [Form(TextForm.Last4)]
    public string? Last4 { get; init; }

    [Description("Country of the bank.")]
    [Form(TextForm.Country)]
    public string? Country { get; init; }
}

internal enum CardScheme
{
    Visa,
    Mastercard,
    Amex,
    Troy,
    Other,
}

internal sealed record OrderEntry
{
    [Description("Stable id, used by commands. Default: the first tracking number.")]
    [Form(TextForm.Id)]
    public string? Id { get; init; }

    [Description("Whose order it is: a key of `people`. May be left out where there is one person only.")]
    public string? Person { get; init; }

    [Description("Several people: each is told in their language, done by either counts for both.")]
    [OneOrMany]
    [Bounds("1", "20")]
    public IReadOnlyList<string> People { get; init; } = [];

    [Description("Who is told, where no person is named.")]
    [Form(TextForm.Email)]
    public string? Email { get; init; }

    [Description("The shop's marketplace. Default: by the number's form.")]
    [Form(TextForm.Id)]
    public string? Marketplace { get; init; }

    public string? OrderNumber { get; init; }
    public string? Item { get; init; }
    public string? Seller { get; init; }
    public Money? Value { get; init; }

    [Description("A card of the person, or visa | mastercard | amex | troy | paypal | klarna | other.")]
    public string? PaidWith { get; init; }
    public DateOnly? PaidOn { get; init; }

    [Description("What the bank took, in the card's currency.")]
    public Money? Charged { get; init; }
    public bool? TaxPaidAtCheckout { get; init; }

    public DateOnly? Ordered { get; init; }
    public DateOnly? Shipped { get; init; }
    public DateOnly? PromisedBy { get; init; }
    public DateOnly? CouponIfDelayedBy { get; init; }

    [Description("The last day of buyer protection as the order page prints it.")]
    [OrFalse]
    public DateOnly? ProtectionEnds { get; init; }
    public DateOnly? RefundIfUndeliveredBy { get; init; }

    [Description("Shipping service. Default: standard.")]
    public ShippingService? Service { get; init; }

    [Description("Where the parcel goes: its customs rules apply.")]
    public DestinationEntry? ShipTo { get; init; }

    [Description("The tracking numbers of this order.")]
    [OneOrMany]
    [Bounds("1", "50")]
    public IReadOnlyList<ParcelEntry> Tracking { get; init; } = [];

    [Description("The one tracking number, instead of `tracking`.")]
    [Form(TextForm.TrackingNumber)]
    public string? Number { get; init; }

    [Description("Limits of this order that stand before the rule book's, for all legs or for single ones.")]
    public ThresholdsEntry? Thresholds { get; init; }

    [OneOrMany]
    public IReadOnlyList<string> Tags { get; init; } = [];

    [Description("Steps that were taken.")]
    [OneOrMany]
    [OrFalse]
    public IReadOnlyList<DoneEntry> Done { get; init; } = [];

    [Description("Customs hold the parcel.")]
    [OrFalse]
    public CustomsEntry? Customs { get; init; }

    [Description("A dispute was opened at the marketplace.")]
    [OrFalse]
    public DisputeEntry? Dispute { get; init; }

    [OrFalse]
    public RefundEntry? Refund { get; init; }

    [Description("The scan says delivered, the buyer has nothing: since when, or true.")]
    [OrFalse]
    public DayOrYes? Missing { get; init; }

    [Description("Why it is over.")]
    [OrFalse]
    public ClosedEntry? Closed { get; init; }

    /// <summary>The entry as it reads once some of its keys were written anew.</summary>
    /// <param name="changes">Says those keys and no others.</param>
    public OrderEntry With(OrderEntry changes, Places places)
    {
        var changed = this with { };
        places.Note(changed, "", places.Of(this));
        // Of two ways to say one thing the newer stands.
        string[][] ways =
        [
            [nameof(Number), nameof(Tracking)],
            [nameof(Person), nameof(People), nameof(Email)],
        ];
        var replaced = ways.Where(way => way.Any(key => places.Said(changes, key))).SelectMany(way => way).ToList();
        foreach (var key in Shape.Of(typeof(OrderEntry)).Keys)
        {
            var from = places.Said(changes, key.Property.Name) ? changes : this;
            if (from == this && replaced.Contains(key.Property.Name))
                from = Empty;
            key.Property.SetValue(changed, key.Property.GetValue(from));
            if (places.Said(from, key.Property.Name))
                places.Note(changed, key.Property.Name, places.Of(from, key.Property.Name));
        }
        return changed;
    }

    private static readonly OrderEntry Empty = new();

    /// <summary>The facts that this entry tells, each at most once.</summary>
    public IReadOnlyList<Fact> Facts()
    {
        var facts = new List<Fact>();
        if (ProtectionEnds is { } protection)
            facts.Add(new Fact.ProtectionEnds(protection));
        // The last of several lines about one step is its newest.
        facts.AddRange(
            Done.Select(d => new Fact.StepDone(d.Step, d.Date, d.Note)).GroupBy(d => d.Step).Select(same => same.Last())
        );
        if (Customs is { } customs)
            facts.Add(new Fact.CustomsHold(customs.HoldUntil, customs.Notice, customs.AskedFor));
        if (Dispute is { } dispute)
        {
            facts.Add(new Fact.DisputeOpened(dispute.Opened, dispute.Id));
            if (dispute.Outcome is { } outcome)
                facts.Add(new Fact.DisputeDecided(outcome, dispute.Decided, dispute.Amount));
        }
        if (Refund?.Approved is { } approved)
            facts.Add(new Fact.RefundApproved(approved, Refund.Amount));
        if (Refund?.Received is { } received)
            facts.Add(new Fact.RefundReceived(received, Refund.Amount));
        if (Missing is { } missing)
            facts.Add(new Fact.Missing(missing.Day));
        if (Closed is { } closed)
            facts.Add(new Fact.Closed(closed.Why, closed.Date));
        return facts;
    }
}

[ShortForm(nameof(Country))]
internal sealed record DestinationEntry
{
    [Form(TextForm.Country)]
    public required string Country { get; init; }
    public string? Postcode { get; init; }
}

[ShortForm(nameof(Number))]
internal sealed record ParcelEntry
{
    [Form(TextForm.TrackingNumber)]
    public required string Number { get; init; }

    [Description("The source to ask. Default: by the number's form.")]
    public string? Provider { get; init; }

    [Description("Who carries it, where known.")]
    public string? Carrier { get; init; }

    [Description("The number that this one takes the place of.")]
    [Form(TextForm.TrackingNumber)]
    public string? Replaces { get; init; }
}

internal record LevelsEntry
{
    [Description("Days of silence until the order is watched closely.")]
    [Form(TextForm.Days)]
    [Bounds("1", "365")]
    public int? Notice { get; init; }

    [Description("Days of silence until it counts as stalled.")]
    [Form(TextForm.Days)]
    [Bounds("1", "365")]
    public int? Stalled { get; init; }

    [Description("Days of silence until the dispute is due.")]
    [Form(TextForm.Days)]
    [Bounds("1", "365")]
    public int? Critical { get; init; }
}

internal sealed record ThresholdsEntry : LevelsEntry
{
    public LevelsEntry? Label { get; init; }
    public LevelsEntry? Origin { get; init; }
    public LevelsEntry? LineHaul { get; init; }
    public LevelsEntry? ImportCustoms { get; init; }
    public LevelsEntry? Handover { get; init; }
    public LevelsEntry? LastMile { get; init; }
    public LevelsEntry? PickupPoint { get; init; }
}

[ShortForm(nameof(Step))]
internal sealed record DoneEntry
{
    public required Step Step { get; init; }
    public DateOnly? Date { get; init; }

    [Form(TextForm.Lines)]
    public string? Note { get; init; }
}

internal sealed record CustomsEntry
{
    [Description("The number of the notice.")]
    public string? Notice { get; init; }

    [Description("What they want: invoice, id, duty …")]
    public string? AskedFor { get; init; }

    [Description("The last day for papers or payment.")]
    public DateOnly? HoldUntil { get; init; }
}

internal sealed record DisputeEntry
{
    public DateOnly? Opened { get; init; }
    public string? Id { get; init; }
    public DisputeOutcome? Outcome { get; init; }
    public DateOnly? Decided { get; init; }
    public Money? Amount { get; init; }
}

internal sealed record RefundEntry
{
    public DateOnly? Approved { get; init; }
    public DateOnly? Received { get; init; }
    public Money? Amount { get; init; }
}

[ShortForm(nameof(Why))]
internal sealed record ClosedEntry
{
    public required ClosedWhy Why { get; init; }
    public DateOnly? Date { get; init; }
}
