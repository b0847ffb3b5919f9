using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>
/// The journey that the tables recorded: what each source had said when, what was told when and when sources were silent.
/// Of orders and people the present state is known, and stands for all the time since they were registered.
/// </summary>
internal static class RecordedJourney
{
    /// <param name="only">Ids of the orders to take; null = all that are not archived.</param>
    public static async Task<Journey> ReadAsync(
        Session session,
        IReadOnlyCollection<string>? only,
        CancellationToken ct
    )
    {
        await using var db = await session.OpenDbAsync(ct);
        var ids =
            only
            ?? await db.Orders.Where(o => o.ArchivedAt == null).OrderBy(o => o.Id).Select(o => o.Id).ToListAsync(ct);
        var orders = await session.LoadAsync(db, ids, ct);
        var facts = await db.Facts.Where(f => ids.Contains(f.OrderId)).OrderBy(f => f.Id).ToListAsync(ct);
        var shipments = orders.SelectMany(o => o.Shipments).DistinctBy(s => s.Id).ToList();
        return new Journey
        {
            People = [.. orders.SelectMany(o => o.People).DistinctBy(p => p.Id)],
            Orders =
            [
                .. orders
                    .Where(o => o.People.Count > 0)
                    .OrderBy(o => o.Row.RegisteredAt)
                    .Select(o => new OrderSaid(
                        o.Row.RegisteredAt,
                        o.Row.Definition with
                        {
                            People = [.. o.People.Select(p => p.Id)],
                        }
                    )),
            ],
            Facts =
            [
                .. facts.Select(f => new FactSaid(f.OrderId, new ToldFact(f.Value, f.Origin, f.ToldAt), f.UndoneAt)),
            ],
            Sayings = await SayingsAsync(session, db, shipments, ct),
            Outages = await OutagesAsync(session, ct),
            ShipmentIds = shipments.ToDictionary(s => s.Number, s => s.Id),
        };
    }

    /// <summary>The kept words of the sources, read by today's mappers.</summary>
    private static async Task<Dictionary<SourceKey, IReadOnlyList<Saying>>> SayingsAsync(
        Session session,
        TrackWatchDb db,
        IReadOnlyList<ShipmentRow> shipments,
        CancellationToken ct
    )
    {
        var providers = session.Get<IEnumerable<ITrackingProvider>>().ToDictionary(p => p.Id);
        var ids = shipments.Select(s => s.Id).ToList();
        var byId = shipments.ToDictionary(s => s.Id);
        return (await db.Payloads.Where(p => ids.Contains(p.ShipmentId)).OrderBy(p => p.Id).ToListAsync(ct))
            .Where(p => providers.ContainsKey(p.Provider))
            .GroupBy(p => new SourceKey(p.Provider, p.Number))
            .ToDictionary(
                kept => kept.Key,
                kept =>
                    (IReadOnlyList<Saying>)
                        [
                            .. kept.Select(p => new Saying(
                                    p.FetchedAt,
                                    Read(providers[p.Provider], byId[p.ShipmentId], p)
                                ))
                                .Where(said => said.Outcome.Kind.IsAnswer()),
                        ]
            );
    }

    private static PollOutcome Read(ITrackingProvider provider, ShipmentRow s, PayloadRow payload) =>
        provider.Read(
            new PollQuestion(payload.Number, s.RegisteredAt, s.Carrier, s.Country, s.Postcode),
            Encoding.UTF8.GetBytes(payload.Body),
            payload.FetchedAt
        );

    /// <summary>From the first question without an answer to the next answer, by the poll log; one that lasts ends now.</summary>
    private static async Task<IReadOnlyList<Outage>> OutagesAsync(Session session, CancellationToken ct)
    {
        await using var look = session
            .Get<NpgsqlDataSource>()
            .CreateCommand(
                """
                with asked as (
                    select provider, at, bool_or(outcome in ('Ok', 'NotFound', 'Rejected')) as answered, min(outcome) as outcome
                    from polls group by provider, at
                ), spans as (
                    select *, row_number() over (partition by provider order by at)
                            - row_number() over (partition by provider, answered order by at) as span
                    from asked
                )
                select s.provider, min(s.at), min(s.outcome),
                       (select min(a.at) from asked a where a.provider = s.provider and a.answered and a.at > max(s.at))
                from spans s where not s.answered group by s.provider, s.span order by 2
                """
            );
        var outages = new List<Outage>();
        await using var row = await look.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            outages.Add(
                new Outage(
                    row.GetString(0),
                    row.GetFieldValue<DateTimeOffset>(1),
                    row.IsDBNull(3) ? session.Now : row.GetFieldValue<DateTimeOffset>(3),
                    Trouble(Enum.Parse<PollOutcomeKind>(row.GetString(2)))
                )
            );
        return outages;
    }

    private static PollOutcome Trouble(PollOutcomeKind kind) =>
        kind switch
        {
            PollOutcomeKind.Blocked => new PollOutcome.Blocked("as recorded"),
            PollOutcomeKind.Throttled => new PollOutcome.Throttled("as recorded"),
            _ => new PollOutcome.Failed("as recorded"),
        };
}
