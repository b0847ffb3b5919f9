using System.Text;
using System.Text.Json;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>
/// Reads fields of other people's JSON: null, absent, "" and a value of the wrong kind are all the same nothing, and a
/// number may be written as a string or the other way round. Nothing here throws for what a provider sent.
/// </summary>
internal static class JsonFields
{
    /// <summary>Longer texts are cut: no carrier's sentence comes near it.</summary>
    public const int MaxText = 1000;

    public static JsonElement Field(this JsonElement json, string name)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            return default; // a name with half a surrogate pair stands in the way
        }
    }

    /// <summary>Trimmed, without control characters (PostgreSQL stores no NUL), at most <see cref="MaxText"/> long; null where nothing remains.</summary>
    public static string? Text(this JsonElement json, string name) => json.Field(name).Text();

    /// <inheritdoc cref="Text(JsonElement, string)"/>
    public static string? Text(this JsonElement json) =>
        Clean(
            json.ValueKind switch
            {
                JsonValueKind.String => TextOf(json),
                JsonValueKind.Number => json.GetRawText(),
                _ => null,
            }
        );

    /// <summary>A whole number, written as one or as a string.</summary>
    public static long? Integer(this JsonElement json, string name)
    {
        var field = json.Field(name);
        return field.ValueKind switch
        {
            JsonValueKind.Number when field.TryGetInt64(out var number) => number,
            JsonValueKind.Number when field.TryGetDouble(out var number) && Math.Abs(number) < 1e18 => (long)number,
            JsonValueKind.String when long.TryParse(TextOf(field), Invariant, out var number) => number,
            _ => null,
        };
    }

    /// <summary>Milliseconds since 1970; null where they lead out of the calendar.</summary>
    public static DateTimeOffset? EpochMilliseconds(this JsonElement json, string name) =>
        json.Integer(name) is { } milliseconds && milliseconds is > 0 and < 253_402_300_799_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private static System.Globalization.CultureInfo Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private static string? TextOf(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return MendedTextOf(json); // half a surrogate pair, or bytes that are no UTF-8
        }
    }

    private static string? MendedTextOf(JsonElement json)
    {
        try
        {
            using var mended = JsonDocument.Parse(Sql.CleanJson(json.GetRawText()));
            return mended.RootElement.GetString();
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            return null;
        }
    }

    private static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var clean = text.AsSpan().Trim();
        if (clean.Length > MaxText)
            clean = clean[..(char.IsHighSurrogate(clean[MaxText - 1]) ? MaxText - 1 : MaxText)];
        if (!clean.ContainsAnyInRange('\0', '\x1f') && !clean.Contains('\x7f'))
            return clean.Length == text.Length ? text : clean.ToString();
        var kept = new StringBuilder(clean.Length);
        foreach (var c in clean)
            if (c is '\t' or '\n' or '\r')
                kept.Append(' ');
            else if (!char.IsControl(c))
                kept.Append(c);
        return kept.ToString().Trim() is { Length: > 0 } text2 ? text2 : null;
    }
}
