using Npgsql;
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
        foreach (var silent in await SilentAsync(connection, now, ct))
        {
            await Outbox.TellOperatorAsync(
                connection,
                $"source-silent/{silent.Provider}/{silent.Since.UtcTicks}",
                silent.News,
                now,
                ct
            );
            await using var told = new NpgsqlCommand(
                "update provider_health set outage_told_at = $2 where provider = $1",
                connection
            );
            await told.With(P(silent.Provider), At(now)).ExecuteNonQueryAsync(ct);
        }
        foreach (var (provider, toldAt) in await BackAsync(connection, ct))
        {
            await Outbox.TellOperatorAsync(
                connection,
                $"source-back/{provider}/{toldAt.UtcTicks}",
                new OperatorNews.SourceBack(provider, toldAt),
                now,
                ct
            );
            await using var told = new NpgsqlCommand(
                "update provider_health set outage_told_at = null where provider = $1",
                connection
            );
            await told.With(P(provider)).ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
    }

    private async Task<List<(string Provider, DateTimeOffset Since, OperatorNews News)>> SilentAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var look = new NpgsqlCommand(
            """
            select h.provider, h.silent_since, h.last_success_at, h.trouble, h.detail,
                   (select count(*) from shipments s where s.provider = h.provider and s.archived_at is null and s.next_poll_at is not null)
            from provider_health h
            where h.silent_since <= $1 and h.outage_told_at is null
            for update of h skip locked
            """,
            connection
        ).With(At(now - settings.OutageAfter));
        var silent = new List<(string, DateTimeOffset, OperatorNews)>();
        await using var row = await look.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            silent.Add(
                (
                    row.GetString(0),
                    row.GetFieldValue<DateTimeOffset>(1),
                    new OperatorNews.SourceSilent(
                        row.GetString(0),
                        row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
                        row.IsDBNull(4) ? row.GetString(3) : $"{row.GetString(3)}: {row.GetString(4)}",
                        (int)row.GetInt64(5)
                    )
                )
            );
        return silent;
    }

    private static async Task<List<(string, DateTimeOffset)>> BackAsync(
        NpgsqlConnection connection,
        CancellationToken ct
    )
    {
        await using var look = new NpgsqlCommand(
            "select provider, outage_told_at from provider_health where silent_since is null and outage_told_at is not null for update skip locked",
            connection
        );
        var back = new List<(string, DateTimeOffset)>();
        await using var row = await look.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            back.Add((row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)));
        return back;
    }
}
