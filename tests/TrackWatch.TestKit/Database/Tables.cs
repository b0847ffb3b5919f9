using System.Globalization;
using Npgsql;

namespace TrackWatch.TestKit.Database;

/// <summary>A look into a database from outside; every question is a connection of its own, so that restarts do no harm.</summary>
public sealed class Tables(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");

    public async Task<long> CountAsync(string sql) =>
        Convert.ToInt64(await ScalarAsync(sql), CultureInfo.InvariantCulture);

    /// <returns>Null where there is no row, or null in it.</returns>
    public async Task<string?> TextAsync(string sql) => await ScalarAsync(sql) as string;

    /// <summary>The first column.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await row.ReadAsync())
            list.Add(Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!);
        return list;
    }

    public async Task<int> DoAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }
}
