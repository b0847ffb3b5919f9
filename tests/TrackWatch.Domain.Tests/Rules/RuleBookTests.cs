using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Tests.Rules;

public sealed class RuleBookTests
{
    private static readonly RuleBook Book = new(
        [Rule("OLD", to: "2026-06-30"), Rule("NEW", follows: "OLD"), Rule("GONE", to: "2026-07-24")],
        []
    );

    [Theory]
    [InlineData("NEW", "2027-05-22", null)]
    [InlineData("NEW", "2027-05-23", "2026-11-22")]
    [InlineData("OLD", "2026-12-01", null)]
    [InlineData("GONE", "2026-07-24", null)]
    [InlineData("GONE", "2026-07-25", "2026-11-22")]
    public void A_rule_is_in_doubt_six_months_after_its_check_or_once_it_ended_without_a_successor(
        string id,
        string today,
        string? since
    ) =>
        Book.NotVerifiedSince(Book.Find(id).Single(), Some.Day(today)).ShouldBe(since is null ? null : Some.Day(since));

    [Theory]
    [InlineData("OLD")]
    [InlineData("NEW")]
    public void Versions_are_the_same_from_wherever_they_are_looked_at(string id) =>
        Book.Versions(Book.Find(id).Single()).Select(r => r.Id).ShouldBe(["OLD", "NEW"]);

    private static StatementRule Rule(string id, string? to = null, string? follows = null) =>
        new()
        {
            Id = id,
            Pack = "country/TR",
            Title = id,
            Confidence = Confidence.Certain,
            Checked = Some.Day("2026-11-22"),
            EffectiveTo = to is null ? null : Some.Day(to),
            Follows = follows,
        };
}
