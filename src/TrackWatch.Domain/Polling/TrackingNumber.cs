using System.Globalization;
using System.Text;

namespace TrackWatch.Domain.Polling;

/// <summary>
/// A tracking number in its normal form: no blanks, hyphens, dots, slashes or zero-width characters, ASCII digits, upper
/// case by the invariant culture (a Turkish i becomes I), without the % that scanners read before DPD's.
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
        if (!text.AsSpan().ContainsAnyExcept(Normal))
            return text;
        var compact = new StringBuilder(text.Length);
        foreach (var c in Folded(text))
        {
            if (char.IsWhiteSpace(c) || c is '-' or '.' or '/' or '_' || IsUnseen(char.GetUnicodeCategory(c)))
                continue;
            compact.Append(c is 'ı' or 'İ' ? 'I' : char.ToUpperInvariant(c));
        }
        if (compact is { Length: > 1 } && compact[0] == '%')
            compact.Remove(0, 1);
        return compact.ToString();
    }

    public override string ToString() => Value;

    private static readonly System.Buffers.SearchValues<char> Normal = System.Buffers.SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    /// <summary>Full-width digits and letters fold to ASCII under compatibility normalisation.</summary>
    private static string Folded(string text)
    {
        if (Ascii.IsValid(text))
            return text;
        try
        {
            return text.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            // Half a surrogate pair: no number, and no reason to stop.
            return text;
        }
    }

    /// <summary>Zero-width characters, every kind of dash, and the dot that a lower-cased İ leaves behind.</summary>
    private static bool IsUnseen(UnicodeCategory category) =>
        category
            is UnicodeCategory.Format
                or UnicodeCategory.Control
                or UnicodeCategory.DashPunctuation
                or UnicodeCategory.NonSpacingMark;
}
