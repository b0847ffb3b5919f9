using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace TrackWatch.Worker.Storage;

/// <summary>Shorthands for the set-based statements of the hot paths.</summary>
internal static partial class Sql
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

    public static NpgsqlParameter At(DateTimeOffset? at) =>
        new()
        {
            Value = at is { } known ? known.ToUniversalTime() : DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.TimestampTz,
        };

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

    /// <summary>Text that PostgreSQL can store: without NUL, and with � for half a surrogate pair; sources have sent both.</summary>
    public static string? Clean(string? text) =>
        text is null || !text.AsSpan().ContainsAny(Unstorable)
            ? text
            : WholePairs(text.Replace("\0", "", StringComparison.Ordinal));

    /// <summary>JSON for a <c>jsonb</c> column, which knows neither of them as an escape.</summary>
    public static string CleanJson(string json) =>
        Clean(json)! is var clean && clean.Contains("\\u", StringComparison.Ordinal)
            ? Escape()
                .Replace(
                    clean,
                    escape =>
                        escape.Groups["nul"].Success ? ""
                        : escape.Groups["half"].Success ? "\\ufffd"
                        : escape.Value
                )
            : clean;

    private static readonly System.Buffers.SearchValues<char> Unstorable = System.Buffers.SearchValues.Create([
        '\0',
        .. Enumerable.Range(0xD800, 0x800).Select(c => (char)c),
    ]);

    private static string WholePairs(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    // From the left, so that what follows an escaped backslash is not taken for an escape.
    [GeneratedRegex(
        @"\\u(?:(?<nul>0000)|(?<pair>[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?<half>[dD][89a-fA-F][0-9a-fA-F]{2}))|\\."
    )]
    private static partial Regex Escape();
}
