using Npgsql;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Telemetry;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Running;

/// <summary>Measures the levels that gauges and health show.</summary>
internal sealed class Housekeeping(NpgsqlDataSource source, TimeProvider clock)
{
    public async Task LookAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            select (select count(*) from stalls where closed_at is null),
                   (select count(*) from shipment_sources where next_poll_at <= $1),
                   (select count(*) from mails where next_attempt_at is not null),
                   (select min(composed_at) from mails where next_attempt_at is not null)
            """,
            At(now)
        );
        batch.Add("select provider, breaker_open_until > $1 from provider_health", At(now));
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var (stalls, due, waiting) = (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
        var age = row.IsDBNull(3) ? TimeSpan.Zero : now - row.GetFieldValue<DateTimeOffset>(3);
        await row.NextResultAsync(ct);
        var breakers = new Dictionary<string, bool>();
        while (await row.ReadAsync(ct))
            breakers[row.GetString(0)] = !row.IsDBNull(1) && row.GetBoolean(1);
        Instruments.Show(new Instruments.Levels(stalls, due, waiting, Math.Max(0, age.TotalSeconds), breakers));
    }
}
