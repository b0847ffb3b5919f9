using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>
/// Writes JSON Schemas (draft 2020-12) from the same declared types that the parser reads by, for editors. An editor guesses
/// values by YAML's own rules before it looks at the schema, so a text may be a number to it; a null is a key left out.
/// </summary>
internal static class JsonSchemaWriter
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema of <c>trackwatch.yaml</c>.</summary>
    public static string Settings() => Write(typeof(TrackWatchSettings), "TrackWatch settings (trackwatch.yaml)");

    /// <summary>The schema of any type that <see cref="YamlBinder"/> can bind.</summary>
    public static string Write(Type type, string title)
    {
        var schema = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = title };
        foreach (var (name, value) in OfObject(Shape.Of(type)).ToList())
            schema[name] = value?.DeepClone();
        return OrNull(schema).ToJsonString(Indented) + "\n";
    }

    private static JsonObject Of(Shape shape, BoundsAttribute? items = null) =>
        shape switch
        {
            Shape.Value value => value.Form.Schema(),
            Shape.Object { Short: { } key } o => AnyOf(Of(key.Shape), OfObject(o)),
            Shape.Object o => OfObject(o),
            Shape.List { OneOrMany: true } list => AnyOf(Of(list.Item), OfList(list, items)),
            Shape.List list => OfList(list, items),
            Shape.Map map => new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(map.Item) },
            _ => throw new NotSupportedException(),
        };

    private static JsonObject OfList(Shape.List list, BoundsAttribute? items)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = Of(list.Item) };
        if (items is not null)
            schema["minItems"] = Whole(items.Least);
        if (items?.Greatest is { } greatest)
            schema["maxItems"] = Whole(greatest);
        return schema;
    }

    private static int Whole(string written) => int.Parse(written, CultureInfo.InvariantCulture);

    private static JsonObject OfObject(Shape.Object shape)
    {
        var defaults = Activator.CreateInstance(shape.Type)!;
        var properties = new JsonObject();
        foreach (var key in shape.Keys)
            properties[key.Name] = OfKey(key, defaults);
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        var required = shape.Keys.Where(k => k.Required).Select(k => (JsonNode)k.Name).ToArray();
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        return schema;
    }

    private static JsonObject OfKey(Shape.Key key, object defaults)
    {
        var schema = Of(key.Shape, key.Bounds);
        // Bounds of durations are beyond what a schema can say.
        if (
            key.Bounds is { } bounds
            && (Nullable.GetUnderlyingType(key.Property.PropertyType) ?? key.Property.PropertyType) == typeof(int)
        )
        {
            schema["minimum"] = Whole(bounds.Least);
            if (bounds.Greatest is { } greatest)
                schema["maximum"] = Whole(greatest);
        }
        if (key.OrFalse)
            schema = AnyOf(schema, SaysNo());
        if (!key.Required)
            schema = OrNull(schema);

        if (key.Description is { } description)
            schema["description"] = description;
        if (key.Shape is Shape.Value { Form: var form } && !key.Required)
        {
            if (!form.Private && key.Property.GetValue(defaults) is { } value)
                schema["default"] = value switch
                {
                    bool truth => truth,
                    int number => number,
                    _ => form.Write(value),
                };
            if (form is { Examples.Count: > 0, Words.Count: 0, Private: false })
                schema["examples"] = new JsonArray([.. form.Examples.Select(e => (JsonNode)e)]);
        }
        return schema;
    }

    private static JsonObject SaysNo() =>
        AnyOf(
            new JsonObject { ["const"] = false },
            new JsonObject { ["type"] = "string", ["pattern"] = ValueForms.NoPattern }
        );

    private static JsonObject AnyOf(params IEnumerable<JsonObject> schemas)
    {
        var alternatives = new JsonArray();
        foreach (var schema in schemas)
        {
            if (schema.Count == 1 && schema["anyOf"] is JsonArray inner)
                foreach (var alternative in inner)
                    alternatives.Add(alternative!.DeepClone());
            else
                alternatives.Add(schema);
        }
        return new JsonObject { ["anyOf"] = alternatives };
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["anyOf"] is JsonArray alternatives)
        {
            alternatives.Add(new JsonObject { ["type"] = "null" });
            return schema;
        }
        schema["type"] = schema["type"] is JsonArray types
            ? new JsonArray([.. types.Select(t => t!.DeepClone()), (JsonNode)"null"])
            : new JsonArray(schema["type"]!.DeepClone(), "null");
        return schema;
    }
}
