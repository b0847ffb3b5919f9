using System.Collections.Frozen;
using System.Globalization;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Countries by the codes that sources send.</summary>
internal static class Countries
{
    private static readonly FrozenDictionary<string, RegionInfo> ByCode = CultureInfo
        .GetCultures(CultureTypes.SpecificCultures)
        .Select(culture => new RegionInfo(culture.Name))
        .Where(region => region.TwoLetterISORegionName is { Length: 2 } two && two.All(char.IsAsciiLetter))
        .DistinctBy(region => region.TwoLetterISORegionName)
        .SelectMany(region =>
            new[] { region.TwoLetterISORegionName, region.ThreeLetterISORegionName }
                .Where(code => code.Length > 0)
                .Distinct()
                .Select(code => KeyValuePair.Create(code, region))
        )
        .DistinctBy(pair => pair.Key)
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <param name="code">ISO 3166, two or three letters.</param>
    /// <returns>In English; what is no code comes back as it is.</returns>
    public static string? NameOf(string? code) =>
        code is not null && ByCode.TryGetValue(code, out var region) ? region.EnglishName : code;
}
