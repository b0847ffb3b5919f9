using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Commands;

/// <summary>Finds the order that a person means.</summary>
internal static class OrderFinder
{
    public static Argument<string> Argument() =>
        new("ORDER") { Description = "The order's id, or a tracking number of it" };

    /// <param name="meant">An id, or a tracking number in any spelling.</param>
    /// <exception cref="CommandException">There is no such order, or the number belongs to several.</exception>
    public static async Task<StoredOrder> FindAsync(this Session session, string meant, CancellationToken ct)
    {
        await using var db = await session.OpenDbAsync(ct);
        return await session.LoadAsync(db, await IdAsync(session, db, meant, ct), ct);
    }

    /// <summary>The order as it is on file now.</summary>
    public static async Task<StoredOrder> ReloadAsync(this Session session, StoredOrder order, CancellationToken ct)
    {
        await using var db = await session.OpenDbAsync(ct);
        return await session.LoadAsync(db, order.Row.Id, ct);
    }

    public static Task<TrackWatchDb> OpenDbAsync(this Session session, CancellationToken ct) =>
        session.Get<IDbContextFactory<TrackWatchDb>>().CreateDbContextAsync(ct);

    public static Task<IReadOnlyList<StoredOrder>> LoadAsync(
        this Session session,
        TrackWatchDb db,
        IReadOnlyCollection<string> ids,
        CancellationToken ct
    ) =>
        OrderSnapshots.LoadAsync(
            db,
            ids,
            session.Get<AssessingSettings>(),
            session.Get<MailRules>().Reminding,
            session.Get<RuleBook>(),
            ct
        );

    private static async Task<StoredOrder> LoadAsync(
        this Session session,
        TrackWatchDb db,
        string id,
        CancellationToken ct
    ) => (await session.LoadAsync(db, [id], ct))[0];

    private static async Task<string> IdAsync(Session session, TrackWatchDb db, string meant, CancellationToken ct)
    {
        meant = meant.Trim();
        var active = db.Orders.Where(o => o.ArchivedAt == null).Select(o => o.Id);
        if (await active.AnyAsync(id => id == meant, ct))
            return meant;

        var ids = await active.OrderBy(id => id).ToListAsync(ct);
        if (ids.Where(id => id.Equals(meant, StringComparison.OrdinalIgnoreCase)).ToList() is [var one])
            return one;

        var numbers = await (
            from link in db.OrderShipments
            join shipment in db.Shipments on link.ShipmentId equals shipment.Id
            where active.Contains(link.OrderId)
            select new { link.OrderId, shipment.Number }
        ).ToListAsync(ct);
        var number = TrackingNumber.Compact(meant);
        return numbers
            .Where(n => n.Number == number)
            .Select(n => n.OrderId)
            .Order(StringComparer.Ordinal)
            .ToList() switch
        {
            [var order] => order,
            [_, ..] several => throw new CommandException(
                ExitCode.Usage,
                $"{number} is a number of several orders; name one of them: {string.Join(", ", several)}"
            ),
            _ => throw new CommandException(
                ExitCode.Usage,
                $"there is no order '{meant}'. {Hint(session, meant, ids, [.. numbers.Select(n => n.Number)])}"
            ),
        };
    }

    private static string Hint(Session session, string meant, List<string> ids, List<string> numbers)
    {
        const int few = 10;
        var number = TrackingNumber.Compact(meant);
        if (
            session.Get<OrdersDesk>().Read(session.Now) is OrdersReading.Found files
            && files.Orders.Any(o => o.Order.Id == meant || o.Order.Tracking.Any(t => t.Number == number))
        )
            return "It stands in the orders files, which were not put in force since: run trackwatch reload.";
        if (ids.Count == 0)
            return "None is registered yet: run trackwatch reload, or start the worker.";
        if (Spelling.Closest(meant, ids.Concat(numbers)) is { } near)
            return $"Did you mean '{near}'?";
        return ids.Count <= few
            ? $"There are: {string.Join(", ", ids)}."
            : $"There are {ids.Count}; trackwatch status lists them.";
    }
}
