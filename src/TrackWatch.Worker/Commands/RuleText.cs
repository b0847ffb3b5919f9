using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration.Yaml;
using Reading = TrackWatch.Domain.Rules.Reading;

namespace TrackWatch.Worker.Commands;

/// <summary>What rules say, in the words of their packs.</summary>
internal static class RuleText
{
    public static string Kind(this Rule rule) =>
        rule switch
        {
            DayRule => "day",
            MoneyRule => "money",
            ContactRule => "contact",
            StatementRule => "statement",
            StallLimitsRule => "stall-limits",
            StallFactorRule => "stall-factor",
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "a kind without a name"),
        };

    /// <summary>Null where the kind has none.</summary>
    public static string? Role(this Rule rule) =>
        rule switch
        {
            DayRule day => ValueForms.Word(day.Role),
            MoneyRule money => ValueForms.Word(money.Role),
            ContactRule contact => ValueForms.Word(contact.Role),
            _ => null,
        };

    /// <summary>Its figures: one line each; none for a statement.</summary>
    public static IReadOnlyList<string> Figures(this Rule rule) =>
        rule switch
        {
            DayRule day => [.. day.Readings.Select(Text)],
            MoneyRule money =>
            [
                .. new[] { ("over", money.Over), ("up to", money.UpTo), ("amount", money.Amount) }
                    .Where(m => m.Item2 is not null)
                    .Select(m => $"{m.Item1} {m.Item2}"),
            ],
            ContactRule contact =>
            [
                .. contact.Contacts.Select(c => c.Address is null ? c.Name : $"{c.Name}, {c.Address.OriginalString}"),
            ],
            StallLimitsRule limits =>
            [
                $"leg {ValueForms.Word(limits.Leg)}{(limits.Held ? ", held" : "")}; days of silence until notice / stalled / critical",
                $"fast {Text(limits.Fast)}, standard {Text(limits.Standard)}, slow {Text(limits.Slow)}",
            ],
            StallFactorRule factor => [Text(factor)],
            _ => [],
        };

    /// <summary><c>since 2026-07-01</c>; <c>always</c> where neither end is known.</summary>
    public static string InForce(this Rule rule, DateOnly today) =>
        (rule.EffectiveFrom, rule.EffectiveTo) switch
        {
            (null, null) => "always",
            (_, { } to) when to < today => $"until {to:yyyy-MM-dd}, over",
            ({ } from, null) => $"{(from > today ? "from" : "since")} {from:yyyy-MM-dd}",
            (null, { } to) => $"until {to:yyyy-MM-dd}",
            ({ } from, { } to) => $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd}",
        };

    public static string Evidence(this Rule rule) =>
        ValueForms.Word(rule.Confidence) + (rule.IsUnsourced ? ", no source" : "");

    private static string Text(Reading reading)
    {
        var (value, unit) = (Math.Abs(reading.Period.Value), reading.Period.Unit);
        var clocks = reading.Clocks.Select(c => ValueForms.Word(c.Event) + (c.Assumed ? " (assumed)" : ""));
        var when = string.Join(", else ", clocks);
        if (value == 0)
            return $"on the day of {when}";
        var length = unit switch
        {
            PeriodUnit.CalendarDays => Sayings.Count(value, "day"),
            PeriodUnit.BusinessDays => Sayings.Count(value, "business day"),
            PeriodUnit.Hours => Sayings.Count(value, "hour"),
            PeriodUnit.Months => Sayings.Count(value, "month"),
            _ => Sayings.Count(value, "year"),
        };
        return $"{length} {(reading.Period.Value < 0 ? "before" : "after")} {when}";
    }

    private static string Text(Domain.Assessing.LevelLimits limits) =>
        $"{limits.Notice} / {limits.Stalled} / {limits.Critical}";

    private static string Text(StallFactorRule factor)
    {
        var parts = new List<string> { FormattableString.Invariant($"stalled and critical times {factor.Factor}") };
        if (factor.Legs.Count > 0)
            parts.Add($"on {string.Join(", ", factor.Legs.Select(l => ValueForms.Word(l)))}");
        if (factor.Destinations.Count > 0)
            parts.Add($"to {string.Join(" ", factor.Destinations)}");
        if (factor.Season is { } s)
            parts.Add($"from {s.FromMonth:00}-{s.FromDay:00} to {s.ToMonth:00}-{s.ToDay:00}");
        if (factor.Spans.Count > 0)
            parts.Add(string.Join(", ", factor.Spans.Select(s => $"{s.From:yyyy-MM-dd} to {s.To:yyyy-MM-dd}")));
        if (factor.AfterPromise)
            parts.Add("once the promised delivery has passed");
        return string.Join("; ", parts);
    }
}
