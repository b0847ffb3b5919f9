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

    /// <summary>Words in the names of properties that speak of a person, whoever named them.</summary>
    private static readonly string[] PersonalWords =
    [
        "recipient",
        "receiver",
        "receivedby",
        "consignee",
        "addressee",
        "signature",
        "signatory",
        "signedby",
        "signedfor",
        "deliveredto",
        "phone",
        "mobile",
        "telefon",
        "email",
        "street",
        "houseno",
        "housenumber",
        "firstname",
        "lastname",
        "surname",
        "fullname",
        "middlename",
        "customername",
        "contactname",
        "personname",
        "addressline",
        "neighbour",
        "neighbor",
    ];

    /// <summary>Whole names that do.</summary>
    private static readonly IReadOnlySet<string> PersonalNames = Of(
        "name",
        "contact",
        "person",
        "customer",
        "tel",
        "address",
        "address1",
        "address2"
    );

    /// <summary>
    /// For a source nobody has looked through: leaves out every property whose name is likely to speak of a person. An address
    /// in parts keeps its town.
    /// </summary>
    public static string WithoutLikely(ReadOnlyMemory<byte> entry) => Without(entry, IsLikely);

    /// <inheritdoc cref="WithoutLikely(ReadOnlyMemory{byte})"/>
    public static string WithoutLikely(JsonElement json) => Without(json, IsLikely);

    private static bool IsLikely(JsonProperty field)
    {
        var name = Plain(field.Name);
        return PersonalNames.Contains(name)
            ? name != "address" || field.Value.ValueKind != JsonValueKind.Object
            : Array.Exists(PersonalWords, word => name.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>A carrier's sentence without the name of the one who signed: "Delivered - signed for by: …".</summary>
    public static string? Unsigned(string? text) => text is null ? null : Signed().Replace(text, "$1 …");

    /// <param name="fields">Names of properties that are left out wherever they stand, case and underscores aside.</param>
    /// <returns>JSON without them; empty JSON text where the entry cannot be read.</returns>
    public static string Without(ReadOnlyMemory<byte> entry, IReadOnlySet<string> fields) =>
        Without(entry, field => fields.Contains(Plain(field.Name)));

    /// <inheritdoc cref="Without(ReadOnlyMemory{byte}, IReadOnlySet{string})"/>
    public static string Without(JsonElement json, IReadOnlySet<string> fields) =>
        Without(json, field => fields.Contains(Plain(field.Name)));

    private static string Without(ReadOnlyMemory<byte> entry, Func<JsonProperty, bool> isPersonal)
    {
        try
        {
            using var json = JsonDocument.Parse(Sql.CleanJson(Encoding.UTF8.GetString(entry.Span)));
            return Without(json.RootElement, isPersonal);
        }
        catch (JsonException)
        {
            return "{}";
        }
    }

    private static string Without(JsonElement json, Func<JsonProperty, bool> isPersonal)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Written))
            Write(writer, json, isPersonal);
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

    private static void Write(Utf8JsonWriter writer, JsonElement json, Func<JsonProperty, bool> isPersonal)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in json.EnumerateObject().Where(f => !isPersonal(f)))
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field.Value, isPersonal);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(writer, item, isPersonal);
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
