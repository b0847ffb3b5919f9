using System.Collections.Frozen;
using System.Globalization;

namespace TrackWatch.Domain.Assessing;

/// <summary>Reads the country names that tracking sources write.</summary>
internal static class CountryNames
{
    /// <summary>Names that no culture data spells so, as sources do.</summary>
    private static readonly Dictionary<string, string> AlsoCalled = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Turkey"] = "TR",
        ["Türkiye"] = "TR",
        ["Turkiye"] = "TR",
        ["Mainland China"] = "CN",
        ["China"] = "CN",
        ["Hong Kong"] = "HK",
        ["Russian Federation"] = "RU",
        ["Russia"] = "RU",
        ["Korea"] = "KR",
        ["South Korea"] = "KR",
        ["Czech Republic"] = "CZ",
        ["Czechia"] = "CZ",
        ["USA"] = "US",
        ["United States of America"] = "US",
        ["UK"] = "GB",
        ["Great Britain"] = "GB",
        ["England"] = "GB",
        ["Holland"] = "NL",
        ["The Netherlands"] = "NL",
    };

    /// <summary>Territories whose mail goes by way of another country, and which either may stand for.</summary>
    private static readonly FrozenDictionary<string, string> MailBy = new Dictionary<string, string>
    {
        ["GP"] = "FR",
        ["MQ"] = "FR",
        ["GF"] = "FR",
        ["RE"] = "FR",
        ["YT"] = "FR",
        ["PM"] = "FR",
        ["BL"] = "FR",
        ["MF"] = "FR",
        ["NC"] = "FR",
        ["PF"] = "FR",
        ["MC"] = "FR",
        ["GG"] = "GB",
        ["JE"] = "GB",
        ["IM"] = "GB",
        ["GI"] = "GB",
        ["PR"] = "US",
        ["GU"] = "US",
        ["VI"] = "US",
        ["AS"] = "US",
        ["AW"] = "NL",
        ["CW"] = "NL",
        ["SX"] = "NL",
        ["BQ"] = "NL",
        ["GL"] = "DK",
        ["FO"] = "DK",
        ["AX"] = "FI",
        ["SJ"] = "NO",
        ["SM"] = "IT",
        ["VA"] = "IT",
        ["LI"] = "CH",
        ["AD"] = "ES",
        ["XK"] = "RS",
        ["HK"] = "CN",
        ["MO"] = "CN",
        ["TW"] = "CN",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> Names = ByName();

    /// <summary>The ISO 3166 country of a name; null where the text is none, so that nothing is concluded from a guess.</summary>
    /// <param name="text">A country, or a place with its country first or last: <c>Brazil,Recife</c>, <c>Liège, Belgium</c>.</param>
    public static string? Find(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var found = parts.Select(part => Names.GetValueOrDefault(part)).OfType<string>().Distinct().ToList();
        return found is [var one] ? one : null;
    }

    /// <summary>Two codes that a parcel's papers may use for one destination.</summary>
    public static bool AreSame(string one, string other) =>
        Main(one).Equals(Main(other), StringComparison.OrdinalIgnoreCase);

    private static string Main(string code) => MailBy.GetValueOrDefault(code.ToUpperInvariant(), code);

    private static FrozenDictionary<string, string> ByName()
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var culture in CultureInfo.GetCultures(CultureTypes.SpecificCultures))
        {
            var region = new RegionInfo(culture.Name);
            if (region.TwoLetterISORegionName is { Length: 2 } code && char.IsAsciiLetter(code[0]))
                names.TryAdd(region.EnglishName, code);
        }
        foreach (var (name, code) in AlsoCalled)
            names[name] = code;
        // A country, and a state of another one: nothing may be concluded from it.
        names.Remove("Georgia");
        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
