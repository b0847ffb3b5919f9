using System.ComponentModel;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Rules;

// What a rule pack says, key by key, before anything is checked across keys. Property names are the file's keys.

/// <summary>One file of rules of the outside world.</summary>
internal sealed record PackEntry
{
    [Description(
        "What the pack is about: marketplace/aliexpress, payment/visa, country/TR, customs/EU, stall/limits, holidays/DE."
    )]
    public required string Pack { get; init; }

    [Description(
        "The day this file was last changed. A pack takes the place of one of the same name with an older day."
    )]
    public required DateOnly Version { get; init; }

    [Description("Where its rules hold, for those that name nothing themselves. Default: everywhere.")]
    [Form(TextForm.Region)]
    public IReadOnlyList<string> Regions { get; init; } = [];

    public IReadOnlyList<RuleEntry> Rules { get; init; } = [];

    [Description("In holidays/…: the days on which banks and offices of the country are closed.")]
    public CalendarEntry? Calendar { get; init; }
}

internal enum RuleKind
{
    /// <summary>Gives a day: value, unit and clock.</summary>
    Day,

    /// <summary>A limit or a charge.</summary>
    Money,
    Contact,

    /// <summary>Says something, without a number of its own.</summary>
    Statement,
    StallLimits,
    StallFactor,
}

internal sealed record RuleEntry
{
    [Description("Stable: it is shown wherever something rests on the rule.")]
    [Form(TextForm.Id)]
    public required string Id { get; init; }

    public required RuleKind? Kind { get; init; }

    [Description("What it means to the ladder; each kind has its own words.")]
    [Form(TextForm.Id)]
    public string? Role { get; init; }

    [Description("A few English words; language files translate them by the rule's id.")]
    public required string Title { get; init; }

    [Description("A sentence or two for the buyer, in English.")]
    [Form(TextForm.Lines)]
    public string? Says { get; init; }

    [Description("The step of the ladder that it belongs to.")]
    public Step? Step { get; init; }

    [Description("How long; below zero = before the clock.")]
    public int? Value { get; init; }

    [Description("d: calendar days, bd: business days, h: hours, mo: months, y: years.")]
    public UnitWord? Unit { get; init; }

    [Description("What it is counted from.")]
    public ClockEntry? Clock { get; init; }

    [Description("What it is counted from where the clock's day is not known; the first that is known counts.")]
    [OneOrMany]
    public IReadOnlyList<ClockEntry> ClockFallback { get; init; } = [];

    [Description("Other readings of a rule whose sources disagree, or its further limits: the earliest day counts.")]
    [OneOrMany]
    public IReadOnlyList<ReadingEntry> Or { get; init; } = [];

    [Description("Days before the last day on which the buyer is warned, furthest first.")]
    [Bounds("1", "10")]
    public IReadOnlyList<int> WarnBefore { get; init; } = [];

    [Description("The zone in which the source prints its dates. Default: the person's own.")]
    [Form(TextForm.TimeZone)]
    public string? PrintedIn { get; init; }

    [Description("More than this.")]
    public Money? Over { get; init; }

    [Description("Up to this, inclusive.")]
    public Money? UpTo { get; init; }

    [Description("A charge or credit of fixed height.")]
    public Money? Amount { get; init; }

    public IReadOnlyList<ContactEntry> Contacts { get; init; } = [];

    public Leg? Leg { get; init; }

    [Description("Only while customs or the carrier waits for the buyer.")]
    public bool Held { get; init; }

    [Description("Limits of choice and premium.")]
    public LimitsEntry? Fast { get; init; }

    [Description("Limits of standard, and where the service is not known.")]
    public LimitsEntry? Standard { get; init; }

    [Description("Limits of saver and economy.")]
    public LimitsEntry? Slow { get; init; }

    [Description("What stalled and critical are multiplied by.")]
    [Bounds("0.1", "10")]
    public decimal? Factor { get; init; }

    [Description("Default: all legs.")]
    public IReadOnlyList<Leg> Legs { get; init; } = [];

    [Description("Countries that the parcel goes to. Default: all.")]
    [Form(TextForm.Region)]
    public IReadOnlyList<string> Destinations { get; init; } = [];

    [Description("Days of every year.")]
    public Season? Season { get; init; }

    [Description("Dated spans, both days inclusive.")]
    public IReadOnlyList<DaySpan> Spans { get; init; } = [];

    [Description("Only once the promised delivery has passed.")]
    public bool AfterPromise { get; init; }

    [Description("Whose date chooses the version in force. Default: order_placed.")]
    public ClockEvent? AppliesBy { get; init; }

    [Description("The first day in force. Default: it was in force already when it was first seen.")]
    public DateOnly? EffectiveFrom { get; init; }

    [Description("The last day in force.")]
    public DateOnly? EffectiveTo { get; init; }

    [Description("The id of the rule whose place it took; that one's last day is the day before effective_from.")]
    [Form(TextForm.Id)]
    public string? Follows { get; init; }

    [Description("Where it holds. Default: the pack's.")]
    [Form(TextForm.Region)]
    public IReadOnlyList<string> Regions { get; init; } = [];

    public required Confidence? Confidence { get; init; }

    [Description("No page was found for it: it is never stated as a fact.")]
    public bool Unsourced { get; init; }

    [Description("What the sources disagree about.")]
    [Form(TextForm.Lines)]
    public string? Conflict { get; init; }

    [Description("Where it was read, with the page's date where it has one.")]
    [OneOrMany]
    public IReadOnlyList<string> Sources { get; init; } = [];

    [Description("When somebody last held it against its sources. Default: the pack's version.")]
    public DateOnly? Checked { get; init; }
}

/// <summary>The units as packs write them.</summary>
internal enum UnitWord
{
    /// <summary>Calendar days.</summary>
    D,

    /// <summary>Business days.</summary>
    Bd,
    H,
    Mo,
    Y,
}

[ShortForm(nameof(Event))]
internal sealed record ClockEntry
{
    public required ClockEvent Event { get; init; }

    [Description("A day reckoned from here is told as assumed.")]
    public bool Assumed { get; init; }
}

internal sealed record ReadingEntry
{
    public required int Value { get; init; }
    public required UnitWord Unit { get; init; }
    public required ClockEntry Clock { get; init; }

    [OneOrMany]
    public IReadOnlyList<ClockEntry> ClockFallback { get; init; } = [];
}

[ShortForm(nameof(Name))]
internal sealed record ContactEntry
{
    public required string Name { get; init; }

    [Description("The well-known entry page.")]
    public Uri? Address { get; init; }
}

internal sealed record LimitsEntry
{
    [Description("Days of silence.")]
    [Bounds("0", "365")]
    public required int Notice { get; init; }

    [Bounds("0", "365")]
    public required int Stalled { get; init; }

    [Bounds("0", "365")]
    public required int Critical { get; init; }
}

internal sealed record CalendarEntry
{
    [Description("Days of the week on which banks and offices are closed.")]
    public required IReadOnlyList<DayOfWeek> Weekend { get; init; }

    [Description("The last day for which the holidays are listed.")]
    public required DateOnly KnownUntil { get; init; }

    public required IReadOnlyList<HolidayEntry> Holidays { get; init; }

    [OneOrMany]
    public IReadOnlyList<string> Sources { get; init; } = [];
}

internal sealed record HolidayEntry
{
    public required DateOnly Day { get; init; }
    public required string Name { get; init; }

    [Description("Default: certain. Days of the moon are likely until they are announced.")]
    public Confidence? Confidence { get; init; }
}
