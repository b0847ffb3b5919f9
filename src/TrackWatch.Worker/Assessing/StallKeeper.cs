using TrackWatch.Domain.Assessing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Assessing;

/// <summary>Writes down what becomes of an order's stalls.</summary>
internal static class StallKeeper
{
    private const string Progress = "progress";
    private const string Over = "over";

    /// <summary>Inside the assessor's transaction; <paramref name="db"/> saves nothing by itself.</summary>
    public static void Keep(TrackWatchDb db, StoredOrder order, StallChanges changes, DateTimeOffset now)
    {
        foreach (var closed in changes.Closed)
        {
            var stall = order.OpenStalls.First(s => s.ShipmentId == closed.Stall.ShipmentId);
            db.Stalls.Attach(stall);
            stall.ClosedAt = closed.At;
            stall.ClosedWhy = closed.Why == StallEnd.Progress ? Progress : Over;
        }
        foreach (var assessment in changes.Open)
        {
            var stall = order.OpenStalls.FirstOrDefault(s =>
                s.ShipmentId == assessment.Shipment.Id && s.ClosedAt is null
            );
            if (stall is null)
            {
                stall = new StallRow
                {
                    OrderId = order.Row.Id,
                    ShipmentId = assessment.Shipment.Id,
                    Leg = assessment.Leg,
                    Level = assessment.Level,
                    LastProgressAt = assessment.CountedFrom,
                    NoticedAt = now,
                };
                db.Stalls.Add(stall);
            }
            else
            {
                db.Stalls.Attach(stall);
                stall.Level = assessment.Level;
                stall.Leg = assessment.Leg;
            }
            // Each level keeps the moment at which it first became true.
            if (assessment.Level == StallLevel.Notice)
                stall.NoticeSince ??= assessment.Since;
            if (assessment.Level == StallLevel.Stalled)
                stall.StalledSince ??= assessment.Since;
            if (assessment.Level == StallLevel.Critical)
                stall.CriticalSince ??= assessment.Since;
        }
    }

    /// <summary>A stall that was closed, as decisions see it.</summary>
    public static ClosedStall Read(StallRow row) =>
        new(
            new OpenStall(row.ShipmentId, row.Level, row.LastProgressAt),
            row.ClosedWhy == Progress ? StallEnd.Progress : StallEnd.Over,
            row.ClosedAt!.Value
        );
}
