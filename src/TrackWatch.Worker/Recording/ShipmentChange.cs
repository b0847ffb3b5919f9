using TrackWatch.Domain.Recording;

namespace TrackWatch.Worker.Recording;

/// <summary>One answered shipment, and what the answer makes of it.</summary>
internal sealed record ShipmentChange(PollResult.Answered Answer, AnswerEffect Effect)
{
    public long Id => Answer.Shipment.Id;

    public HistoryChange Merge => Effect.Merge;

    public ShipmentState State => Effect.State;

    /// <summary>Holds an answer against the history on file. Pure.</summary>
    public static ShipmentChange Of(
        string provider,
        PollResult.Answered answer,
        IReadOnlyList<StoredEvent> stored,
        PollPace pace,
        DateTimeOffset now
    ) => new(answer, Answers.Changed(provider, answer.Shipment.Asked, answer.Outcome, stored, pace, now));
}
