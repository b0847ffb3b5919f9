using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Registering;

/// <summary>All that one set of files says.</summary>
/// <param name="Source">Which files, on which host: <c>host:/path</c>. A worker applies its own files only when they changed.</param>
/// <param name="Hash">Of the files' content.</param>
internal sealed record Registration(
    string Source,
    string Hash,
    IReadOnlyList<Person> People,
    IReadOnlyList<OrderInFile> Orders
);

/// <summary>What applying a registration came to.</summary>
internal abstract record Registered
{
    private Registered() { }

    /// <summary>These files were applied before and have not changed since.</summary>
    internal sealed record NoChange : Registered;

    /// <param name="Archived">Ids of orders the files no longer name.</param>
    internal sealed record Applied(int Orders, int People, int NewShipments, IReadOnlyList<string> Archived)
        : Registered;

    /// <summary>Too many orders would be archived at once to be meant; <c>trackwatch reload --confirm</c> applies it.</summary>
    internal sealed record TooManyGone(int Gone, int Active) : Registered;
}

/// <summary>Puts a registration in force: one transaction under a lock that all workers share. Nothing is ever deleted.</summary>
internal sealed partial class Registrar(IDbContextFactory<TrackWatchDb> contexts, ILogger<Registrar> logger)
{
    private const long LockKey = 0x7472_6163_6b72;

    /// <summary>From so many orders on, losing more than a fifth of them at once is taken for an accident.</summary>
    private const int GuardFrom = 10;

    /// <param name="confirmed">A person has said that the missing orders are meant to go.</param>
    /// <param name="force">Apply although these very files were applied before.</param>
    public async Task<Registered> ApplyAsync(
        Registration registration,
        DateTimeOffset now,
        CancellationToken ct,
        bool confirmed = false,
        bool force = false
    )
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct);
        var last = await db
            .Registrations.Where(r => r.Source == registration.Source)
            .OrderByDescending(r => r.Id)
            .Select(r => r.Hash)
            .FirstOrDefaultAsync(ct);
        if (last == registration.Hash && !force)
            return new Registered.NoChange();

        var named = registration.Orders.Select(o => o.Order.Id).ToHashSet();
        var orders = await db.Orders.AsTracking().ToDictionaryAsync(o => o.Id, ct);
        var active = orders.Values.Where(o => o.ArchivedAt is null).ToList();
        var gone = active.Where(o => !named.Contains(o.Id)).ToList();
        if (!confirmed && active.Count >= GuardFrom && gone.Count * 5 > active.Count)
            return new Registered.TooManyGone(gone.Count, active.Count);

        await PeopleAsync(db, registration, now, ct);
        foreach (var entry in registration.Orders)
            Keep(db, orders, entry.Order, now);
        foreach (var order in gone)
            order.ArchivedAt = now;
        await db.SaveChangesAsync(ct);

        await LinkPeopleAsync(db, registration, ct);
        var fresh = await LinkShipmentsAsync(db, registration, now, ct);
        await FactsAsync(db, registration, orders, now, ct);
        db.Registrations.Add(
            new RegistrationRow
            {
                At = now,
                Host = Environment.MachineName,
                Source = registration.Source,
                Hash = registration.Hash,
                Orders = registration.Orders.Count,
                People = registration.People.Count,
                Archived = gone.Count,
            }
        );
        await db.SaveChangesAsync(ct);
        await RetireShipmentsAsync(db, now, ct);
        await TellOfLostDeadlinesAsync(db, gone, now, ct);
        await transaction.CommitAsync(ct);

        Applied(logger, registration.Orders.Count, registration.People.Count, registration.Source);
        foreach (var order in gone)
            Archived(logger, order.Id);
        return new Registered.Applied(
            registration.Orders.Count,
            registration.People.Count,
            fresh,
            [.. gone.Select(o => o.Id)]
        );
    }

    private static async Task PeopleAsync(
        TrackWatchDb db,
        Registration registration,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var stored = await db.People.AsTracking().ToDictionaryAsync(p => p.Id, ct);
        foreach (var person in registration.People)
        {
            if (!stored.TryGetValue(person.Id, out var row))
                db.People.Add(new PersonRow { Id = person.Id, Profile = person });
            else
            {
                row.ArchivedAt = null;
                if (DomainJson.Write(row.Profile) == DomainJson.Write(person))
                    continue;
                // Another digest time or zone: the next digest is planned anew.
                if (
                    row.Profile.Digest.At != person.Digest.At
                    || row.Profile.Digest.Rhythm != person.Digest.Rhythm
                    || row.Profile.TimeZone != person.TimeZone
                )
                    row.NextDigestAt = row.NextDigestAt is null ? null : now;
                row.Profile = person;
            }
        }
        foreach (
            var row in stored.Values.Where(r => r.ArchivedAt is null && registration.People.All(p => p.Id != r.Id))
        )
            row.ArchivedAt = now;
    }

    private static void Keep(TrackWatchDb db, Dictionary<string, OrderRow> orders, Order order, DateTimeOffset now)
    {
        if (!orders.TryGetValue(order.Id, out var row))
        {
            row = new OrderRow
            {
                Id = order.Id,
                Definition = order,
                RegisteredAt = now,
                NextAssessmentAt = now,
            };
            orders.Add(order.Id, row);
            db.Orders.Add(row);
        }
        else if (row.ArchivedAt is not null || DomainJson.Write(row.Definition) != DomainJson.Write(order))
        {
            row.Definition = order;
            row.ArchivedAt = null;
            row.NextAssessmentAt = now;
        }
    }

    private static async Task LinkPeopleAsync(TrackWatchDb db, Registration registration, CancellationToken ct)
    {
        var ids = registration.Orders.Select(o => o.Order.Id).ToList();
        var stored = await db.OrderPeople.AsTracking().Where(l => ids.Contains(l.OrderId)).ToListAsync(ct);
        var wanted = registration
            .Orders.SelectMany(o => o.Order.People.Select((person, position) => (o.Order.Id, person, position)))
            .ToDictionary(l => (l.Id, l.person), l => l.position);
        foreach (var link in stored)
            if (wanted.Remove((link.OrderId, link.PersonId), out var position))
                link.Position = position;
            else
                db.OrderPeople.Remove(link);
        foreach (var ((order, person), position) in wanted)
            db.OrderPeople.Add(
                new OrderPersonRow
                {
                    OrderId = order,
                    PersonId = person,
                    Position = position,
                }
            );
    }

    /// <returns>How many numbers are new.</returns>
    private static async Task<int> LinkShipmentsAsync(
        TrackWatchDb db,
        Registration registration,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var parcels = registration
            .Orders.SelectMany(o =>
                o.Order.Tracking.Select((parcel, position) => (o.Order, Parcel: parcel, Position: position))
            )
            .ToList();
        var numbers = parcels.Select(p => p.Parcel.Number).Distinct().ToList();
        var shipments = await db
            .Shipments.AsTracking()
            .Where(s => numbers.Contains(s.Number))
            .ToDictionaryAsync(s => s.Number, ct);
        var fresh = 0;
        foreach (var (order, parcel, _) in parcels)
        {
            if (!shipments.TryGetValue(parcel.Number, out var row))
            {
                row = new ShipmentRow { Number = parcel.Number, RegisteredAt = now };
                shipments.Add(parcel.Number, row);
                db.Shipments.Add(row);
                fresh++;
            }
            // Another source may know more than the last one did.
            if (
                row.ArchivedAt is not null
                || (parcel.Provider is not null && row.WantedProvider != parcel.Provider)
                || (parcel.Carrier is not null && row.Carrier != parcel.Carrier)
            )
                row.Plan = null;
            row.ArchivedAt = null;
            row.WantedProvider = parcel.Provider ?? row.WantedProvider;
            row.Carrier = parcel.Carrier ?? row.Carrier;
            row.Country = order.ShipTo?.Country ?? row.Country;
            row.Postcode = order.ShipTo?.Postcode ?? row.Postcode;
        }
        foreach (var named in parcels.GroupBy(p => p.Parcel.Number))
            shipments[named.Key].NotBefore = OrderDate.NotBefore(named.Select(p => p.Order));
        await db.SaveChangesAsync(ct);

        var ids = registration.Orders.Select(o => o.Order.Id).ToList();
        var links = await db.OrderShipments.AsTracking().Where(l => ids.Contains(l.OrderId)).ToListAsync(ct);
        var wanted = parcels.ToDictionary(p => (p.Order.Id, shipments[p.Parcel.Number].Id), p => p.Position);
        foreach (var link in links)
            if (wanted.Remove((link.OrderId, link.ShipmentId), out var position))
                link.Position = position;
            else
                db.OrderShipments.Remove(link);
        foreach (var ((order, shipment), position) in wanted)
            db.OrderShipments.Add(
                new OrderShipmentRow
                {
                    OrderId = order,
                    ShipmentId = shipment,
                    Position = position,
                }
            );
        return fresh;
    }

    /// <summary>The file's facts are replaced as a set; one that it says as before keeps the moment it was first told.</summary>
    private static async Task FactsAsync(
        TrackWatchDb db,
        Registration registration,
        Dictionary<string, OrderRow> orders,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var ids = registration.Orders.Select(o => o.Order.Id).ToList();
        var stored = (
            await db
                .Facts.AsTracking()
                .Where(f => ids.Contains(f.OrderId) && f.Origin == FactOrigin.File && f.UndoneAt == null)
                .ToListAsync(ct)
        ).ToLookup(f => f.OrderId);
        foreach (var entry in registration.Orders)
        {
            var before = stored[entry.Order.Id].ToList();
            var change = FileFacts.Change([.. before.Select(f => f.Value)], entry.Facts);
            foreach (var row in before.Where(f => change.Gone.Contains(f.Value)))
                row.UndoneAt = now;
            foreach (var fact in change.Told)
                db.Facts.Add(FactRow(entry.Order.Id, fact, FactOrigin.File, now));
            if (change.IsChange)
                orders[entry.Order.Id].NextAssessmentAt = now;
        }
    }

    private static FactRow FactRow(string orderId, Fact fact, FactOrigin origin, DateTimeOffset now) =>
        new()
        {
            OrderId = orderId,
            Key = fact.Key,
            Value = fact,
            Origin = origin,
            ToldAt = now,
        };

    /// <summary>Numbers that no order names any more are not asked about any more.</summary>
    private static async Task RetireShipmentsAsync(TrackWatchDb db, DateTimeOffset now, CancellationToken ct)
    {
        await db
            .Shipments.Where(s =>
                s.ArchivedAt == null
                && !db.OrderShipments.Any(l =>
                    l.ShipmentId == s.Id && db.Orders.Any(o => o.Id == l.OrderId && o.ArchivedAt == null)
                )
            )
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.ArchivedAt, now), ct);
        await db
            .ShipmentSources.Where(w =>
                w.NextPollAt != null && db.Shipments.Any(s => s.Id == w.ShipmentId && s.ArchivedAt != null)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.NextPollAt, (DateTimeOffset?)null), ct);
    }

    private static async Task TellOfLostDeadlinesAsync(
        TrackWatchDb db,
        List<OrderRow> gone,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var ids = gone.Select(o => o.Id).ToList();
        var today = Days.In(TimeZoneInfo.Utc, now);
        var open = await db
            .Deadlines.Where(d => ids.Contains(d.OrderId) && d.LastSafeDay >= today && !d.Assumed)
            .Where(d => Deadline.ForAction.Contains(d.Role))
            .GroupBy(d => d.OrderId)
            .Select(g => new { Order = g.Key, LastDay = g.Min(d => d.LastSafeDay) })
            .ToListAsync(ct);
        foreach (var order in open)
            await Outbox.TellOperatorAsync(
                (NpgsqlConnection)db.Database.GetDbConnection(),
                $"order-gone/{order.Order}/{order.LastDay:yyyy-MM-dd}",
                new OperatorNews.OrderGone(order.Order, order.LastDay),
                now,
                ct
            );
    }

    /// <summary>Writes down a fact that a command or a mail told.</summary>
    /// <returns>False where there is no such order.</returns>
    public async Task<bool> TellAsync(
        string orderId,
        Fact fact,
        FactOrigin origin,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await TellAsync(db, orderId, fact, origin, now, ct) is null)
            return false;
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>The same within the caller's transaction, who also saves.</summary>
    /// <returns>Null where there is no such order.</returns>
    public static async Task<FactRow?> TellAsync(
        TrackWatchDb db,
        string orderId,
        Fact fact,
        FactOrigin origin,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var order = await db.Orders.AsTracking().SingleOrDefaultAsync(o => o.Id == orderId && o.ArchivedAt == null, ct);
        if (order is null)
            return null;
        order.NextAssessmentAt = now;
        return db.Facts.Add(FactRow(orderId, fact, origin, now)).Entity;
    }

    /// <summary>Takes back the newest fact that was not told by the file.</summary>
    /// <returns>The fact; null where there is none to take back.</returns>
    public async Task<Fact?> UndoAsync(string orderId, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await UndoAsync(db, orderId, now, ct) is not { } fact)
            return null;
        await db.SaveChangesAsync(ct);
        return fact.Value;
    }

    /// <summary>The same within the caller's transaction, who also saves.</summary>
    public static async Task<FactRow?> UndoAsync(
        TrackWatchDb db,
        string orderId,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var fact = await db
            .Facts.AsTracking()
            .Where(f => f.OrderId == orderId && f.Origin != FactOrigin.File && f.UndoneAt == null)
            .OrderByDescending(f => f.Id)
            .FirstOrDefaultAsync(ct);
        if (fact is null)
            return null;
        // Both in one save: an assessment in between would still see the fact, and put the order to rest.
        fact.UndoneAt = now;
        (await db.Orders.AsTracking().SingleAsync(o => o.Id == orderId, ct)).NextAssessmentAt = now;
        return fact;
    }

    [LoggerMessage(101, LogLevel.Information, "Orders read: {Orders}, people: {People}, from {Source}")]
    private static partial void Applied(ILogger logger, int orders, int people, string source);

    [LoggerMessage(102, LogLevel.Information, "Order {Order} is no longer in the files: archived, its history stays")]
    private static partial void Archived(ILogger logger, string order);
}
