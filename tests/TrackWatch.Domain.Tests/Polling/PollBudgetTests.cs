using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Tests.Polling;

public sealed class PollBudgetTests
{
    [Fact]
    public void Within_the_limit_nobody_waits() =>
        PollBudget.Divide(40, urgent: 20, others: 60, limit: 80).Stretch.ShouldBe(PollStretch.None);

    [Fact]
    public void Without_a_limit_nobody_waits() =>
        PollBudget.Divide(40, urgent: 20, others: 1e9, limit: null).IsTight.ShouldBeFalse();

    [Theory]
    [InlineData(79, false, false)]
    [InlineData(80, true, false)]
    [InlineData(100, true, false)]
    [InlineData(101, true, true)]
    public void From_four_fifths_on_people_are_told(double needed, bool tight, bool isShort)
    {
        var budget = PollBudget.Divide(10, 0, needed, 100);

        (budget.IsTight, budget.IsShort).ShouldBe((tight, isShort));
    }

    [Fact]
    public void The_urgent_go_first_and_the_others_share_what_is_left()
    {
        var stretch = PollBudget.Divide(1000, urgent: 50, others: 1000, limit: 250).Stretch;

        stretch.Urgent.ShouldBe(1);
        stretch.Others.ShouldBe(5);
    }

    [Fact]
    public void Where_the_urgent_alone_are_too_many_all_wait_and_nobody_for_ever()
    {
        var stretch = PollBudget.Divide(1000, urgent: 900, others: 1_000_000, limit: 100).Stretch;

        stretch.Urgent.ShouldBe(10);
        stretch.Others.ShouldBe(30);
        PollBudget.Divide(10, 5, 5, 0).Stretch.ShouldBe(new PollStretch(30, 30));
    }

    /// <summary>What is asked after stretching fits the limit, as long as nobody would wait longer than the longest.</summary>
    [Theory]
    [InlineData(10, 500, 100)]
    [InlineData(95, 200, 100)]
    [InlineData(300, 300, 100)]
    public void What_is_asked_in_the_end_fits_the_limit(double urgent, double others, double limit)
    {
        var stretch = PollBudget.Divide(1000, urgent, others, limit).Stretch;

        ((urgent / stretch.Urgent) + (others / stretch.Others)).ShouldBeLessThanOrEqualTo(limit * 1.1);
    }

    [Theory]
    [InlineData(null, null, 0, null)]
    [InlineData(250, null, 0, 250.0)]
    [InlineData(null, 100, 40, 6.0)] // ten days are left
    [InlineData(5, 100, 40, 5.0)]
    [InlineData(250, 100, 100, 0.0)]
    public void A_months_allowance_is_spread_over_the_days_that_are_left(
        int? perDay,
        int? perMonth,
        int used,
        double? expected
    ) => PollBudget.PerDay(perDay, perMonth, used, new DateOnly(2026, 11, 21)).ShouldBe(expected);
}
