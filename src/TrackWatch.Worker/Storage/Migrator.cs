using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace TrackWatch.Worker.Storage;

/// <summary>Brings the schema up to date; one worker does it, the others wait.</summary>
internal sealed partial class Migrator(IDbContextFactory<TrackWatchDb> contexts, ILogger<Migrator> logger)
{
    /// <summary>Any constant does, as long as every worker takes the same.</summary>
    private const long LockKey = 0x7472_6163_6b77;

    /// <returns>The names of the migrations that were applied, oldest first.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using (var take = new NpgsqlCommand("select pg_advisory_lock($1)", connection))
        {
            take.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
            // Another worker may be migrating: wait as long as that takes.
            take.CommandTimeout = 0;
            await take.ExecuteNonQueryAsync(ct);
        }
        try
        {
            var pending = (await db.Database.GetPendingMigrationsAsync(ct)).ToList();
            if (pending.Count > 0)
            {
                await db.Database.MigrateAsync(ct);
                Migrated(logger, pending.Count);
            }
            return pending;
        }
        finally
        {
            await using var release = new NpgsqlCommand("select pg_advisory_unlock($1)", connection);
            release.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LockKey });
            await release.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    [LoggerMessage(100, LogLevel.Information, "Brought the database up to date ({Count} migrations)")]
    private static partial void Migrated(ILogger logger, int count);
}
