using TrackWatch.Domain.Assessing;

namespace TrackWatch.Domain.Rules;

/// <summary>Every rule there is, by pack, with the calendars that business days are counted by.</summary>
public sealed class RuleBook
{
    /// <summary>How long a rule stands unquestioned after somebody looked at its sources.</summary>
    private const int MonthsBetweenChecks = 6;

    /// <summary>No rules at all.</summary>
    public static readonly RuleBook Empty = new([], []);

    private readonly ILookup<string, Rule> byPack;
    private readonly ILookup<string, Rule> byRegion;
    private readonly HashSet<string> followed;
    private readonly IReadOnlyDictionary<string, WorkCalendar> calendars;

    public RuleBook(IEnumerable<Rule> rules, IEnumerable<WorkCalendar> calendars)
    {
        All = [.. rules];
        byPack = All.ToLookup(r => r.Pack, StringComparer.OrdinalIgnoreCase);
        byRegion = All.SelectMany(r => r.Regions.Select(region => (Region: region, Rule: r)))
            .ToLookup(r => r.Region, r => r.Rule, StringComparer.OrdinalIgnoreCase);
        followed = [.. All.Select(r => r.Follows).OfType<string>()];
        Stalls = new StallRules(All);
        this.calendars = calendars.ToDictionary(c => c.Country, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<Rule> All { get; }

    /// <summary>What silence is held against.</summary>
    public StallRules Stalls { get; }

    public IEnumerable<WorkCalendar> Calendars => calendars.Values;

    /// <summary>The rules of a pack; none where there is no such pack.</summary>
    public IEnumerable<Rule> In(string pack) => byPack[pack];

    /// <summary>The rules of all packs that name a region: a country, or a part of one.</summary>
    public IEnumerable<Rule> OfRegion(string region) => byRegion[region];

    /// <summary>The rule of that id; none where there is no such rule.</summary>
    public IEnumerable<Rule> Find(string id) => All.Where(r => r.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    /// <summary>A rule with those that it follows and those that follow it, oldest first.</summary>
    public IReadOnlyList<Rule> Versions(Rule rule)
    {
        var versions = new List<Rule> { rule };
        while (All.FirstOrDefault(r => r.Id == versions[0].Follows) is { } older && !versions.Contains(older))
            versions.Insert(0, older);
        while (All.FirstOrDefault(r => r.Follows == versions[^1].Id) is { } newer && !versions.Contains(newer))
            versions.Add(newer);
        return versions;
    }

    public WorkCalendar CalendarOf(string? country) =>
        country is null ? WorkCalendar.Unknown : calendars.GetValueOrDefault(country, WorkCalendar.Unknown);

    /// <summary>Since when nobody can vouch for the rule; null = it was looked at lately and has not run out.</summary>
    /// <returns>The day of the last check.</returns>
    public DateOnly? NotVerifiedSince(Rule rule, DateOnly today) =>
        today > rule.Checked.AddMonths(MonthsBetweenChecks) || (today > rule.EffectiveTo && !followed.Contains(rule.Id))
            ? rule.Checked
            : null;
}
