using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TrackWatch.Domain.Polling;

/// <summary>
/// A tracking number in its normal form: no blanks, hyphens, dots, slashes or zero-width characters, ASCII digits, upper
/// case by the invariant culture (a Turkish i becomes I).
/// </summary>
public readonly record struct TrackingNumber
{
    /// <summary>No carrier's number is shorter (reference: tracking-number formats, 2026-11).</summary>
    public const int MinLength = 6;
    public const int MaxLength = 40;

    private TrackingNumber(string value) => Value = value;

    public string Value { get; }

    /// <summary>Brings <paramref name="text"/> into normal form; false where letters and digits of a plausible length do not remain.</summary>
    public static bool TryParse(string? text, out TrackingNumber number)
    {
        number = default;
        var compact = Compact(text);
        if (compact.Length is < MinLength or > MaxLength || !compact.All(char.IsAsciiLetterOrDigit))
            return false;
        number = new TrackingNumber(compact);
        return true;
    }

    /// <exception cref="FormatException">The text is no tracking number.</exception>
    public static TrackingNumber Parse(string text) =>
        TryParse(text, out var number) ? number : throw new FormatException($"'{text}' is no tracking number.");

    /// <summary>The normal form of any text, whether or not it can be a number.</summary>
    public static string Compact(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        var compact = new StringBuilder(text.Length);
        // Full-width digits and letters fold to ASCII under compatibility normalisation.
        foreach (var c in text.Normalize(NormalizationForm.FormKC))
        {
            if (char.IsWhiteSpace(c) || c is '-' or '.' or '/' or '_' || IsInvisible(c) || IsDash(c))
                continue;
            compact.Append(char.ToUpperInvariant(c == 'ı' ? 'i' : c));
        }
        return compact.ToString();
    }

    public override string ToString() => Value;

    private static bool IsInvisible(char c) =>
        char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.Control;

    private static bool IsDash(char c) =>
        char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.DashPunctuation;
}
