namespace TrackWatch.Domain.Polling;

/// <summary>The sources that are switched on.</summary>
/// <param name="Providers">In the order in which they are listed.</param>
/// <param name="Preferred">What the settings put first.</param>
/// <param name="Covers">Provider, number, what the number says, and the carrier that the order names: false where it cannot know the number.</param>
public sealed record SourceOffer(
    IReadOnlyList<string> Providers,
    IReadOnlyList<string> Preferred,
    Func<string, string, NumberVerdict, string?, bool> Covers
)
{
    /// <summary>Sources that may know any number.</summary>
    public static SourceOffer Of(params IReadOnlyList<string> providers) => new(providers, [], (_, _, _, _) => true);

    /// <summary>The sources for a parcel's own number, the preferred first.</summary>
    public IReadOnlyList<string> For(string number, string? wanted, string? carrier) =>
        SourcePlan.Order(this, number, wanted, carrier);

    /// <summary>The sources for the number of the last mile's carrier.</summary>
    /// <param name="tellers">Sources that named it.</param>
    public IReadOnlyList<string> ForHandover(string number, string? carrier, IReadOnlyCollection<string> tellers) =>
        SourcePlan.OrderForHandover(this, number, carrier, tellers);
}

/// <summary>How a source that stands before another one has been doing with the same number.</summary>
/// <param name="PlannedAt">When it was first to be asked.</param>
/// <param name="LastAnswerAt">null = it has not answered yet.</param>
/// <param name="Interval">How often it is to be asked; null = never again.</param>
/// <param name="Stopped">It follows the number no more.</param>
/// <param name="IsBehind">Others have told of later events: it does not keep up with the parcel.</param>
public sealed record SourceStanding(
    DateTimeOffset PlannedAt,
    PollOutcomeKind? LastOutcome,
    DateTimeOffset? LastAnswerAt,
    TimeSpan? Interval,
    bool Stopped,
    bool IsBehind = false
)
{
    /// <summary>Zones are mistaken by up to fourteen hours.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    /// <param name="own">The newest event that the source tells of; null = none.</param>
    /// <param name="newest">The newest that anybody tells of.</param>
    public static bool FallsBehind(DateTimeOffset? own, DateTimeOffset? newest) =>
        !(own >= newest - Slack) && newest is not null;
}

/// <summary>Which sources are asked about a number, in what order, and when the next one takes over.</summary>
public static class SourcePlan
{
    /// <summary>A number is often known days after it was given out; the next source is not asked for that long.</summary>
    public static readonly TimeSpan UsualDelay = TimeSpan.FromDays(2);

    /// <summary>So many intervals without an answer, and the next source takes over.</summary>
    private const int Patience = 3;

    /// <summary>Numbers that Cainiao may know: the parcel lines out of China, and the posts (numbers.md, 2).</summary>
    private static readonly string[] PlatformNumbers =
    [
        "s10",
        "cainiao",
        "yunexpress",
        "fourpx",
        "yanwen",
        "sf_express",
        "jnet",
        "yto",
        "gofo",
        "landmark",
    ];

    /// <summary>
    /// The sources that can answer, the preferred first: what the order names; the carriers that know the number; the
    /// platform before the aggregators for numbers it may know and after them for others, since one it does not know costs a
    /// harmless answer but days of waiting.
    /// </summary>
    /// <param name="wanted">What the order names; null = it leaves the choice to us.</param>
    /// <param name="carrier">The carrier that the order names; null = none.</param>
    public static IReadOnlyList<string> Order(SourceOffer offer, string number, string? wanted, string? carrier)
    {
        // Made-up parcels are known to nobody else.
        if (IsMadeUp(number) && wanted is null && offer.Providers.Contains(ProviderIds.Simulated))
            return [ProviderIds.Simulated];
        var verdict = NumberCheck.Look(number);
        var platformFirst =
            verdict.IsLikely(PlatformNumbers)
            || !verdict.Candidates.Any(c => c.Confidence > NumberConfidence.Weak && c.CheckDigit != CheckDigit.Wrong);
        return
        [
            .. offer
                .Providers.Where(p =>
                    p == wanted || (p != ProviderIds.Simulated && offer.Covers(p, number, verdict, carrier))
                )
                .OrderBy(p => p == wanted ? 0 : 1)
                .ThenBy(p => offer.Preferred.TakeWhile(preferred => preferred != p).Count())
                .ThenBy(p =>
                    ProviderIds.KindOf(p) switch
                    {
                        SourceKind.Carrier => 0,
                        SourceKind.Platform => platformFirst ? 1 : 3,
                        _ => 2,
                    }
                ),
        ];
    }

    /// <summary>
    /// The sources for the number that the carrier of the last mile uses: its own service; where that is not known here, an
    /// aggregator. The platform, and an aggregator that named the number itself, tell the same under the parcel's own.
    /// </summary>
    /// <param name="tellers">Sources that named it.</param>
    public static IReadOnlyList<string> OrderForHandover(
        SourceOffer offer,
        string number,
        string? carrier,
        IReadOnlyCollection<string> tellers
    ) =>
        [
            .. Order(offer, number, null, carrier)
                .Where(p =>
                    ProviderIds.KindOf(p) switch
                    {
                        SourceKind.Platform => false,
                        SourceKind.Aggregator => !tellers.Contains(p),
                        _ => true,
                    }
                ),
        ];

    /// <summary>Until when a source leaves the number to those before it; null = it is to be asked now.</summary>
    /// <param name="better">The sources before it.</param>
    /// <param name="moving">The interval of a moving parcel.</param>
    public static DateTimeOffset? StandsByUntil(IEnumerable<SourceStanding> better, TimeSpan moving, DateTimeOffset now)
    {
        var until = better
            .Select(b => TrustedUntil(b, moving))
            .Where(at => at > now)
            .DefaultIfEmpty(DateTimeOffset.MinValue)
            .Max();
        return until > now ? until : null;
    }

    private static DateTimeOffset TrustedUntil(SourceStanding source, TimeSpan moving)
    {
        if (source.Stopped || source.IsBehind || source.LastOutcome == PollOutcomeKind.Rejected)
            return DateTimeOffset.MinValue;
        if (source.LastAnswerAt is not { } answered)
            return source.PlannedAt + (moving * (Patience - 1));
        // It has said how the journey ended: nobody needs to be asked again.
        if (source.Interval is not { } interval)
            return DateTimeOffset.MaxValue;
        var patience = answered + (interval * Patience);
        var delay = source.PlannedAt + UsualDelay;
        return source.LastOutcome == PollOutcomeKind.NotFound && delay < patience ? delay : patience;
    }

    private static bool IsMadeUp(string number) => number.StartsWith("SIM", StringComparison.Ordinal);
}
