using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Rules;

/// <summary>Holds all packs together: what one rule alone cannot know.</summary>
internal static class RulePackChecks
{
    /// <param name="packs">One of each name.</param>
    public static void Check(IReadOnlyList<RulePack> packs, Problems problems)
    {
        var byId = new Dictionary<string, PlacedRule>(StringComparer.OrdinalIgnoreCase);
        foreach (var rule in packs.SelectMany(p => p.Rules))
        {
            if (!byId.TryAdd(rule.Rule.Id, rule))
                problems.Error(
                    rule.At,
                    $"{rule.Rule.Id}: this id is taken, see {byId[rule.Rule.Id].At}. "
                        + "A newer version of a rule has an id of its own and 'follows' the older one."
                );
        }
        var followers = new Dictionary<Rule, PlacedRule>(ReferenceEqualityComparer.Instance);
        foreach (var rule in byId.Values.Where(r => r.Rule.Follows is not null))
            CheckSuccession(rule, byId, followers, problems);
        CheckLimits(packs, problems);
        CheckEveryLeg(packs, problems);
    }

    private static void CheckSuccession(
        PlacedRule rule,
        Dictionary<string, PlacedRule> byId,
        Dictionary<Rule, PlacedRule> followers,
        Problems problems
    )
    {
        var (newer, id) = (rule.Rule, rule.Rule.Follows!);
        if (!byId.TryGetValue(id, out var found))
        {
            problems.Error(
                rule.AtFollows,
                $"{newer.Id}: follows: there is no rule '{id}'.",
                Spelling.Closest(id, byId.Keys.Where(k => k != newer.Id))
            );
            return;
        }
        var older = found.Rule;
        if (!followers.TryAdd(older, rule))
            problems.Error(
                rule.AtFollows,
                $"{newer.Id}: follows: {followers[older].Rule.Id} follows {older.Id} already; only one can."
            );
        if (older.EffectiveTo is not { } last || newer.EffectiveFrom is not { } first)
            problems.Error(
                rule.AtFollows,
                $"{newer.Id}: follows: {older.Id} needs an effective_to, and {newer.Id} an effective_from the day after it."
            );
        else if (first > last.AddDays(1))
            problems.Error(
                rule.AtFollows,
                $"{newer.Id}: follows: nothing is in force between {last:yyyy-MM-dd}, the last day of {older.Id}, and {first:yyyy-MM-dd}."
            );
        else if (first <= last)
            problems.Error(
                rule.AtFollows,
                $"{newer.Id}: follows: {older.Id} is in force until {last:yyyy-MM-dd}, and this one begins on {first:yyyy-MM-dd} already."
            );
    }

    /// <summary>Each leg has one line of limits, and one more while held.</summary>
    private static void CheckLimits(IReadOnlyList<RulePack> packs, Problems problems)
    {
        var limits = packs.SelectMany(p => p.Rules).Where(r => r.Rule is StallLimitsRule).ToList();
        foreach (var same in limits.GroupBy(r => r.Rule is StallLimitsRule l ? (l.Leg, l.Held) : default))
        {
            foreach (var second in same.Skip(1).Where(r => r.Rule.Follows is null))
                problems.Error(
                    second.At,
                    $"{second.Rule.Id}: {same.First().Rule.Id} sets the limits of this leg already."
                );
        }
    }

    /// <summary>No leg may be without limits; packs about other things say nothing of them.</summary>
    private static void CheckEveryLeg(IReadOnlyList<RulePack> packs, Problems problems)
    {
        var limits = packs.SelectMany(p => p.Rules).Select(r => r.Rule).OfType<StallLimitsRule>().ToList();
        if (packs.FirstOrDefault(p => p.Rules.Any(r => r.Rule is StallLimitsRule)) is not { } pack)
            return;
        foreach (var leg in Enum.GetValues<Leg>().Where(leg => !limits.Exists(l => l.Leg == leg && !l.Held)))
            problems.Error(pack.At, $"No rule sets stall limits for the leg {leg.Id()}.");
        if (!limits.Exists(l => l.Held))
            problems.Error(pack.At, "No rule sets stall limits for parcels that are held ('held: true').");
    }
}
