using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising;

/// <summary>Everything a decision about one order may look at.</summary>
/// <param name="Zone">The zone of the order's first person: its days are the order's days.</param>
/// <param name="OpenStalls">Stalls that are written down as open, by shipment.</param>
/// <param name="Rules">What the outside world's rules are; those that bear on the order are picked from it.</param>
/// <param name="Buyer">The order's first person: whose country's law applies, whose card paid.</param>
/// <param name="Advised">When each notice of a step was first written, by its instance.</param>
public sealed record OrderSnapshot(
    Order Order,
    OrderFacts Facts,
    IReadOnlyList<ShipmentView> Shipments,
    IReadOnlyList<OpenStall> OpenStalls,
    IReadOnlyDictionary<string, DateTimeOffset> Advised,
    LevelDays DefaultLimits,
    TimeZoneInfo Zone,
    RuleBook Rules,
    Person Buyer
)
{
    /// <summary>The order's newest case, open or not; null = it never had one.</summary>
    public CaseRecord? Case { get; init; }

    public Reminding Reminding { get; init; } = Reminding.Default;

    /// <summary>The order as it stands once these notices are written: what was advised before keeps its moment.</summary>
    public OrderSnapshot Telling(IEnumerable<NoticeDraft> notices, DateTimeOffset now)
    {
        var advised = Advised.ToDictionary();
        foreach (var notice in notices)
            advised.TryAdd(notice.Instance, now);
        return this with { Advised = advised };
    }
}

public enum StepState
{
    Pending,
    Due,
    Done,

    /// <summary>The case went past it; the reason says why.</summary>
    Skipped,
    NotApplicable,
}

/// <summary>One step of the ladder as it stands.</summary>
/// <param name="Why">What made it so; null while pending.</param>
public sealed record StepVerdict(Step Step, StepState State, Reason? Why = null, DateOnly? DoBy = null);

/// <summary>What an order's case comes to at one moment.</summary>
/// <param name="Open">Something is wrong or a last day is near.</param>
/// <param name="Due">The one step that is due; null = none.</param>
/// <param name="Notices">All that should have been told by now; what was told already is known by its instance.</param>
public sealed record CaseVerdict(
    bool Open,
    StepVerdict? Due,
    IReadOnlyList<StepVerdict> Steps,
    IReadOnlyList<Assessment> Assessments,
    DisputeWindow? Window,
    IReadOnlyList<NoticeDraft> Notices
)
{
    /// <summary>What does not fit about the order's numbers, worst first.</summary>
    public IReadOnlyList<Doubt> Doubts { get; init; } = [];

    /// <summary>What others owe the buyer by a day, soonest first.</summary>
    public IReadOnlyList<Awaited> Awaited { get; init; } = [];

    /// <summary>The order's case from now on; null = it never had one.</summary>
    public CaseRecord? Case { get; init; }

    /// <summary>Every day that a rule gives for the order, soonest first; also those that have passed.</summary>
    public IReadOnlyList<Deadline> Deadlines { get; init; } = [];

    /// <summary>The last day on which anything could still be done about the order; null = none is known.</summary>
    public DateOnly? LastUsableDay =>
        Deadlines.Where(d => d.IsForAction).Select(d => d.MaybeUntil ?? d.LastDay).Cast<DateOnly?>().Max();
}
