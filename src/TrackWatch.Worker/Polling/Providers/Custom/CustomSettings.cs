using System.ComponentModel;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

/// <summary>A carrier's JSON API in the user's own words (facts.md). Paths below <see cref="List"/> start at the event.</summary>
internal sealed record CustomSettings : PacedSettings
{
    /// <summary>An API that nobody has looked at is asked about each number a few times a day.</summary>
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(5);
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(2);

    [Description(
        "Where to ask. {number} becomes the number, {country} and {postcode} where the parcel goes, {key} the key."
    )]
    [Form(TextForm.QuestionTemplate)]
    public required string Url { get; init; }

    public CustomMethod Method { get; init; } = CustomMethod.Get;

    [Description(
        "What a POST sends; the same words in braces are filled in. JSON, unless a Content-Type header says otherwise."
    )]
    [Form(TextForm.Lines)]
    public string? Body { get; init; }

    [Description(
        "Headers by their names; {key} and the like are filled in. Each can come from the environment, or from a file."
    )]
    [Secret]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    [Description("What {key} stands for. A source that uses {key} is not asked until it has one.")]
    [Secret]
    public string? Key { get; init; }

    [Description("The events in the answer: `$.shipment.events`, or `$.parcels[*].scans`.")]
    public required JsonPath List { get; init; }

    [Description("The order of the events in the answer.")]
    public EventOrder Order { get; init; } = EventOrder.NewestFirst;

    [Description("When it happened, in the event; of several paths the texts are put together with a blank between.")]
    [OneOrMany]
    [Bounds("1", "5")]
    public required IReadOnlyList<JsonPath> Time { get; init; }

    [Description(
        "How the time is written: a .NET format like `dd.MM.yyyy HH:mm`, `unix` or `unix_ms`. Default: ISO 8601."
    )]
    public string? TimeFormat { get; init; }

    [Description("IANA zone of times that carry no offset. Without it they are shown as sent and count as UTC.")]
    [Form(TextForm.TimeZone)]
    public string? TimeZone { get; init; }

    [Description("The carrier's code of the event: the only thing a status is ever read from.")]
    [OneOrMany]
    [Bounds("1", "5")]
    public IReadOnlyList<JsonPath> Code { get; init; } = [];

    [Description("The carrier's sentence, for people.")]
    [OneOrMany]
    [Bounds("1", "5")]
    public IReadOnlyList<JsonPath> Text { get; init; } = [];

    [Description("Where it happened.")]
    [OneOrMany]
    [Bounds("1", "5")]
    public IReadOnlyList<JsonPath> Place { get; init; } = [];

    [Description(
        "What a code means: a status, or {status: customs, action_needed: true}. A code that is not here changes nothing."
    )]
    public IReadOnlyDictionary<string, CustomMeaning> StatusMap { get; init; } =
        new Dictionary<string, CustomMeaning>();

    [Description("How the API says that it does not know a number; any one of these will do.")]
    [OneOrMany]
    public IReadOnlyList<CustomNotFound> NotFound { get; init; } = [];

    [Description("Where the answer repeats the number it speaks of: the answer to another one is refused.")]
    public JsonPath? Number { get; init; }

    [Description("Which numbers it may know. Without it: those whose order names this source as provider or carrier.")]
    public CustomNumbers? Numbers { get; init; }

    [Description("The page for people, with {number} in it.")]
    [Form(TextForm.PageTemplate)]
    public string? Page { get; init; }

    [Description(
        "Lets the API stand in a private network, at this machine, or behind plain http. Without it only public https addresses are asked, whatever a name resolves to."
    )]
    public bool AllowPrivate { get; init; }

    /// <summary>Everything that may have words in braces.</summary>
    internal IEnumerable<string> Templates() => [Url, Body ?? "", .. Headers.Values];

    public bool NeedsKey() => Templates().Any(t => t.Contains("{key}", StringComparison.Ordinal));

    public override bool IsOn() => Enabled && (!NeedsKey() || !string.IsNullOrWhiteSpace(Key));
}

internal enum CustomMethod
{
    Get,
    Post,
}

internal enum EventOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>What a code says.</summary>
[ShortForm(nameof(Status))]
internal sealed record CustomMeaning
{
    public required ParcelStatus Status { get; init; }

    [Description("The buyer must do something: papers, duties.")]
    public bool ActionNeeded { get; init; }
}

/// <summary>One way of saying that a number is not known: an HTTP status, or a place in the answer.</summary>
internal sealed record CustomNotFound
{
    [Description("HTTP statuses that say so, where data or nothing comes with them; a page does not count.")]
    [OneOrMany]
    public IReadOnlyList<int> Http { get; init; } = [];

    [Description("A place in the answer that says so …")]
    public JsonPath? Path { get; init; }

    [Description("… by one of these values; without any, by nothing being there.")]
    [OneOrMany]
    public IReadOnlyList<string> Value { get; init; } = [];
}

/// <summary>A shape of numbers; any one of the three will do.</summary>
internal sealed record CustomNumbers
{
    [OneOrMany]
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    [Description("Ids of carriers (`trackwatch number N` shows them): numbers that are likely theirs.")]
    [OneOrMany]
    public IReadOnlyList<string> Carriers { get; init; } = [];

    [Form(TextForm.Regex)]
    public string? Pattern { get; init; }
}
