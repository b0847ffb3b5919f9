using TrackWatch.Domain.Recording;

namespace TrackWatch.Worker.Recording;

/// <summary>One answered shipment, and what the answer makes of it.</summary>
internal sealed record ShipmentChange(PollResult.Answered Answer, AnswerEffect Effect)
{
    public long Id => Answer.Shipment.Id;

    public HistoryChange Merge => Effect.Merge;

    public ShipmentState State => Effect.State;
}
