using System.ComponentModel;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

// Each provider's own options stand in its folder under Polling/Providers, in this namespace.

/// <summary>The sources by their id. One that needs a key is asked once it has one.</summary>
internal sealed record ProvidersSettings
{
    public CainiaoSettings Cainiao { get; init; } = new();

    [Key("17track")]
    public SeventeenTrackSettings SeventeenTrack { get; init; } = new();

    [Key("trackingmore")]
    public TrackingMoreSettings TrackingMore { get; init; } = new();
    public DhlSettings Dhl { get; init; } = new();

    [Key("aftership")]
    public AfterShipSettings AfterShip { get; init; } = new();
    public Ship24Settings Ship24 { get; init; } = new();
    public SimulatedSettings Simulated { get; init; } = new();

    [Description(
        "Any carrier's JSON API, described here: an id of your own (lower-case words) for each, to be named by `provider:` in the orders."
    )]
    public IReadOnlyDictionary<string, CustomSettings> Custom { get; init; } = None;

    // One and the same, so that settings nobody wrote are equal.
    private static readonly IReadOnlyDictionary<string, CustomSettings> None = new Dictionary<string, CustomSettings>();

    /// <summary>The ids that the program brings along.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
    [.. Shape.Of(typeof(ProvidersSettings)).Keys.Where(k => k.Shape is Shape.Object).Select(k => k.Name)];

    /// <summary>Every source that is asked at a pace, by its id.</summary>
    public IEnumerable<KeyValuePair<string, PacedSettings>> Paced() =>
        new Dictionary<string, PacedSettings>
        {
            [ProviderIds.Cainiao] = Cainiao,
            [ProviderIds.SeventeenTrack] = SeventeenTrack,
            [ProviderIds.TrackingMore] = TrackingMore,
            [ProviderIds.Dhl] = Dhl,
            [ProviderIds.AfterShip] = AfterShip,
            [ProviderIds.Ship24] = Ship24,
        }.Concat(Custom.Select(c => KeyValuePair.Create(c.Key, (PacedSettings)c.Value)));

    /// <summary>Every id that an order may name.</summary>
    public IEnumerable<string> Ids() => BuiltIn.Concat(Custom.Keys);
}

/// <summary>How a source is asked: what every one can be told, whatever its address looks like.</summary>
internal abstract record PacedSettings
{
    public bool Enabled { get; init; } = true;

    [Description("The least time between two requests, over all workers.")]
    [Bounds("0", "1d")]
    public abstract TimeSpan MinGap { get; init; }

    [Description("Up to this much is added to each gap by chance. Default: as long as the gap.")]
    [Bounds("0", "1d")]
    public TimeSpan? GapJitter { get; init; }

    [Description("No number is asked about more often.")]
    [Bounds("0", "7d")]
    public abstract TimeSpan Floor { get; init; }

    [Description("How long the whole answer may take.")]
    [Bounds("1s", "5m")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);

    [Description("Jobs that may ask at once; they share all limits.")]
    [Bounds("1", "32")]
    public int Lanes { get; init; } = 1;

    [Description("Requests that one job may have in flight at once.")]
    [Bounds("1", "64")]
    public int Concurrency { get; init; } = 1;

    [Description("Requests per UTC day; no limit by default, or the source's own.")]
    [Bounds("1", "999999999")]
    public virtual int? PerDay { get; init; }

    [Description("Requests per calendar month (UTC); no limit by default, or the source's own.")]
    [Bounds("1", "999999999")]
    public virtual int? PerMonth { get; init; }

    /// <summary>True where it is to be asked.</summary>
    public virtual bool IsOn() => Enabled;

    /// <summary>Never a key: a record's own text would show it.</summary>
    public sealed override string ToString() => GetType().Name;
}

/// <summary>What a provider of the program asked over HTTP can be told.</summary>
internal abstract record HttpProviderSettings : PacedSettings
{
    public abstract Uri BaseUrl { get; init; }

    [Description("Numbers per request.")]
    [Bounds("1", "1000")]
    public abstract int BatchSize { get; init; }
}

/// <summary>A source that asks who asks: without a key it is off.</summary>
internal abstract record KeyedProviderSettings : HttpProviderSettings
{
    [Description("The key of your account there; without one the source is not asked.")]
    [Secret]
    public string? Key { get; init; }

    public override bool IsOn() => Enabled && !string.IsNullOrWhiteSpace(Key);
}
