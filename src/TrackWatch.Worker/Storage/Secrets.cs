using System.Security.Cryptography;
using Npgsql;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Storage;

/// <summary>The keys that all workers of a database share. They are made by chance at the first need and never leave it.</summary>
internal sealed class Secrets(NpgsqlDataSource source)
{
    private const int Bytes = 32;
    private byte[]? replyKey;

    /// <summary>Seals the tokens of answers, and the Message-IDs that they may refer to instead.</summary>
    public async ValueTask<byte[]> ReplyKeyAsync(CancellationToken ct) => replyKey ??= await ReadAsync("reply-key", ct);

    private async Task<byte[]> ReadAsync(string name, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        // Of two workers that make one at the same time, the first one's stays.
        batch.Add(
            "insert into secrets (name, value) values ($1, $2) on conflict do nothing",
            P(name),
            P(RandomNumberGenerator.GetBytes(Bytes))
        );
        await batch.ExecuteNonQueryAsync(ct);
        await using var read = new NpgsqlCommand("select value from secrets where name = $1", connection).With(P(name));
        return (byte[])(await read.ExecuteScalarAsync(ct))!;
    }
}
