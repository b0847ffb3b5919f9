using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Recording;

/// <summary>Reads the histories that answers are held against: the newest wording of every event, oldest first.</summary>
internal static class StoredHistory
{
    /// <returns>By shipment; one without events is not in it.</returns>
    public static async Task<Dictionary<long, List<StoredEvent>>> LoadAsync(
        NpgsqlConnection connection,
        long[] shipments,
        CancellationToken ct
    )
    {
        var histories = new Dictionary<long, List<StoredEvent>>();
        if (shipments.Length == 0)
            return histories;
        await using var command = new NpgsqlCommand(
            """
            select e.id, e.shipment_id, e.code, e.time_as_sent, coalesce(t.place, e.place), e.ordinal, coalesce(t.text, e.text),
                   e.wall, e.offset_minutes, e.at, e.quality, e.status, e.leg, e.weight, e.action_needed, e.customs_trouble
            from tracking_events e
            left join lateral (
                select text, place from event_texts where event_id = e.id order by seen_at desc limit 1
            ) t on true
            where e.shipment_id = any($1)
            order by e.id
            """,
            connection
        ).With(Longs(shipments));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var e = new ReportedEvent
            {
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
            if (!histories.TryGetValue(row.GetInt64(1), out var history))
                histories[row.GetInt64(1)] = history = [];
            history.Add(new StoredEvent(known, e));
        }
        return histories;
    }
}
