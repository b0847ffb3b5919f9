using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Recording;

/// <summary>All that is on file about one shipment: what its sources told, oldest first and in the newest wording, and what they summed up.</summary>
internal sealed record StoredHistory(
    List<StoredEvent> Events,
    IReadOnlyList<(SourceKey Source, ParcelSummary Summary)> Summaries
)
{
    private static readonly StoredHistory Nothing = new([], []);

    public static StoredHistory Of(IReadOnlyDictionary<long, StoredHistory> histories, long shipment) =>
        histories.GetValueOrDefault(shipment, Nothing);

    public KnownSummaries SummariesFor(SourceKey source) =>
        new(
            Summaries.FirstOrDefault(s => s.Source == source).Summary ?? ParcelSummary.Empty,
            [.. Summaries.Where(s => s.Source != source).Select(s => s.Summary)]
        );

    /// <summary>Sources of one shipment are recorded one after the other: each must see what the other has told.</summary>
    /// <param name="shared">Shipments with more than one source; needs a transaction.</param>
    public static async Task HoldAsync(NpgsqlConnection connection, long[] shared, CancellationToken ct)
    {
        await using var hold = new NpgsqlCommand(
            "select pg_advisory_xact_lock($2, hashint8(id)) from (select unnest($1) as id order by 1) held",
            connection
        ).With(Longs(shared), P(LockSpace));
        await hold.ExecuteNonQueryAsync(ct);
    }

    private const int LockSpace = 0x7472_6563;

    /// <returns>By shipment; one of which nothing is on file is not in it.</returns>
    public static async Task<Dictionary<long, StoredHistory>> LoadAsync(
        NpgsqlConnection connection,
        long[] shipments,
        CancellationToken ct
    )
    {
        var histories = new Dictionary<long, StoredHistory>();
        if (shipments.Length == 0)
            return histories;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "select shipment_id, provider, number, summary from shipment_sources where shipment_id = any($1) order by number, rank",
            Longs(shipments)
        );
        batch.Add(
            """
            select e.id, e.shipment_id, e.code, e.time_as_sent, coalesce(t.place, e.place), e.ordinal, coalesce(t.text, e.text),
                   e.wall, e.offset_minutes, e.at, e.quality, e.status, e.leg, e.weight, e.action_needed, e.customs_trouble,
                   e.provider, e.number
            from tracking_events e
            left join lateral (
                select text, place from event_texts where event_id = e.id order by seen_at desc limit 1
            ) t on true
            where e.shipment_id = any($1)
            order by e.id
            """,
            Longs(shipments)
        );
        await using var row = await batch.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (!histories.TryGetValue(row.GetInt64(0), out var history))
                histories[row.GetInt64(0)] = history = new StoredHistory([], new List<(SourceKey, ParcelSummary)>());
            ((List<(SourceKey, ParcelSummary)>)history.Summaries).Add(
                (new SourceKey(row.GetString(1), row.GetString(2)), DomainJson.Read<ParcelSummary>(row.GetString(3)))
            );
        }
        await row.NextResultAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var e = new ReportedEvent
            {
                Source = new SourceKey(row.GetString(16), row.GetString(17)),
                Code = row.GetString(2),
                TimeAsSent = row.GetString(3),
                Place = row.IsDBNull(4) ? null : row.GetString(4),
                Text = row.GetString(6),
                Wall = row.GetDateTime(7),
                Offset = row.IsDBNull(8) ? null : TimeSpan.FromMinutes(row.GetInt16(8)),
                At = row.GetFieldValue<DateTimeOffset>(9),
                Quality = Enum.Parse<TimeQuality>(row.GetString(10)),
                Status = Enum.Parse<ParcelStatus>(row.GetString(11)),
                Leg = row.IsDBNull(12) ? null : Enum.Parse<Leg>(row.GetString(12)),
                Weight = Enum.Parse<EventWeight>(row.GetString(13)),
                ActionNeeded = row.GetBoolean(14),
                CustomsTrouble = row.GetBoolean(15),
            };
            var known = new KnownEvent(row.GetInt64(0), e.Code, e.TimeAsSent, e.Place, row.GetInt32(5), e.Text);
            histories[row.GetInt64(1)].Events.Add(new StoredEvent(known, e));
        }
        return histories;
    }
}
