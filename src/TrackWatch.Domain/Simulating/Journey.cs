using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Simulating;

/// <summary>What happens around TrackWatch, from outside: orders, what sources say of them, and what people tell.</summary>
public sealed record Journey
{
    public required IReadOnlyList<Person> People { get; init; }

    /// <summary>Orders as they are registered, and as the file is changed later on; by time.</summary>
    public required IReadOnlyList<OrderSaid> Orders { get; init; }

    public IReadOnlyList<FactSaid> Facts { get; init; } = [];

    /// <summary>By source, by time; a source knows nothing of a number that is not here.</summary>
    public IReadOnlyDictionary<SourceKey, IReadOnlyList<Saying>> Sayings { get; init; } =
        new Dictionary<SourceKey, IReadOnlyList<Saying>>();

    public IReadOnlyList<Outage> Outages { get; init; } = [];

    /// <summary>Ids of shipments that have one; a number that is not here gets the next free one.</summary>
    public IReadOnlyDictionary<string, long> ShipmentIds { get; init; } = new Dictionary<string, long>();
}

/// <summary>An order as the orders file says it from an instant on.</summary>
public sealed record OrderSaid(DateTimeOffset At, Order Order);

/// <summary>A fact of an order, whoever told it.</summary>
/// <param name="UndoneAt">When it was taken back; null = it stands.</param>
public sealed record FactSaid(string Order, ToldFact Told, DateTimeOffset? UndoneAt = null);

/// <summary>What a source says of a number, from an instant on until it says something else.</summary>
public sealed record Saying(DateTimeOffset From, PollOutcome Outcome);

/// <summary>A source gives no answers.</summary>
/// <param name="Until">Exclusive.</param>
/// <param name="Outcome">What it says instead.</param>
public sealed record Outage(string Provider, DateTimeOffset From, DateTimeOffset Until, PollOutcome Outcome);

/// <summary>The settings that decide.</summary>
/// <param name="Floors">Per provider: no number is asked about more often. Their gaps and daily limits are not simulated.</param>
/// <param name="OutageAfter">From when on a silent source is told to the operator.</param>
/// <param name="Offer">The sources that are switched on.</param>
public sealed record SimulationRules(
    RuleBook Rules,
    LevelDays DefaultLimits,
    MailRules Mail,
    TimeSpan Moving,
    IReadOnlyDictionary<string, TimeSpan> Floors,
    TimeSpan OutageAfter,
    SourceOffer Offer
)
{
    /// <summary>What own history has taught so far; a simulation learns nothing beyond it.</summary>
    public IReadOnlyDictionary<Lane, LearnedGap> Learned { get; init; } = new Dictionary<Lane, LearnedGap>();

    public PollPace PaceOf(string provider) => new(Moving, Floors.GetValueOrDefault(provider), Rules.Stalls);
}
