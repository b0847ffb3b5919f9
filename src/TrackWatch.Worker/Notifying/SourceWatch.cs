using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Notifying;

/// <summary>Tells the operator once when a source has been silent for too long, and once when it is back.</summary>
internal sealed class SourceWatch(NpgsqlDataSource source, PollingSettings settings)
{
    public async Task TellOfOutagesAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var found = await LookAsync(connection, ct);
        var after = SourceHealth.ToldAfter(found.Select(f => f.Health), settings.OutageAfter, now);
        foreach (var (provider, health, news) in found)
        {
            switch (health.NewsAt(now, after))
            {
                case OutageNews.Silent:
                    await TellAsync($"{SilentInstance(provider)}{health.SilentSince!.Value.UtcTicks}", news, now);
                    break;
                case OutageNews.Back:
                    var since = health.ToldAt!.Value;
                    await TellAsync(
                        $"source-back/{provider}/{since.UtcTicks}",
                        new OperatorNews.SourceBack(provider, since),
                        null
                    );
                    break;
            }

            async Task TellAsync(string instance, OperatorNews said, DateTimeOffset? toldAt)
            {
                await Outbox.TellOperatorAsync(connection, instance, said, now, ct);
                await using var told = new NpgsqlCommand(
                    "update provider_health set outage_told_at = $2 where provider = $1",
                    connection
                );
                await told.With(P(provider), At(toldAt)).ExecuteNonQueryAsync(ct);
            }
        }
        await transaction.CommitAsync(ct);
    }

    /// <summary>How the news of every silence of a source begin.</summary>
    public static string SilentInstance(string provider) => $"source-silent/{provider}/";

    /// <summary>The sources that are silent and not yet told of, or told of and not silent any more.</summary>
    private static async Task<List<(string Provider, SourceHealth Health, OperatorNews Silent)>> LookAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        await using var look = new NpgsqlCommand(
            """
            select h.provider, h.silent_since, h.outage_told_at, h.last_success_at, h.trouble, h.detail,
                   (select count(*) from shipment_sources s where s.provider = h.provider and s.next_poll_at is not null)
            from provider_health h
            where (h.silent_since is null) <> (h.outage_told_at is null)
            for update of h skip locked
            """,
            connection
        );
        var found = new List<(string, SourceHealth, OperatorNews)>();
        await using var row = await look.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var health = new SourceHealth(LastSuccessAt: Instant(3), SilentSince: Instant(1), ToldAt: Instant(2));
            var trouble = row.IsDBNull(5) ? Text(4) : $"{Text(4)}: {Text(5)}";
            found.Add(
                (
                    row.GetString(0),
                    health,
                    new OperatorNews.SourceSilent(row.GetString(0), health.LastSuccessAt, trouble, (int)row.GetInt64(6))
                )
            );
        }
        return found;

        DateTimeOffset? Instant(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
        string Text(int column) => row.IsDBNull(column) ? "" : row.GetString(column);
    }
}
