using System.Text;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Languages;

/// <summary>One text of a language file, read once. The notation is explained at the top of <c>en.yaml</c>.</summary>
internal sealed partial class Template
{
    private readonly IReadOnlyList<IReadOnlyList<Part>> lines;

    private Template(IReadOnlyList<IReadOnlyList<Part>> lines) => this.lines = lines;

    /// <summary>Every name that the text asks for or tests.</summary>
    public IReadOnlySet<string> Names => Slots.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);

    public IEnumerable<Slot> Slots => lines.SelectMany(line => line.SelectMany(SlotsOf));

    /// <exception cref="FormatException">A bracket that is not closed or not opened.</exception>
    public static Template Parse(string text) => new([.. text.TrimEnd('\n').Split('\n').Select(ParseLine)]);

    /// <summary>Fills the text in; a value that is missing outside an optional passage is asked of <paramref name="form"/> as null.</summary>
    /// <param name="form">Gives a slot its words; null where there is no value.</param>
    /// <param name="missing">What stands for a value that a sentence cannot do without.</param>
    public string Fill(Func<Slot, string?> form, Func<Slot, string> missing)
    {
        var filled = new List<string>();
        foreach (var line in lines)
        {
            var words = Spaces().Replace(string.Concat(line.Select(part => Fill(part, form, missing))), " ").TrimEnd();
            var vanished = words.Length == 0 && line.Count > 0;
            if (!vanished)
                filled.Add(words);
        }
        return string.Join('\n', filled);
    }

    private static string Fill(Part part, Func<Slot, string?> form, Func<Slot, string> missing) =>
        part switch
        {
            Part.Literal literal => literal.Text,
            Part.Value value => form(value.Slot) ?? missing(value.Slot),
            Part.Optional optional => optional
                .Alternatives.Select(parts => TryFill(parts, form))
                .FirstOrDefault(words => words is not null)
                ?? "",
            _ => throw new InvalidOperationException($"{part} is no part of a template."),
        };

    private static string? TryFill(IReadOnlyList<Part> parts, Func<Slot, string?> form)
    {
        var words = new StringBuilder();
        foreach (var part in parts)
        {
            if (part is Part.Literal literal)
                words.Append(literal.Text);
            else if (part is Part.Value value && form(value.Slot) is { } known)
                words.Append(known);
            else
                return null;
        }
        return words.ToString();
    }

    private static IReadOnlyList<Part> ParseLine(string line)
    {
        var parts = new List<Part>();
        var at = 0;
        while (line.IndexOf("[[", at, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = line.IndexOf("]]", open, StringComparison.Ordinal);
            if (close < 0)
                throw new FormatException($"'[[' is never closed: {line}");
            parts.AddRange(ParseSlots(line[at..open]));
            parts.Add(
                new Part.Optional([.. Alternative().Split(line[(open + 2)..close]).Select(text => ParseSlots(text))])
            );
            at = close + 2;
        }
        parts.AddRange(ParseSlots(line[at..]));
        return parts;
    }

    private static List<Part> ParseSlots(string text)
    {
        if (text.Contains("]]", StringComparison.Ordinal))
            throw new FormatException($"']]' was never opened: {text}");
        var parts = new List<Part>();
        var at = 0;
        foreach (Match match in SlotForm().Matches(text))
        {
            if (match.Index > at)
                parts.Add(Literal(text[at..match.Index]));
            var forms = match.Groups["form"].Captures.Select(c => c.Value).ToList();
            parts.Add(
                new Part.Value(
                    new Slot(
                        match.Groups["name"].Value,
                        match.Groups["as"].Value is { Length: > 0 } form ? form : null,
                        forms,
                        match.Groups["test"].Success
                    )
                )
            );
            at = match.Index + match.Length;
        }
        if (at < text.Length)
            parts.Add(Literal(text[at..]));
        return parts;
    }

    private static Part.Literal Literal(string text) =>
        text.AsSpan().ContainsAny('{', '}')
            ? throw new FormatException($"A brace that is no placeholder: {text}")
            : new Part.Literal(text);

    private static IEnumerable<Slot> SlotsOf(Part part) =>
        part switch
        {
            Part.Value value => [value.Slot],
            Part.Optional optional => optional.Alternatives.SelectMany(parts => parts.SelectMany(SlotsOf)),
            _ => [],
        };

    // One blank on each side of the bars belongs to the notation.
    [GeneratedRegex(@" ?\|\| ?")]
    private static partial Regex Alternative();

    [GeneratedRegex(@"\{(?<test>\?)?(?<name>[a-z0-9_]+)(:(?<as>[a-z-]+))?(\|(?<form>[^|{}]*))*\}")]
    private static partial Regex SlotForm();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();

    private abstract record Part
    {
        internal sealed record Literal(string Text) : Part;

        internal sealed record Value(Slot Slot) : Part;

        internal sealed record Optional(IReadOnlyList<IReadOnlyList<Part>> Alternatives) : Part;
    }
}

/// <summary>A place in a text that a value fills.</summary>
/// <param name="Form">The form of a date, by its key in <c>formats</c>, or <c>plain</c> for a name; null = the language's usual one.</param>
/// <param name="Nouns">The noun that goes with a count, per plural category, <c>#</c> standing for the count; empty = the count itself.</param>
/// <param name="TestOnly">Prints nothing: only asks whether there is a value.</param>
internal sealed record Slot(string Name, string? Form, IReadOnlyList<string> Nouns, bool TestOnly);
