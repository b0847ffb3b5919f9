using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Assessing;

/// <summary>
/// Counts the legs that parcels have completed since they were last looked at into their lanes, inside the assessor's
/// transaction. A shipment remembers how many of its legs are counted, so that none counts twice, whoever assesses it.
/// </summary>
internal static class LaneLearner
{
    public static async Task LearnAsync(
        TrackWatchDb db,
        NpgsqlConnection connection,
        IReadOnlyList<StoredOrder> orders,
        CancellationToken ct
    )
    {
        // A shipment of several orders is on the lane of the first.
        var moved = orders
            .SelectMany(order => order.Shipments.Select(shipment => Look(order, shipment)))
            .Where(m => m.Shipment.LegsLearned < m.Completed)
            .DistinctBy(m => m.Shipment.Id)
            .ToList();
        if (moved.Count == 0)
            return;
        var ids = moved.Select(m => m.Shipment.Id).ToList();
        var events = (await db.TrackingEvents.Where(e => ids.Contains(e.ShipmentId)).ToListAsync(ct)).ToLookup(e =>
            e.ShipmentId
        );
        var legs = (
            from m in moved
            let history = History.United(events[m.Shipment.Id].OrderByDescending(e => e.Id).Select(e => e.AsReported()))
            from leg in LearnedLimits.LongestSilences(history, m.Order.Snapshot.Zone)
            where (int)leg.Key >= m.Shipment.LegsLearned && (int)leg.Key < m.Completed
            select (m.Shipment.Id, Lane: Lane.Of(m.Order.Row.Definition, m.View, leg.Key), Days: leg.Value)
        ).ToList();

        await using var count = new NpgsqlCommand(
            """
            with held as (
                select id from shipments where id = any($1) order by id for no key update
            ), counted as (
                update shipments s set legs_learned = u.completed
                from unnest($1, $2, $3) as u(id, learned, completed)
                where s.id = u.id and s.id in (select id from held) and s.legs_learned = u.learned
                returning s.id
            )
            insert into learned_lanes (origin, destination, service, leg, days, legs)
            select u.origin, u.destination, u.service, u.leg, u.days, count(*)
            from unnest($4, $5, $6, $7, $8, $9) as u(id, origin, destination, service, leg, days)
            join counted on counted.id = u.id
            group by 1, 2, 3, 4, 5
            order by 1, 2, 3, 4, 5
            on conflict (origin, destination, service, leg, days) do update set legs = learned_lanes.legs + excluded.legs
            """,
            connection
        ).With(
            Longs(ids),
            Ints(moved.Select(m => m.Shipment.LegsLearned)),
            Ints(moved.Select(m => m.Completed)),
            Longs(legs.Select(l => l.Id)),
            Texts(legs.Select(l => l.Lane.Origin)),
            Texts(legs.Select(l => l.Lane.Destination)),
            Texts(legs.Select(l => l.Lane.Service.ToString())),
            Texts(legs.Select(l => l.Lane.Leg.ToString())),
            Ints(legs.Select(l => l.Days))
        );
        await count.ExecuteNonQueryAsync(ct);
    }

    private static (StoredOrder Order, ShipmentRow Shipment, ShipmentView View, int Completed) Look(
        StoredOrder order,
        ShipmentRow shipment
    )
    {
        // Somebody else's parcel under a number that was used before went another way.
        var view = Plausibility.SetAside(order.Row.Definition, OrderSnapshots.View(shipment), order.Snapshot.Zone);
        return (order, shipment, view, LearnedLimits.Completed(view.Status, view.Leg));
    }
}
