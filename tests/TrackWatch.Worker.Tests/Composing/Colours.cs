using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using TrackWatch.Worker.Notifying.Composing.Pages;

namespace TrackWatch.Worker.Tests.Composing;

/// <summary>The colours that a mail's words are read in: inline styles alone, or with the sheet's dark rules over them.</summary>
internal static partial class Colours
{
    private static readonly Dictionary<string, Dictionary<string, string>> DarkRules = Rules(
        Css.Sheet[Css.Sheet.IndexOf("prefers-color-scheme", StringComparison.Ordinal)..]
    );

    /// <summary>Words that are harder to read than WCAG AA allows (4.5:1), with their colours; empty is good.</summary>
    public static IEnumerable<string> HardToRead(IDocument html, bool dark) =>
        from text in html.Body!.Descendants().OfType<IText>()
        where text.Data.Any(c => !char.IsWhiteSpace(c) && !"\u00A0\u200C\u034F".Contains(c))
        let element = text.ParentElement!
        where element.Closest("[aria-hidden=true][style*='display:none']") is null && !element.Matches("style, title")
        let ink = Find(element, "color", dark)
        let ground = Find(element, "background", dark)
        let contrast = Contrast(ink, ground)
        where contrast < 4.5
        select $"{ink} on {ground} ({contrast:0.0}): {text.Data.Trim()}";

    private static string Find(IElement? element, string property, bool dark)
    {
        for (; element is not null; element = element.ParentElement)
        {
            if (dark)
            {
                foreach (var name in element.ClassList)
                {
                    if (DarkRules.GetValueOrDefault(name)?.GetValueOrDefault(property) is { } darker)
                        return darker;
                }
            }
            if (Declarations(element.GetAttribute("style") ?? "").GetValueOrDefault(property) is { } own)
                return own;
        }
        throw new InvalidOperationException($"Nothing gives words their {property}.");
    }

    private static Dictionary<string, Dictionary<string, string>> Rules(string sheet) =>
        Rule()
            .Matches(sheet)
            .GroupBy(rule => rule.Groups[1].Value)
            .ToDictionary(g => g.Key, g => Declarations(g.Last().Groups[2].Value));

    private static Dictionary<string, string> Declarations(string style) =>
        style
            .Split(';')
            .Select(part => part.Split(':', 2))
            .Where(part => part.Length == 2)
            .GroupBy(part => part[0].Trim())
            .ToDictionary(g => g.Key, g => g.Last()[1].Replace("!important", "", StringComparison.Ordinal).Trim());

    /// <summary>WCAG 2: (L1 + 0.05) / (L2 + 0.05) of relative luminances.</summary>
    public static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string hex)
    {
        hex.Length.ShouldBe(7, $"'{hex}' is no colour that can be measured");
        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);

        double Channel(int at)
        {
            var value = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
    }

    [GeneratedRegex(@"\.([\w-]+)\{([^}]*)\}")]
    private static partial Regex Rule();
}
