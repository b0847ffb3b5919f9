using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Configuration.Yaml;

/// <summary>What became of one written value.</summary>
/// <param name="Value">The value; null where the text is wrong, or says nothing.</param>
/// <param name="Wrong">What is wrong where the form's own sentence would not say it well.</param>
/// <param name="Suggestion">What was probably meant.</param>
/// <param name="Doubt">Accepted, but worth a warning.</param>
internal readonly record struct Reading(
    object? Value,
    bool Fits = true,
    string? Wrong = null,
    string? Suggestion = null,
    string? Doubt = null
)
{
    public static Reading No(string? wrong = null, string? suggestion = null) => new(null, false, wrong, suggestion);
}

/// <summary>How the values of one declared type are written: the one source of the parser's and the schema's verdict.</summary>
internal sealed class ValueForm
{
    /// <summary>After "is not": <c>a day</c>.</summary>
    public required string What { get; init; }

    /// <summary>The right form, for messages and for editors to complete from.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>What the examples do not show.</summary>
    public string? Rule { get; init; }

    /// <summary>Reads text that is already known to fit <see cref="Pattern"/>.</summary>
    public required Func<string, Reading> Parse { get; init; }

    /// <summary>Writes a value back, for the defaults in the schema.</summary>
    public Func<object, string> Write { get; init; } = value => Convert.ToString(value, Culture) ?? "";

    /// <summary>What the whole text must match, in the dialect that .NET and JSON Schema share; null = anything.</summary>
    public string? Pattern { get; init; }

    /// <summary>The values there are, where they are few.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What an unquoted value may look like to an editor, which guesses by YAML's own rules (all digits: a number).</summary>
    public IReadOnlyList<string> JsonTypes { get; init; } = ["string"];

    /// <summary>Bounds of an unquoted number.</summary>
    public (int? Least, int? Greatest) Numbers { get; init; }

    /// <summary>The value is never shown.</summary>
    public bool Private { get; init; }

    private static System.Globalization.CultureInfo Culture => System.Globalization.CultureInfo.InvariantCulture;

    /// <summary>Longer text is refused unread: no value needs it, and patterns take their time over it.</summary>
    public const int MaxLength = 4000;

    private Regex? regex;

    public Reading Read(string text)
    {
        if (text.Length > MaxLength && !Private)
            return Reading.No($"is longer than {MaxLength} characters.");
        if (Pattern is null)
            return Parse(text);
        regex ??= new Regex(Pattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        // "$" alone would let a line end through.
        if (regex.IsMatch(text) && (text.Length == 0 || text[^1] != '\n'))
            return Parse(text);
        return Mend is { } mend ? mend(text) : Reading.No();
    }

    /// <summary>Looks at text that does not fit the pattern: a better sentence, a suggestion.</summary>
    public Func<string, Reading>? Mend { get; init; }

    /// <summary>The sentence for a value that does not fit.</summary>
    public string Explain(string text, Reading reading)
    {
        var shown = Private ? "The value (not shown)" : $"'{Shorten(text)}'";
        if (reading.Wrong is { } wrong)
            return $"{shown} {wrong}";
        if (Words.Count > 0)
            return $"{shown} is none of {string.Join(", ", Words)}.";
        var rule = Rule is null ? "" : $" ({Rule})";
        return Examples.Count == 0
            ? $"{shown} is not {What}{rule}."
            : $"{shown} is not {What}; write it like {string.Join(" or ", Examples)}{rule}.";
    }

    public JsonObject Schema()
    {
        var schema = new JsonObject
        {
            ["type"] = JsonTypes.Count == 1 ? JsonTypes[0] : new JsonArray([.. JsonTypes.Select(t => (JsonNode)t)]),
        };
        if (Pattern is not null)
            schema["pattern"] = Pattern;
        if (Numbers.Least is { } least)
            schema["minimum"] = least;
        if (Numbers.Greatest is { } greatest)
            schema["maximum"] = greatest;
        if (Words.Count == 0)
            return schema;
        // The list is what editors complete from; the pattern lets the spellings through that the parser lets through.
        var words = new JsonObject { ["enum"] = new JsonArray([.. Words.Select(w => (JsonNode)w)]) };
        return new JsonObject { ["anyOf"] = new JsonArray(words, schema) };
    }

    private static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\t', ' ');
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "…");
    }
}
