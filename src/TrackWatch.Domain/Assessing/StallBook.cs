namespace TrackWatch.Domain.Assessing;

public enum StallEnd
{
    Progress,

    /// <summary>Delivered, or silence has lost its meaning.</summary>
    Over,
}

/// <summary>A stall that ended.</summary>
public sealed record ClosedStall(OpenStall Stall, StallEnd Why, DateTimeOffset At);

/// <summary>What a look at an order's parcels makes of its stalls.</summary>
/// <param name="Open">The assessments whose silence is written down as open; each keeps the moment its level became true.</param>
public sealed record StallChanges(IReadOnlyList<ClosedStall> Closed, IReadOnlyList<Assessment> Open)
{
    public IReadOnlyList<OpenStall> StillOpen =>
        [.. Open.Select(a => new OpenStall(a.Shipment.Id, a.Level, a.CountedFrom))];
}

/// <summary>Stalls are dated intervals: opened by silence, raised by more of it, closed by progress alone.</summary>
public static class StallBook
{
    public static StallChanges Keep(
        IReadOnlyList<OpenStall> open,
        IReadOnlyList<Assessment> assessments,
        DateTimeOffset now
    )
    {
        var stalled = assessments.Where(a => a.Level > StallLevel.Moving).ToList();
        var closed = open.Where(stall =>
                !stalled.Exists(a => a.Shipment.Id == stall.ShipmentId && a.CountedFrom == stall.LastProgressAt)
            )
            .Select(stall => new ClosedStall(
                stall,
                assessments.Any(a => a.Shipment.Id == stall.ShipmentId) ? StallEnd.Progress : StallEnd.Over,
                now
            ));
        return new StallChanges([.. closed], stalled);
    }
}
