using TrackWatch.Domain.Advising;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>A line about a country that mails add to a step while the rule is in force.</summary>
/// <param name="Region">As <see cref="CountryRules.RegionOf"/> gives it.</param>
/// <param name="From">First day in force; null = before anyone asks.</param>
/// <param name="Until">Last day on which it may be stated; null = no end is known.</param>
internal sealed record CountryRule(string Id, Step Step, string Region, DateOnly? From = null, DateOnly? Until = null)
{
    public bool IsInForce(DateOnly day) =>
        (From is not { } from || day >= from) && (Until is not { } end || day <= end);
}

/// <summary>
/// What the letters know of countries. Source: the rule reference of 2026-11-22; a rule whose end is only announced is
/// stated until the earliest announced day.
/// </summary>
internal static class CountryRules
{
    public static readonly DateOnly Checked = new(2026, 11, 22);

    public static readonly IReadOnlyList<CountryRule> All =
    [
        new("EU-CUS-02", Step.CheckCustoms, "eu", new(2026, 7, 1), new(2028, 7, 1)),
        new("TR-CUS-03", Step.CheckCustoms, "tr", new(2026, 2, 6)),
        new("UK-CUS-01", Step.CheckCustoms, "uk", new(2021, 1, 1), new(2028, 9, 30)),
        new("US-CUS-01", Step.CheckCustoms, "us", new(2025, 8, 29)),
        new("EU-ECC-01", Step.ConsumerBody, "eu"),
        new("TR-THH-02", Step.ConsumerBody, "tr"),
        new("UK-HELP", Step.ConsumerBody, "uk"),
        new("US-HELP", Step.ConsumerBody, "us"),
        new("BR-HELP", Step.ConsumerBody, "br"),
    ];

    private static readonly HashSet<string> EuropeanUnion =
    [
        .. "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".Split(' '),
    ];

    /// <summary>The group of rules that a country belongs to: eu, tr, uk, us, br, ca-qc or other.</summary>
    /// <param name="country">ISO 3166; null = not known.</param>
    /// <param name="postcode">Tells Québec from the rest of Canada.</param>
    public static string RegionOf(string? country, string? postcode = null) =>
        country switch
        {
            "TR" => "tr",
            "GB" => "uk",
            "US" => "us",
            "BR" => "br",
            "CA" when postcode?.TrimStart() is [var first, ..] && char.ToUpperInvariant(first) is 'G' or 'H' or 'J' =>
                "ca-qc",
            not null when EuropeanUnion.Contains(country) => "eu",
            _ => "other",
        };

    /// <summary>The rule behind <c>legal-basis</c>; null where no particular law is named.</summary>
    public static string? LawOf(string region) =>
        region switch
        {
            "eu" => "EU-DEL-01",
            "tr" => "TR-DEL-01",
            "uk" => "UK-DEL-01",
            "us" => "US-FTC-01",
            "br" => "BR-DEL-01",
            "ca-qc" => "QC-DEL-01",
            _ => null,
        };

    /// <summary>TR-THH-2026: below this the Turkish committee decides, in TRY; null for years whose limit is not published yet.</summary>
    public static int? CommitteeLimit(DateOnly day) => day.Year == 2026 ? 186_000 : null;
}
