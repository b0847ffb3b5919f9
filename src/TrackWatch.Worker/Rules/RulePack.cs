using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Rules;

/// <summary>One file of rules, as far as it could be read.</summary>
/// <param name="Name">What it is about: <c>marketplace/aliexpress</c>.</param>
/// <param name="Version">The day it was last changed.</param>
/// <param name="At">Where its name is written.</param>
/// <param name="Calendar">The business days of its country, in <c>holidays/…</c>; null elsewhere.</param>
internal sealed record RulePack(
    string Name,
    DateOnly Version,
    Place At,
    IReadOnlyList<PlacedRule> Rules,
    WorkCalendar? Calendar
)
{
    public string File => At.File;
}

/// <param name="At">Where its entry begins.</param>
/// <param name="AtFollows">Where it names the rule that it follows.</param>
internal sealed record PlacedRule(Rule Rule, Place At, Place AtFollows);
