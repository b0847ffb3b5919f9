using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>A shipment as it stood when it was asked about.</summary>
/// <param name="LastOutcome">Of its last answer; null = there was none yet.</param>
public sealed record AskedShipment(
    string Number,
    DateTimeOffset RegisteredAt,
    ParcelStatus Status,
    Leg? Leg,
    DateTimeOffset? LastProgressAt,
    DateTimeOffset? LastAnswerAt,
    PollOutcomeKind? LastOutcome,
    int AnswersSinceFinal,
    int NotFoundInARow
);

/// <param name="Moving">The interval of a moving parcel.</param>
/// <param name="Floor">No number is asked about more often.</param>
/// <param name="Stalls">The limits that tell a parcel which needs no hurry.</param>
public sealed record PollPace(TimeSpan Moving, TimeSpan Floor, StallRules Stalls);

/// <summary>When a shipment is asked about again, and the counts that the next such decision looks at.</summary>
/// <param name="After">Without jitter; null = never again.</param>
public sealed record NextPoll(TimeSpan? After, int AnswersSinceFinal, int NotFoundInARow);

/// <summary>An event on file with what is needed to know it again and to derive the shipment's state.</summary>
public sealed record StoredEvent(KnownEvent Known, ReportedEvent Event);

/// <summary>What an answer makes of a shipment.</summary>
/// <param name="Events">The whole history after it, in the newest words.</param>
/// <param name="IsNews">Orders with this shipment are to be assessed.</param>
public sealed record AnswerEffect(
    HistoryChange Merge,
    IReadOnlyList<ReportedEvent> Events,
    ShipmentState State,
    ParcelSummary Summary,
    NextPoll Next,
    bool IsNews
);

/// <summary>Holds answers against what is on file.</summary>
public static class Answers
{
    /// <summary>The source said something else than the last time.</summary>
    public static AnswerEffect Changed(
        string provider,
        AskedShipment shipment,
        PollOutcome outcome,
        IReadOnlyList<StoredEvent> stored,
        PollPace pace,
        DateTimeOffset now
    )
    {
        var reading = outcome is PollOutcome.Ok ok ? ok.Reading : null;
        var merge = reading is null
            ? new HistoryChange([], [], [.. stored.Select(s => s.Known.Id)])
            : HistoryMerge.Merge(provider, shipment.Number, [.. stored.Select(s => s.Known)], reading.Events);
        var summary = reading?.Summary ?? ParcelSummary.Empty;
        if (NumberCheck.IsUntrackedLetter(shipment.Number))
            summary = summary with { EndsAtHandover = true };
        var reworded = merge.Reworded.ToDictionary(r => r.EventId);
        var events = stored
            .Select(s =>
                reworded.TryGetValue(s.Known.Id, out var r) ? s.Event with { Text = r.Text, Place = r.Place } : s.Event
            )
            .Concat(merge.New.Select(n => n.Event))
            .ToList();
        var state = ShipmentState.Derive(shipment.Status, events, summary, now);
        if (outcome is PollOutcome.NotFound && events.Count == 0)
            state = state with { Status = ParcelStatus.NotFound };
        return new AnswerEffect(
            merge,
            events,
            state,
            summary,
            Next(shipment, outcome.Kind, state.Status, state.Leg, state.LastProgressAt, pace, now),
            IsNews: merge.New.Count > 0 || shipment.LastAnswerAt is null || state.Status != shipment.Status
        );
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
        var state = new PollState(status, leg, shipment.RegisteredAt, lastProgress, sinceFinal, notFound);
        return new NextPoll(
            PollSchedule.Next(outcome, state, pace.Moving, pace.Floor, pace.Stalls, now),
            sinceFinal,
            notFound
        );
    }
}
