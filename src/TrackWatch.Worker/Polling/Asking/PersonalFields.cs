using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Takes out of a source's words what is about the person and not about the parcel.</summary>
internal static partial class PersonalFields
{
    // The JSON goes into a database, never into a page: Chinese may stay Chinese.
    private static readonly JsonWriterOptions Written = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A carrier's sentence without the name of the one who signed: "Delivered - signed for by: …".</summary>
    public static string? Unsigned(string? text) => text is null ? null : Signed().Replace(text, "$1 …");

    /// <param name="fields">Names of properties that are left out wherever they stand, case and underscores aside.</param>
    /// <returns>JSON without them; empty JSON text where the entry cannot be read.</returns>
    public static string Without(ReadOnlyMemory<byte> entry, IReadOnlySet<string> fields)
    {
        try
        {
            using var json = JsonDocument.Parse(Sql.CleanJson(Encoding.UTF8.GetString(entry.Span)));
            return Without(json.RootElement, fields);
        }
        catch (JsonException)
        {
            return "{}";
        }
    }

    /// <inheritdoc cref="Without(ReadOnlyMemory{byte}, IReadOnlySet{string})"/>
    public static string Without(JsonElement json, IReadOnlySet<string> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Written))
            Write(writer, json, fields);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A set of names as <see cref="Without(JsonElement, IReadOnlySet{string})"/> compares them.</summary>
    public static IReadOnlySet<string> Of(params ReadOnlySpan<string> names)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            set.Add(Plain(name));
        return set;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement json, IReadOnlySet<string> fields)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in json.EnumerateObject().Where(f => !fields.Contains(Plain(f.Name))))
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field.Value, fields);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(writer, item, fields);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String when Signed().IsMatch(json.GetRawText()):
                writer.WriteStringValue(Unsigned(json.Text()));
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    [GeneratedRegex(@"\b(signed\s+(?:for\s+)?by\b\s*:?)\s*\S.*", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Signed();

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
}
