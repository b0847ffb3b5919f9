using System.Globalization;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Configuration;

/// <summary>
/// A path into JSON, in the part of RFC 9535 that names places and asks nothing: <c>$</c>, <c>.name</c>,
/// <c>['any name']</c>, <c>[0]</c> and <c>[*]</c>; the leading <c>$.</c> may be left out.
/// </summary>
/// <remarks>
/// Own code because no library for it can be restored everywhere, and the one that can (Newtonsoft.Json) would read each
/// body a second time.
/// </remarks>
internal sealed partial class JsonPath
{
    private const string Name = "[A-Za-z_@][A-Za-z0-9_@-]*";
    private const string Step = @"\." + Name + @"|\[[0-9]{1,4}\]|\[\*\]|\['[^'\\]{1,100}'\]";

    /// <summary>What a whole path matches, in the dialect that .NET and JSON Schema share.</summary>
    public const string Pattern = @"^(\$|" + Name + ")(" + Step + ")*$";

    private readonly string written;

    private JsonPath(string written, IReadOnlyList<JsonStep> steps)
    {
        this.written = written;
        Steps = steps;
    }

    public IReadOnlyList<JsonStep> Steps { get; }

    /// <exception cref="FormatException">The text does not match <see cref="Pattern"/>.</exception>
    public static JsonPath Parse(string text)
    {
        if (!Whole().IsMatch(text) || text[^1] == '\n')
            throw new FormatException($"'{text}' is no path.");
        var dotted = text[0] == '$' ? text[1..] : $".{text}";
        return new JsonPath(text, [.. Part().Matches(dotted).Select(part => StepOf(part.Value))]);
    }

    public override string ToString() => written;

    private static JsonStep StepOf(string part) =>
        part switch
        {
            ['.', .. var name] => new JsonStep.Member(name),
            "[*]" => new JsonStep.All(),
            ['[', '\'', .. var name, '\'', ']'] => new JsonStep.Member(name),
            ['[', .. var index, ']'] => new JsonStep.Item(int.Parse(index, CultureInfo.InvariantCulture)),
            _ => throw new FormatException($"'{part}' is no step of a path."),
        };

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(Step, RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}

/// <summary>One step down.</summary>
internal abstract record JsonStep
{
    private JsonStep() { }

    internal sealed record Member(string Name) : JsonStep;

    /// <param name="Index">From 0.</param>
    internal sealed record Item(int Index) : JsonStep;

    /// <summary>Every item of a list.</summary>
    internal sealed record All : JsonStep;
}
