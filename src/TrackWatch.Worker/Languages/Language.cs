using System.Globalization;

namespace TrackWatch.Worker.Languages;

/// <summary>The texts of one language by their key (<c>steps.open-dispute.do</c>), and how it writes dates and money.</summary>
internal sealed class Language(
    string tag,
    CultureInfo culture,
    IReadOnlyDictionary<string, IReadOnlyList<Template>> texts
)
{
    /// <summary>BCP 47.</summary>
    public string Tag { get; } = tag;

    /// <summary>With the Gregorian calendar, whatever the culture's own is.</summary>
    public CultureInfo Culture { get; } = culture;

    public string Direction => Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";

    /// <summary>.NET date patterns by their name (<c>date</c>, <c>short</c>, …).</summary>
    public required IReadOnlyDictionary<string, string> Formats { get; init; }

    /// <summary>Whether its letters have not been read by somebody who knows the language and the law (<c>letters: draft</c>).</summary>
    public bool LettersAreDrafts { get; init; }

    /// <summary>One template per entry; a list of the file has several.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Template>> Texts { get; } = texts;
}
