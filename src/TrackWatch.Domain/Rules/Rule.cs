using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Rules;

/// <summary>A dated rule of the outside world (or, for stalls, a proposal of our own) with where it comes from.</summary>
public abstract record Rule
{
    private protected Rule() { }

    /// <summary>Stable; shown wherever something rests on the rule, so that a wrong one can be reported.</summary>
    public required string Id { get; init; }

    /// <summary>The pack it stands in: <c>marketplace/aliexpress</c>, <c>country/TR</c>.</summary>
    public required string Pack { get; init; }

    /// <summary>A few English words; language files translate them by the rule's id.</summary>
    public required string Title { get; init; }

    /// <summary>A sentence or two for the buyer, in English; null = the title says all.</summary>
    public string? Says { get; init; }

    /// <summary>The step of the ladder that it belongs to; null = none in particular.</summary>
    public Step? Step { get; init; }

    /// <summary>Whose date chooses the version in force.</summary>
    public ClockEvent AppliesBy { get; init; } = ClockEvent.OrderPlaced;

    /// <summary>The first day in force; null = already in force when it was first seen.</summary>
    public DateOnly? EffectiveFrom { get; init; }

    /// <summary>The last day in force; null = no end is known.</summary>
    public DateOnly? EffectiveTo { get; init; }

    /// <summary>The rule whose place it took; its last day is the day before this one's first.</summary>
    public string? Follows { get; init; }

    /// <summary>ISO 3166 countries, also with subdivision (CA-QC), where it holds; empty = everywhere.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    public required Confidence Confidence { get; init; }

    /// <summary>No page was found for it: it is never stated as a fact.</summary>
    public bool IsUnsourced { get; init; }

    /// <summary>What the sources disagree about.</summary>
    public string? Conflict { get; init; }

    /// <summary>Where it was read: name or address, with the page's date where it has one.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>When somebody last held it against its sources.</summary>
    public required DateOnly Checked { get; init; }

    public bool IsInForce(DateOnly day) => !(day < EffectiveFrom) && !(day > EffectiveTo);
}

public enum Confidence
{
    Certain,
    Likely,

    /// <summary>Sources disagree: the earliest reading is warned on, later ones are "may still be possible".</summary>
    Conflicting,
}

/// <summary>A rule that gives a day: the first or last for something, or how long somebody else has.</summary>
public sealed record DayRule : Rule
{
    public required DayRole Role { get; init; }

    /// <summary>How the day is reckoned. More than one = the sources disagree, or the rule names several limits: the earliest day counts.</summary>
    public required IReadOnlyList<Reading> Readings { get; init; }

    /// <summary>Days before the last day on which the buyer is warned, furthest first; empty = not warned of.</summary>
    public IReadOnlyList<int> WarnBefore { get; init; } = [];

    /// <summary>IANA zone in which the source prints its dates; null = the person's own. A foreign zone makes the day before the last safe one.</summary>
    public string? PrintedIn { get; init; }
}

/// <param name="Clocks">What it is counted from; the first that is known counts.</param>
public sealed record Reading(Period Period, IReadOnlyList<Clock> Clocks);

/// <param name="Assumed">A day reckoned from here is told as assumed.</param>
public sealed record Clock(ClockEvent Event, bool Assumed = false);

/// <summary>What a day means to the ladder. Rule packs write the names in kebab-case.</summary>
public enum DayRole
{
    /// <summary>The end of buyer protection where nobody has read it off the order.</summary>
    ProtectionEnd,

    /// <summary>The first day on which the platform takes a claim.</summary>
    DisputeOpens,

    /// <summary>From when the claim should be prepared and tried, and the seller asked for more time.</summary>
    DisputePlan,

    /// <summary>The last day for a claim with the platform.</summary>
    DisputeLastDay,

    /// <summary>Within how long the seller answers a message.</summary>
    SellerAnswer,

    /// <summary>Within how long the seller answers a claim.</summary>
    DisputeAnswer,

    /// <summary>The last day to hand an open claim on to the platform.</summary>
    DisputeEscalate,

    /// <summary>Within how long the platform decides.</summary>
    DisputeDecision,

    /// <summary>The last day to send goods back that the platform wants back.</summary>
    ReturnGoods,

    /// <summary>The order's own promise of a refund falls due.</summary>
    RefundPromise,

    /// <summary>A late-delivery credit or coupon may be asked for.</summary>
    LateCredit,

    /// <summary>An approved refund should have come.</summary>
    RefundExpected,

    /// <summary>An approved refund is late enough for the bank.</summary>
    RefundLate,

    /// <summary>The first day on which the bank or wallet takes a dispute.</summary>
    ChargebackOpens,

    /// <summary>The last day for a dispute with the bank or wallet.</summary>
    ChargebackLastDay,

    /// <summary>The last day to turn a wallet's dispute into a claim.</summary>
    ChargebackEscalate,

    /// <summary>Within how long the bank answers.</summary>
    BankAnswer,

    /// <summary>The day by which the law wants the goods delivered.</summary>
    StatutoryDelivery,

    /// <summary>The last day to withdraw from the purchase after the goods came.</summary>
    Withdrawal,

    /// <summary>The last day of the platform's own return offer.</summary>
    FreeReturn,

    /// <summary>How long to wait before a parcel scanned as delivered is reported missing.</summary>
    MissingOpens,

    /// <summary>The last day to report a parcel missing that was scanned as delivered.</summary>
    MissingLastDay,

    /// <summary>The platform confirms receipt by itself.</summary>
    AutomaticReceipt,

    /// <summary>Customs or the post sends the parcel back.</summary>
    CustomsHold,

    /// <summary>A pickup point sends the parcel back.</summary>
    PickupHold,

    /// <summary>The first day on which the post takes a search request.</summary>
    InquiryOpens,

    /// <summary>The last day on which the post takes a search request.</summary>
    InquiryLastDay,

    /// <summary>Within how long an authority decides.</summary>
    AuthorityDecision,

    /// <summary>The last day to contest an authority's decision.</summary>
    AuthorityAppeal,

    /// <summary>Shown with its day, without a part in the ladder.</summary>
    Other,
}

/// <summary>A limit in money: what a body takes on, what is free of duty, what a protection covers.</summary>
public sealed record MoneyRule : Rule
{
    public required MoneyRole Role { get; init; }

    /// <summary>More than this; null = no lower limit.</summary>
    public Money? Over { get; init; }

    /// <summary>Up to this, inclusive; null = no upper limit.</summary>
    public Money? UpTo { get; init; }

    /// <summary>A charge or credit of fixed height; null = the rule is a limit.</summary>
    public Money? Amount { get; init; }

    /// <summary>Whether the limits take an amount in; false where they are in another currency, for nothing can be compared then.</summary>
    public bool Covers(Money amount) =>
        (Over ?? UpTo) is { } limit
        && limit.Currency == amount.Currency
        && !(Over?.Amount >= amount.Amount)
        && !(UpTo?.Amount < amount.Amount);
}

public enum MoneyRole
{
    /// <summary>What a consumer body takes on.</summary>
    AuthorityLimit,

    /// <summary>What a payment protection by law covers.</summary>
    PaymentProtection,

    /// <summary>What a marketplace's own guarantee covers.</summary>
    PlatformCap,

    /// <summary>Duty, tax or handling at import.</summary>
    ImportCharge,

    /// <summary>Free of duty or tax up to here.</summary>
    ImportRelief,

    /// <summary>A late-delivery credit.</summary>
    LateCredit,
    Other,
}

/// <summary>Whom to turn to.</summary>
public sealed record ContactRule : Rule
{
    public required ContactRole Role { get; init; }
    public required IReadOnlyList<Contact> Contacts { get; init; }
}

/// <param name="Name">As it calls itself.</param>
/// <param name="Address">The well-known entry page (https); null = only the name is known.</param>
public sealed record Contact(string Name, Uri? Address = null);

public enum ContactRole
{
    Authority,

    /// <summary>Only for a seller in another country of the network.</summary>
    ConsumerCentre,
    CustomsOffice,
    Carrier,

    /// <summary>The marketplace's or wallet's page for orders, claims or rules.</summary>
    OrderPage,
    DisputePage,
    RulesPage,
    Other,
}

/// <summary>A statement without a number of its own.</summary>
public sealed record StatementRule : Rule;

/// <summary>Days of silence per service at which each stall level begins on a leg.</summary>
public sealed record StallLimitsRule : Rule
{
    public required Leg Leg { get; init; }

    /// <summary>Only while customs or the carrier waits for the buyer.</summary>
    public bool Held { get; init; }
    public required Assessing.LevelLimits Fast { get; init; }
    public required Assessing.LevelLimits Standard { get; init; }
    public required Assessing.LevelLimits Slow { get; init; }

    /// <param name="service">Null = not known, which counts as standard.</param>
    public Assessing.LevelLimits For(ShippingService? service) =>
        service switch
        {
            ShippingService.Choice or ShippingService.Premium => Fast,
            ShippingService.Saver or ShippingService.Economy => Slow,
            _ => Standard,
        };
}

/// <summary>What lengthens or shortens stall limits while its condition holds.</summary>
public sealed record StallFactorRule : Rule
{
    public required decimal Factor { get; init; }

    /// <summary>Legs it bears on; empty = all.</summary>
    public IReadOnlyList<Leg> Legs { get; init; } = [];

    /// <summary>Destination countries it bears on; empty = all.</summary>
    public IReadOnlyList<string> Destinations { get; init; } = [];

    /// <summary>Days of every year, both inclusive; the end may lie in the next year. Null = by <see cref="Spans"/>, or always.</summary>
    public Season? Season { get; init; }

    /// <summary>Dated spans, both days inclusive.</summary>
    public IReadOnlyList<DaySpan> Spans { get; init; } = [];

    /// <summary>Only once the promised delivery has passed.</summary>
    public bool AfterPromise { get; init; }
}

public sealed record Season(int FromMonth, int FromDay, int ToMonth, int ToDay)
{
    /// <summary>The first day of the season that a day lies in; null where it lies in none.</summary>
    public DateOnly? BeginningBefore(DateOnly day)
    {
        var from = new DateOnly(day.Year, FromMonth, FromDay);
        if (from > day)
            from = from.AddYears(-1);
        var to = new DateOnly(from.Year, ToMonth, ToDay);
        if (to < from)
            to = to.AddYears(1);
        return day <= to ? from : null;
    }
}

public sealed record DaySpan(DateOnly From, DateOnly To);
