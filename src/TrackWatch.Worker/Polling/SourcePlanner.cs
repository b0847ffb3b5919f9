using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Polling;

/// <summary>
/// Writes down which sources are asked about each shipment: for new ones, for those whose number for the last mile became
/// known, and for all where other sources are switched on than before.
/// </summary>
internal sealed class SourcePlanner(
    NpgsqlDataSource source,
    IEnumerable<ITrackingProvider> providers,
    PollingSettings settings
)
{
    private const int BatchSize = 500;

    /// <summary>Another program may recognise more numbers.</summary>
    private static readonly string Version = typeof(SourcePlanner).Module.ModuleVersionId.ToString("N")[..8];

    private readonly SourceOffer offer = Offer(providers, settings);
    private bool looked;

    public static SourceOffer Offer(IEnumerable<ITrackingProvider> providers, PollingSettings settings)
    {
        var known = providers.ToDictionary(p => p.Id);
        return new SourceOffer(
            [.. known.Keys],
            settings.Prefer,
            (provider, number, verdict, carrier) => known[provider].Covers(number, verdict, carrier)
        );
    }

    private readonly string key =
        $"{Version} {string.Join(',', providers.Select(p => p.Id + p.CoverKey))} {string.Join(',', settings.Prefer)}";

    /// <summary>Plans what is not planned yet; costs a look into an empty index where everything is.</summary>
    public async Task PlanAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (!looked)
        {
            await using var stale = source.CreateCommand(
                "update shipments set plan = null where plan is distinct from $1 and plan is not null and archived_at is null"
            );
            await stale.With(P(key)).ExecuteNonQueryAsync(ct);
            looked = true;
        }
        while (await PlanBatchAsync(now, ct) == BatchSize) { }
    }

    private sealed record Unplanned(
        long Id,
        string Number,
        string? Wanted,
        string? Carrier,
        string? Handover,
        string? HandoverCarrier,
        string[] HandoverTellers
    );

    private async Task<int> PlanBatchAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var unplanned = new List<Unplanned>();
        await using (
            var look = new NpgsqlCommand(
                """
                select id, number, wanted_provider, carrier, summary->>'lastMileNumber', summary->>'lastMileCarrier',
                    array(select w.provider from shipment_sources w where w.shipment_id = s.id and w.summary->>'lastMileNumber' = s.summary->>'lastMileNumber')
                from shipments s
                where plan is null and archived_at is null order by id limit $1 for no key update of s skip locked
                """,
                connection
            ).With(P(BatchSize))
        )
        await using (var row = await look.ExecuteReaderAsync(ct))
            while (await row.ReadAsync(ct))
                unplanned.Add(
                    new Unplanned(
                        row.GetInt64(0),
                        row.GetString(1),
                        Text(row, 2),
                        Text(row, 3),
                        Text(row, 4),
                        Text(row, 5),
                        row.GetFieldValue<string[]>(6)
                    )
                );
        if (unplanned.Count == 0)
            return 0;
        var wanted = unplanned
            .SelectMany(u =>
                offer
                    .For(u.Number, u.Wanted, u.Carrier)
                    .Select((provider, rank) => (u.Id, Provider: provider, u.Number, Rank: rank))
                    .Concat(
                        Handover(u) is { } handover
                            ? offer
                                .ForHandover(handover, u.HandoverCarrier, u.HandoverTellers)
                                .Select((provider, rank) => (u.Id, Provider: provider, Number: handover, Rank: rank))
                            : []
                    )
            )
            .ToList();
        await using var batch = new NpgsqlBatch(connection);
        // What is not in the plan any more is not asked; what it told stays.
        batch.Add(
            """
            update shipment_sources w set next_poll_at = null
            where w.shipment_id = any($1) and w.next_poll_at is not null
              and not exists (
                select from unnest($2, $3, $4) as u(shipment_id, provider, number)
                where u.shipment_id = w.shipment_id and u.provider = w.provider and u.number = w.number
              )
            """,
            Longs(unplanned.Select(u => u.Id)),
            Longs(wanted.Select(w => w.Id)),
            Texts(wanted.Select(w => w.Provider)),
            Texts(wanted.Select(w => w.Number))
        );
        batch.Add(
            """
            insert into shipment_sources as w (shipment_id, provider, number, rank, planned_at, answers_since_final, not_found_in_a_row,
                next_poll_at, stands_by, stopped, urgent, summary)
            select u.shipment_id, u.provider, u.number, u.rank, $5, 0, 0, $5, false, false, s.urgent, '{}'
            from unnest($1, $2, $3, $4) as u(shipment_id, provider, number, rank) join shipments s on s.id = u.shipment_id
            on conflict (shipment_id, provider, number) do update set
                rank = excluded.rank,
                -- One that was asked to the end, or can never know the number, stays at rest.
                next_poll_at = case
                    when w.next_poll_at is not null or w.last_outcome = 'Rejected' then w.next_poll_at
                    when (select status from shipments where id = w.shipment_id) in ('Delivered', 'Returned') then null
                    else excluded.next_poll_at end
            """,
            Longs(wanted.Select(w => w.Id)),
            Texts(wanted.Select(w => w.Provider)),
            Texts(wanted.Select(w => w.Number)),
            Array(wanted.Select(w => (short)w.Rank), NpgsqlTypes.NpgsqlDbType.Smallint),
            At(now)
        );
        batch.Add("update shipments set plan = $2 where id = any($1)", Longs(unplanned.Select(u => u.Id)), P(key));
        await batch.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return unplanned.Count;
    }

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>The last mile's number where it is another one than the parcel's own.</summary>
    private static string? Handover(Unplanned shipment) =>
        TrackingNumber.TryParse(shipment.Handover, out var number) && number.Value != shipment.Number
            ? number.Value
            : null;
}
