using System.Globalization;
using System.Text;

namespace TrackWatch.Worker.Languages;

/// <summary>
/// Words of others (a carrier, a seller, an orders file) on one line, without anything that could steer the mail around
/// them: no control or direction characters, no line ends, bounded in length.
/// </summary>
public readonly record struct ForeignText
{
    /// <summary>No carrier says anything worth reading beyond this.</summary>
    public const int CarrierLimit = 300;
    public const int NameLimit = 120;

    private const char FirstStrongIsolate = '\u2068';
    private const char PopIsolate = '\u2069';

    private readonly string? text;

    public ForeignText(string? words, int limit = CarrierLimit) => text = Cut(Clean(words), limit);

    public bool IsEmpty => string.IsNullOrEmpty(text);

    /// <summary>Clean, but not isolated: for <c>bdi</c> elements and for places of its own.</summary>
    public override string ToString() => text ?? "";

    /// <summary>Inside a sentence of ours: isolated where its direction could turn the sentence around.</summary>
    /// <param name="rightToLeft">The direction of our sentence.</param>
    public string Within(bool rightToLeft) =>
        IsEmpty || !(rightToLeft || HasRightToLeft(ToString())) ? ToString() : Isolate(ToString());

    /// <summary>Set apart from the sentence around it, so that neither turns the other around; once is enough.</summary>
    public static string Isolate(string text) =>
        text.Contains(FirstStrongIsolate) ? text : $"{FirstStrongIsolate}{text}{PopIsolate}";

    public static bool HasRightToLeft(string text) => text.EnumerateRunes().Any(IsRightToLeft);

    /// <summary>Of several lines (an address), joined by commas.</summary>
    public static ForeignText OfLines(string? words, int limit = CarrierLimit) =>
        new(
            string.Join(
                ", ",
                (words ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ),
            limit
        );

    private static string Clean(string? words)
    {
        var clean = new StringBuilder();
        foreach (var rune in (words ?? "").EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (Rune.IsWhiteSpace(rune) || category == UnicodeCategory.Control)
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                    clean.Append(' ');
            }
            // The zero-width joiners stay: Persian and family emoji need them, and they steer nothing.
            else if (
                rune.Value is 0x200C or 0x200D
                || category is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate)
            )
                clean.Append(rune.ToString());
        }
        return clean.ToString().TrimEnd();
    }

    private static string Cut(string words, int limit)
    {
        if (words.Length <= limit)
            return words;
        var end = 0;
        while (end < words.Length)
        {
            var next = end + StringInfo.GetNextTextElementLength(words, end);
            if (next > limit - 1)
                break;
            end = next;
        }
        return words[..end].TrimEnd() + "…";
    }

    private static bool IsRightToLeft(Rune rune) =>
        rune.Value
            is (>= 0x0590 and <= 0x08FF)
                or (>= 0xFB1D and <= 0xFDFF)
                or (>= 0xFE70 and <= 0xFEFF)
                or (>= 0x10800 and <= 0x10FFF)
                or (>= 0x1E800 and <= 0x1EFFF);
}
