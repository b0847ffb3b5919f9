using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>A shipment as it stood when one of its sources was asked.</summary>
/// <param name="Source">Who was asked about which number.</param>
/// <param name="NotBefore">Older events are another parcel's; null = nobody knows when it was ordered.</param>
public sealed record AskedShipment(
    string Number,
    SourceKey Source,
    DateTimeOffset RegisteredAt,
    DateOnly? NotBefore,
    ParcelStatus Status,
    Leg? Leg,
    DateTimeOffset? LastProgressAt
)
{
    /// <summary>The newest answer of any source that showed the parcel as it stood; null = there was none yet.</summary>
    public DateTimeOffset? LastSightAt { get; init; }

    /// <summary>Another source has told of the parcel: that this one knows nothing says nothing.</summary>
    public bool OthersKnow { get; init; }

    /// <summary>Others have told of later events: that this one says nothing new does not show that nothing happened.</summary>
    public bool IsBehind { get; init; }

    /// <summary>A parcel that has been silent for long is not asked about after this day; null = none is known.</summary>
    public DateOnly? AskUntil { get; init; }

    /// <summary>Of this source's last answer; null = there was none yet.</summary>
    public PollOutcomeKind? LastOutcome { get; init; }
    public int AnswersSinceFinal { get; init; }
    public int NotFoundInARow { get; init; }
}

/// <param name="Moving">The interval of a moving parcel.</param>
/// <param name="Floor">No number is asked about more often.</param>
/// <param name="Stalls">The limits that tell a parcel which needs no hurry.</param>
public sealed record PollPace(TimeSpan Moving, TimeSpan Floor, StallRules Stalls);

/// <summary>When a shipment is asked about again, and the counts that the next such decision looks at.</summary>
/// <param name="After">Without jitter; null = never again.</param>
/// <param name="IsSight">The answer shows the parcel as it stands.</param>
public sealed record NextPoll(TimeSpan? After, int AnswersSinceFinal, int NotFoundInARow, bool IsSight);

/// <summary>An event on file with what is needed to know it again and to derive the shipment's state.</summary>
public sealed record StoredEvent(KnownEvent Known, ReportedEvent Event);

/// <summary>What the sources said of a parcel as a whole when they last answered.</summary>
/// <param name="Own">Of the source that was asked.</param>
/// <param name="Others">The more preferred first.</param>
public sealed record KnownSummaries(ParcelSummary Own, IReadOnlyList<ParcelSummary> Others)
{
    public static readonly KnownSummaries None = new(ParcelSummary.Empty, []);
}

/// <summary>What an answer makes of a shipment.</summary>
/// <param name="Events">The whole history after it, of every source, in the newest words.</param>
/// <param name="Own">What the source that was asked says of the parcel as a whole.</param>
/// <param name="Summary">The same with what the other sources add.</param>
/// <param name="IsNews">Orders with this shipment are to be assessed.</param>
public sealed record AnswerEffect(
    HistoryChange Merge,
    IReadOnlyList<ReportedEvent> Events,
    ShipmentState State,
    ParcelSummary Own,
    ParcelSummary Summary,
    NextPoll Next,
    bool IsNews
)
{
    /// <summary>The newest event that the source tells of, UTC; null = none.</summary>
    public DateTimeOffset? NewestOwn { get; init; }

    /// <summary>The source has given the number up: from here on it says nothing, whatever happens to the parcel.</summary>
    public bool HasStopped => Own.Status == ParcelStatus.Expired;
}

/// <summary>Holds answers against what is on file.</summary>
public static class Answers
{
    /// <summary>The source said something else than the last time.</summary>
    /// <param name="stored">The history as every source told it.</param>
    public static AnswerEffect Changed(
        AskedShipment shipment,
        PollOutcome outcome,
        IReadOnlyList<StoredEvent> stored,
        KnownSummaries summaries,
        PollPace pace,
        DateTimeOffset now
    )
    {
        var reading = outcome is PollOutcome.Ok ok ? ok.Reading : null;
        var known = stored.Where(s => s.Event.Source == shipment.Source).Select(s => s.Known).ToList();
        var merge = outcome switch
        {
            PollOutcome.Ok => HistoryMerge.Merge(
                shipment.Source,
                known,
                [.. reading!.Events.Select(e => e with { Source = shipment.Source, Leg = LegOf(e, shipment) })]
            ),
            // It once knew them and does not any more.
            PollOutcome.NotFound => new HistoryChange([], [], [.. known.Select(k => k.Id)]),
            _ => new HistoryChange([], [], []),
        };
        var own = reading?.Summary ?? summaries.Own;
        if (NumberCheck.IsUntrackedLetter(shipment.Number))
            own = own with { EndsAtHandover = true };
        var summary = own.FilledBy(summaries.Others);
        var reworded = merge.Reworded.ToDictionary(r => r.EventId);
        var before = stored.Select(s => s.Event).ToList();
        var events = stored
            .Select(s =>
                reworded.TryGetValue(s.Known.Id, out var r) ? s.Event with { Text = r.Text, Place = r.Place } : s.Event
            )
            .Concat(merge.New.Select(n => n.Event))
            .ToList();
        var state = ShipmentState.Derive(shipment.Status, events, summary, now, shipment.NotBefore);
        if (outcome is PollOutcome.NotFound && events.Count == 0 && !shipment.OthersKnow)
            state = state with { Status = ParcelStatus.NotFound };
        var newestOwn = events.Where(e => e.Source == shipment.Source).Max(e => (DateTimeOffset?)e.At);
        var asked = shipment with { IsBehind = SourceStanding.FallsBehind(newestOwn, state.LastEventAt) };
        return new AnswerEffect(
            merge,
            events,
            state,
            own,
            summary,
            Next(asked, outcome.Kind, state.Status, state.Leg, state.LastProgressAt, pace, now),
            IsNews: TellsMore(merge, before, events) || shipment.LastSightAt is null || state.Status != shipment.Status
        )
        {
            NewestOwn = newestOwn,
        };
    }

    /// <summary>The source said the same as the last time.</summary>
    public static NextPoll Unchanged(AskedShipment shipment, PollPace pace, DateTimeOffset now) =>
        Next(
            shipment,
            shipment.LastOutcome ?? PollOutcomeKind.Ok,
            shipment.Status,
            shipment.Leg,
            shipment.LastProgressAt,
            pace,
            now
        );

    /// <summary>New lines that another source had told of already are no news.</summary>
    private static bool TellsMore(HistoryChange merge, List<ReportedEvent> before, List<ReportedEvent> after) =>
        merge.New.Count > 0 && SameScan.Unite(after).Count > SameScan.Unite(before).Count;

    /// <summary>What the carrier of the last mile scans under its own number is on the last mile, unless it says otherwise.</summary>
    private static Leg? LegOf(ReportedEvent e, AskedShipment shipment) =>
        e.Leg ?? (shipment.Source.Number != shipment.Number && e.Status.IsScanned() ? Leg.LastMile : null);

    private static NextPoll Next(
        AskedShipment shipment,
        PollOutcomeKind outcome,
        ParcelStatus status,
        Leg? leg,
        DateTimeOffset? lastProgress,
        PollPace pace,
        DateTimeOffset now
    )
    {
        var sinceFinal = status.IsFinal() ? shipment.AnswersSinceFinal + 1 : 0;
        var notFound = outcome == PollOutcomeKind.NotFound ? shipment.NotFoundInARow + 1 : 0;
        var state = new PollState(status, leg, shipment.RegisteredAt, lastProgress, sinceFinal, notFound)
        {
            AskUntil = shipment.AskUntil,
        };
        return new NextPoll(
            PollSchedule.Next(outcome, state, pace.Moving, pace.Floor, pace.Stalls, now),
            sinceFinal,
            notFound,
            outcome switch
            {
                PollOutcomeKind.Ok => !shipment.IsBehind,
                PollOutcomeKind.NotFound => !shipment.OthersKnow,
                _ => false,
            }
        );
    }
}
