using System.ComponentModel;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Commands.Simulating;

// What a journey script says, key by key, before anything is checked across keys. Property names are the file's keys.

internal sealed record ScriptEntries
{
    [Description("The first virtual day, UTC.")]
    public required DateOnly From { get; init; }

    [Description("The last virtual day, UTC.")]
    public required DateOnly To { get; init; }

    [Description("As in orders.yaml; a person who names no time zone has UTC.")]
    public IReadOnlyDictionary<string, PersonEntry> People { get; init; } = new Dictionary<string, PersonEntry>();

    [Description("As in orders.yaml.")]
    public IReadOnlyList<OrderEntry> Orders { get; init; } = [];

    [Description("Sources by their id.")]
    public IReadOnlyDictionary<string, SourceEntry> Sources { get; init; } = new Dictionary<string, SourceEntry>();

    [Description("What a source will say, by tracking number.")]
    public IReadOnlyDictionary<string, IReadOnlyList<EventEntry>> Events { get; init; } =
        new Dictionary<string, IReadOnlyList<EventEntry>>();

    [Description("What the buyer does.")]
    public IReadOnlyList<ActEntry> Acts { get; init; } = [];

    [Description("`expect` lists digests too.")]
    public bool Digests { get; init; }

    [Description("The mails that are to be seen; where it is not said nothing is compared.")]
    public IReadOnlyList<ExpectedEntry> Expect { get; init; } = [];
}

internal sealed record SourceEntry
{
    [Description("Days on which it shows a block page, UTC, the last one included.")]
    [OneOrMany]
    public IReadOnlyList<AbsenceEntry> Blocked { get; init; } = [];
}

internal sealed record EventEntry
{
    public required DateTimeOffset At { get; init; }

    [Description("In Cainiao's words: LH_DEPART.")]
    public required string Code { get; init; }
    public string Text { get; init; } = "";
    public string? Place { get; init; }
    public string Provider { get; init; } = ProviderIds.Cainiao;

    [Description(
        "The number that the carrier of the last mile has given the parcel, as the source tells with this event; it may have events of its own."
    )]
    [Form(TextForm.TrackingNumber)]
    public string? HandedOverAs { get; init; }

    [Description("From when on the source says it. Default: at once.")]
    public DateTimeOffset? Known { get; init; }
}

internal sealed record ActEntry
{
    public required DateTimeOffset At { get; init; }

    [Description("A command line without the program's name: done usb-hub contact-seller.")]
    public string? Command { get; init; }

    [Description("Keys of orders as the orders file says them from then on, by the order's id.")]
    public IReadOnlyDictionary<string, OrderEntry> Set { get; init; } = new Dictionary<string, OrderEntry>();
}

internal sealed record ExpectedEntry
{
    [Description("The person's day.")]
    public required DateOnly Day { get; init; }

    [Description("Default: the first person.")]
    public string? Person { get; init; }
    public string? Order { get; init; }
    public required ExpectedKind Kind { get; init; }
    public Step? Step { get; init; }

    [Description("Why it is told. Compared where any line of the script says it.")]
    public ReasonCode? Reason { get; init; }
}

internal enum ExpectedKind
{
    Alert,
    Digest,
    Operator,
}
