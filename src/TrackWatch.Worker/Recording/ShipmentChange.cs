using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Worker.Recording;

/// <summary>One answered shipment, held against its history.</summary>
internal sealed record ShipmentChange(
    PollResult.Answered Answer,
    HistoryChange Merge,
    ShipmentState State,
    ParcelSummary Summary,
    TimeSpan? NextPoll,
    int AnswersSinceFinal,
    int NotFoundInARow
)
{
    public long Id => Answer.Shipment.Id;

    public bool StateChanged =>
        Merge.New.Count > 0 || Answer.Shipment.LastAnswerAt is null || State.Status != Answer.Shipment.Status;

    /// <summary>Holds an answer against the history on file. Pure.</summary>
    public static ShipmentChange Of(
        string provider,
        PollResult.Answered answer,
        IReadOnlyList<StoredEvent> stored,
        PollPace pace,
        DateTimeOffset now
    )
    {
        var shipment = answer.Shipment;
        var reading = answer.Outcome is PollOutcome.Ok ok ? ok.Reading : null;
        var merge = reading is null
            ? new HistoryChange([], [], [.. stored.Select(s => s.Known.Id)])
            : HistoryMerge.Merge(provider, shipment.Number, [.. stored.Select(s => s.Known)], reading.Events);
        var summary = reading?.Summary ?? ParcelSummary.Empty;
        var reworded = merge.Reworded.ToDictionary(r => r.EventId);
        var events = stored
            .Select(s =>
                reworded.TryGetValue(s.Known.Id, out var r) ? s.Event with { Text = r.Text, Place = r.Place } : s.Event
            )
            .Concat(merge.New.Select(n => n.Event))
            .ToList();
        var state = ShipmentState.Derive(shipment.Status, events, summary, now);
        if (answer.Outcome is PollOutcome.NotFound && events.Count == 0)
            state = state with { Status = ParcelStatus.NotFound };

        var sinceFinal = state.Status.IsFinal() ? shipment.AnswersSinceFinal + 1 : 0;
        var notFound = answer.Outcome is PollOutcome.NotFound ? shipment.NotFoundInARow + 1 : 0;
        var next = PollSchedule.Next(
            answer.Outcome.Kind,
            new PollState(state.Status, state.Leg, shipment.RegisteredAt, state.LastProgressAt, sinceFinal, notFound),
            pace.Moving,
            pace.Floor,
            pace.Stalls,
            now
        );
        return new ShipmentChange(answer, merge, state, summary, next, sinceFinal, notFound);
    }
}
