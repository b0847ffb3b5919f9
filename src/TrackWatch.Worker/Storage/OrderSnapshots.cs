using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Storage;

/// <summary>One order with everything on file about it.</summary>
/// <param name="People">In the order's own order; the first one's zone rules its days.</param>
/// <param name="Case">The newest case, open or not; null = it never had one.</param>
internal sealed record StoredOrder(
    OrderRow Row,
    OrderSnapshot Snapshot,
    IReadOnlyList<Person> People,
    IReadOnlyList<ShipmentRow> Shipments,
    IReadOnlyList<StallRow> OpenStalls,
    CaseRow? Case
);

/// <summary>Turns rows into the snapshots that decisions look at; a handful of set-based reads however many orders there are.</summary>
internal static class OrderSnapshots
{
    /// <summary>Stands in for the people of an order that have just been taken off the file.</summary>
    private static readonly Person Nobody = new() { Id = "", Email = "" };

    public static async Task<IReadOnlyList<StoredOrder>> LoadAsync(
        TrackWatchDb db,
        IReadOnlyCollection<string> ids,
        AssessingSettings settings,
        Reminding reminding,
        RuleBook rules,
        CancellationToken ct
    )
    {
        var orders = await db.Orders.Where(o => ids.Contains(o.Id)).OrderBy(o => o.Id).ToListAsync(ct);
        var people = (
            await (
                from link in db.OrderPeople
                join person in db.People on link.PersonId equals person.Id
                where ids.Contains(link.OrderId)
                orderby link.Position
                select new { link.OrderId, person.Profile }
            ).ToListAsync(ct)
        ).ToLookup(x => x.OrderId, x => x.Profile);
        var shipments = (
            await (
                from link in db.OrderShipments
                join shipment in db.Shipments.Include(s => s.Sources) on link.ShipmentId equals shipment.Id
                where ids.Contains(link.OrderId)
                orderby link.Position
                select new { link.OrderId, Shipment = shipment }
            ).ToListAsync(ct)
        ).ToLookup(x => x.OrderId, x => x.Shipment);
        var facts = (await db.Facts.Where(f => ids.Contains(f.OrderId) && f.UndoneAt == null).ToListAsync(ct)).ToLookup(
            f => f.OrderId
        );
        var stalls = (
            await db.Stalls.Where(s => ids.Contains(s.OrderId) && s.ClosedAt == null).ToListAsync(ct)
        ).ToLookup(s => s.OrderId);
        var cases = (
            await db
                .Cases.Where(c =>
                    ids.Contains(c.OrderId)
                    && !db.Cases.Any(later => later.OrderId == c.OrderId && later.OpenedAt > c.OpenedAt)
                )
                .ToListAsync(ct)
        ).ToDictionary(c => c.OrderId);
        var advised = (
            await db
                .Notices.Where(n => n.OrderId != null && ids.Contains(n.OrderId) && n.WithdrawnAt == null)
                .GroupBy(n => new { n.OrderId, n.Instance })
                .Select(g => new
                {
                    g.Key.OrderId,
                    g.Key.Instance,
                    At = g.Min(n => n.WrittenAt),
                })
                .ToListAsync(ct)
        ).ToLookup(n => n.OrderId!);

        var learned = await LearnedLanes.LoadAsync(
            db,
            [.. orders.SelectMany(o => shipments[o.Id].Select(s => Lane.Of(o.Definition, View(s))))],
            settings.LearnAfter,
            ct
        );

        return
        [
            .. orders.Select(row =>
            {
                var who = people[row.Id].ToList();
                var parcels = shipments[row.Id].ToList();
                var open = stalls[row.Id].ToList();
                var newest = cases.GetValueOrDefault(row.Id);
                return new StoredOrder(
                    row,
                    new OrderSnapshot(
                        row.Definition,
                        OrderFacts.Unite(facts[row.Id].Select(f => new ToldFact(f.Value, f.Origin, f.ToldAt))),
                        [
                            .. parcels
                                .Select(View)
                                .Select(s =>
                                    s with
                                    {
                                        Learned = learned.GetValueOrDefault(Lane.Of(row.Definition, s)),
                                    }
                                ),
                        ],
                        [.. open.Select(s => new OpenStall(s.ShipmentId, s.Level, s.LastProgressAt))],
                        advised[row.Id].ToDictionary(n => n.Instance, n => n.At),
                        settings.Limits,
                        who.Count > 0 ? Zones.Of(who[0]) : TimeZoneInfo.Utc,
                        rules,
                        who.Count > 0 ? who[0] : Nobody
                    )
                    {
                        Case = newest is null ? null : View(newest),
                        Reminding = reminding,
                    },
                    who,
                    parcels,
                    open,
                    newest
                );
            }),
        ];
    }

    public static CaseRecord View(CaseRow c) => new(c.OpenedAt, c.SettlingSince, c.ClosedAt, c.ClosedWhy, c.Reopened);

    public static ShipmentView View(ShipmentRow s)
    {
        var check = NumberCheck.Look(s.Number);
        return new ShipmentView
        {
            Id = s.Id,
            Number = s.Number,
            RegisteredAt = s.RegisteredAt,
            Status = s.Status,
            Leg = s.Leg,
            ActionNeeded = s.ActionNeeded,
            CustomsTrouble = s.CustomsTrouble,
            EndsByDesign = s.EndsByDesign,
            SeenInDestination = s.SeenInDestination,
            Origin = s.Summary.OriginCountry,
            Destination = s.Summary.DestinationCountry,
            FirstEventAt = s.FirstEventAt,
            FirstScanAt = s.FirstScanAt,
            LastEventAt = s.LastEventAt,
            LastProgressAt = s.LastProgressAt,
            LastText = s.LastText,
            LastPlace = s.LastPlace,
            LastAnswerAt = s.LastAnswerAt,
            Carrier = s.Summary.LastMileCarrier ?? s.Carrier,
            LastMileNumber = s.Summary.LastMileNumber,
            NumberLooksWrong = check.LooksWrong,
            Corrections = check.Corrections,
            MayBeOrderNumber = check.MayBeOrderNumber,
        };
    }
}

/// <summary>Time zones of people.</summary>
internal static class Zones
{
    /// <summary>The zone was checked when the file was read; a machine that lost it since falls back to UTC.</summary>
    public static TimeZoneInfo Of(Person person) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(person.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;
}
