using TrackWatch.Domain.Registering;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>The parts of the world for which the letters name an authority and a law in words of their own.</summary>
internal static class LetterRegion
{
    /// <summary>eu, tr, uk, us, br, ca-qc or other.</summary>
    /// <param name="country">ISO 3166; null = not known.</param>
    /// <param name="postcode">Tells Québec from the rest of Canada.</param>
    public static string Of(string? country, string? postcode) =>
        country switch
        {
            "TR" => "tr",
            "GB" => "uk",
            "US" => "us",
            "BR" => "br",
            "CA" when postcode?.TrimStart() is [var first, ..] && char.ToUpperInvariant(first) is 'G' or 'H' or 'J' =>
                "ca-qc",
            not null when Countries.EuropeanUnion.Contains(country) => "eu",
            _ => "other",
        };
}
