using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Assessing;

/// <summary>Days of silence at which each level begins.</summary>
public sealed record LevelLimits(int Notice, int Stalled, int Critical);

/// <summary>A reason for which today's limits are longer or shorter than the table's.</summary>
/// <param name="Id">The rule's.</param>
/// <param name="Since">The first day it applies; null = it has always applied.</param>
public sealed record LimitFactor(string Id, decimal Factor, DateOnly? Since);

/// <summary>The stall limits per leg and service with their modifiers, as the rule book has them for each day.</summary>
public sealed class StallRules
{
    /// <summary>The most that modifiers together may lengthen a limit.</summary>
    private const decimal FactorCap = 2.0m;

    /// <summary>A number that no source knows is questioned this many days after the seller shipped.</summary>
    private const int NotFoundNotice = 7;

    private readonly ILookup<(Leg? Leg, bool Held), StallLimitsRule> limits;
    private readonly IReadOnlyList<StallFactorRule> factors;

    internal StallRules(IEnumerable<Rule> rules)
    {
        var all = rules.ToList();
        // What is held has one line of limits, wherever it is held.
        limits = all.OfType<StallLimitsRule>().ToLookup(r => (r.Held ? (Leg?)null : r.Leg, r.Held));
        factors = [.. all.OfType<StallFactorRule>()];
    }

    /// <summary>The rule for a leg on a day; <paramref name="held"/> = customs wants something of the buyer.</summary>
    /// <exception cref="InvalidOperationException">The rule packs set no limits for it, which their check does not let through.</exception>
    public StallLimitsRule For(Leg leg, bool held, DateOnly day)
    {
        var rules = limits[(held ? null : leg, held)];
        return rules.FirstOrDefault(r => r.IsInForce(day))
            ?? rules.FirstOrDefault()
            ?? throw new InvalidOperationException($"No rule pack sets stall limits for {leg.Id()}.");
    }

    /// <summary>A number that no source knows: the label's limits, but the number is questioned first and the seller after it.</summary>
    public static LevelLimits ForUnknown(LevelLimits label)
    {
        var notice = Math.Max(label.Notice, NotFoundNotice);
        var stalled = Math.Max(label.Stalled, notice + 1);
        return new LevelLimits(notice, stalled, Math.Max(label.Critical, stalled));
    }

    /// <summary>What lengthens or shortens the limits of a leg on a day. Nothing does while held or at the door.</summary>
    public IReadOnlyList<LimitFactor> FactorsOn(
        DateOnly day,
        Leg leg,
        bool held,
        string? destination,
        DateOnly? promisedBy
    ) =>
        held || leg == Leg.PickupPoint
            ? []
            :
            [
                .. factors
                    .Where(f =>
                        f.IsInForce(day)
                        && (f.Legs.Count == 0 || f.Legs.Contains(leg))
                        && (f.Destinations.Count == 0 || f.Destinations.Contains(destination ?? ""))
                    )
                    .Select(f => Of(f, day, promisedBy))
                    .OfType<LimitFactor>(),
            ];

    /// <summary>The factors' product on stalled and critical, rounded up; notice stays.</summary>
    public static LevelLimits Apply(LevelLimits limits, IReadOnlyList<LimitFactor> factors)
    {
        if (factors.Count == 0)
            return limits;
        var product = Math.Min(FactorCap, factors.Aggregate(1m, (all, f) => all * f.Factor));
        return new LevelLimits(limits.Notice, Longer(limits.Stalled), Longer(limits.Critical));

        int Longer(int days) => (int)decimal.Ceiling(days * product);
    }

    /// <summary>Null where the rule's condition does not hold on the day.</summary>
    private static LimitFactor? Of(StallFactorRule rule, DateOnly day, DateOnly? promisedBy)
    {
        var since = rule.EffectiveFrom;
        if (rule.AfterPromise)
        {
            if (!(day > promisedBy))
                return null;
            since = Later(since, promisedBy!.Value.AddDays(1));
        }
        if (rule.Season is { } season)
        {
            if (season.BeginningBefore(day) is not { } began)
                return null;
            since = Later(since, began);
        }
        if (rule.Spans.Count > 0)
        {
            if (rule.Spans.FirstOrDefault(s => s.From <= day && day <= s.To) is not { } span)
                return null;
            since = Later(since, span.From);
        }
        return new LimitFactor(rule.Id, rule.Factor, since);

        static DateOnly Later(DateOnly? a, DateOnly b) => a > b ? a.Value : b;
    }
}
