using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Tests.Configuration;

/// <summary>Checks a value against the few keywords of JSON Schema that the writer uses; an unknown keyword is a failure.</summary>
internal static class TinySchema
{
    private static readonly string[] Notes = ["$schema", "title", "description", "default", "examples"];

    public static bool Accepts(JsonObject schema, JsonNode? value) =>
        schema.All(keyword =>
            keyword.Key switch
            {
                "type" => Types(keyword.Value!).Any(t => Is(t, value)),
                "const" => JsonNode.DeepEquals(keyword.Value, value),
                "enum" => keyword.Value!.AsArray().Any(e => JsonNode.DeepEquals(e, value)),
                "anyOf" => keyword.Value!.AsArray().Any(s => Accepts(s!.AsObject(), value)),
                "pattern" => Text(value) is not { } text
                    || (Regex.IsMatch(text, (string)keyword.Value!, RegexOptions.ECMAScript) && !text.EndsWith('\n')),
                "minimum" => Number(value) is not { } number || number >= (decimal)keyword.Value!,
                "maximum" => Number(value) is not { } number || number <= (decimal)keyword.Value!,
                "minItems" => value is not JsonArray array || array.Count >= (int)keyword.Value!,
                "maxItems" => value is not JsonArray array || array.Count <= (int)keyword.Value!,
                "items" => value is not JsonArray array || array.All(i => Accepts(keyword.Value!.AsObject(), i)),
                "required" => value is not JsonObject o || keyword.Value!.AsArray().All(k => o.ContainsKey((string)k!)),
                "properties" => value is not JsonObject o
                    || o.All(p => keyword.Value![p.Key] is not JsonObject inner || Accepts(inner, p.Value)),
                "additionalProperties" => value is not JsonObject o
                    || o.Where(p => schema["properties"]?.AsObject().ContainsKey(p.Key) != true)
                        .All(p => keyword.Value is JsonObject inner && Accepts(inner, p.Value)),
                _ when Notes.Contains(keyword.Key) => true,
                _ => throw new NotSupportedException($"keyword '{keyword.Key}'"),
            }
        );

    /// <summary>What an editor makes of YAML before it looks at the schema: the core rules of YAML 1.2.</summary>
    public static JsonNode? ByCoreRules(YamlNode? node) =>
        node switch
        {
            null => null,
            YamlMapping mapping => new JsonObject(
                mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Text, ByCoreRules(e.Value)))
            ),
            YamlSequence sequence => new JsonArray([.. sequence.Items.Select(ByCoreRules)]),
            YamlScalar { Plain: false } quoted => JsonValue.Create(quoted.Text),
            YamlScalar { Text: "" or "~" or "null" or "Null" or "NULL" } => null,
            YamlScalar { Text: "true" or "True" or "TRUE" } => JsonValue.Create(true),
            YamlScalar { Text: "false" or "False" or "FALSE" } => JsonValue.Create(false),
            YamlScalar plain when Regex.IsMatch(plain.Text, @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$") =>
                JsonValue.Create(decimal.Parse(plain.Text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            YamlScalar { Text: ['0', 'x', .. var hex] }
                when hex.All(char.IsAsciiHexDigit) && hex.Length is > 0 and < 16 => JsonValue.Create(
                (decimal)long.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            ),
            YamlScalar plain => JsonValue.Create(plain.Text),
            _ => throw new NotSupportedException($"{node.At}: not for schemas"),
        };

    private static IEnumerable<string> Types(JsonNode type) =>
        type is JsonArray several ? several.Select(t => (string)t!) : [(string)type!];

    private static bool Is(string type, JsonNode? value) =>
        type switch
        {
            "null" => value is null,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "boolean" => value is JsonValue v && v.TryGetValue<bool>(out _),
            "string" => Text(value) is not null,
            "number" => Number(value) is not null,
            "integer" => Number(value) is { } number && number == Math.Truncate(number),
            _ => throw new NotSupportedException($"type '{type}'"),
        };

    private static string? Text(JsonNode? value) =>
        value is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    private static decimal? Number(JsonNode? value) =>
        value is JsonValue v && v.TryGetValue<decimal>(out var number) ? number : null;
}
