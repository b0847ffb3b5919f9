using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Assessing;

/// <summary>Keeps stalls as dated rows: opened by silence, raised by more of it, closed by progress alone.</summary>
internal static class StallKeeper
{
    public const string Progress = "progress";

    /// <summary>Delivered, or silence has lost its meaning.</summary>
    public const string Over = "over";

    /// <summary>Inside the assessor's transaction; <paramref name="db"/> saves nothing by itself.</summary>
    /// <returns>Stalls that progress has closed.</returns>
    public static IReadOnlyList<StallRow> Keep(
        TrackWatchDb db,
        StoredOrder order,
        CaseVerdict verdict,
        DateTimeOffset now
    )
    {
        var closed = new List<StallRow>();
        foreach (var stall in order.OpenStalls)
        {
            var assessment = verdict.Assessments.FirstOrDefault(a => a.Shipment.Id == stall.ShipmentId);
            if (
                assessment is not null
                && assessment.CountedFrom == stall.LastProgressAt
                && assessment.Level > StallLevel.Moving
            )
                continue;
            db.Stalls.Attach(stall);
            stall.ClosedAt = now;
            stall.ClosedWhy = assessment is null ? Over : Progress;
            closed.Add(stall);
        }
        foreach (var assessment in verdict.Assessments.Where(a => a.Level > StallLevel.Moving))
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
        return closed;
    }
}
