using Npgsql;
using NpgsqlTypes;

namespace TrackWatch.Worker.Storage;

/// <summary>Shorthands for the set-based statements of the hot paths.</summary>
internal static class Sql
{
    /// <summary>Adds a statement; its parameters are <c>$1 …</c> in the order given.</summary>
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlCommand With(this NpgsqlCommand command, params NpgsqlParameter[] parameters)
    {
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter P<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>An instant; <c>timestamptz</c> wants UTC.</summary>
    public static NpgsqlParameter At(DateTimeOffset at) => P(at.ToUniversalTime());

    public static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new NpgsqlParameter<string?[]>
        {
            TypedValue = [.. values],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        };

    public static NpgsqlParameter Instants(IEnumerable<DateTimeOffset?> values) =>
        new NpgsqlParameter<DateTimeOffset?[]>
        {
            TypedValue = [.. values.Select(v => v?.ToUniversalTime())],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        };

    public static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new NpgsqlParameter<T[]> { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | type };

    public static NpgsqlParameter Longs(IEnumerable<long> values) => Array(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Ints(IEnumerable<int> values) => Array(values, NpgsqlDbType.Integer);

    public static NpgsqlParameter Flags(IEnumerable<bool> values) => Array(values, NpgsqlDbType.Boolean);

    /// <summary>PostgreSQL text has no NUL; sources have sent one.</summary>
    public static string? Clean(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>JSON for a <c>jsonb</c> column, which knows no <c>\u0000</c>.</summary>
    public static string CleanJson(string json) =>
        json.Replace("\\u0000", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal);
}
