using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Tests.Polling;

public sealed class SourcePlanTests
{
    private const string Cainiaos = "LP00612345678901";
    private static readonly TimeSpan Moving = TimeSpan.FromHours(6);
    private static readonly DateTimeOffset Planned = Some.Noon(Some.May(1));

    private static readonly SourceOffer All = new(
        [ProviderIds.SeventeenTrack, ProviderIds.Cainiao, ProviderIds.Dhl, ProviderIds.Simulated],
        [],
        (provider, number, _, carrier) =>
            provider != ProviderIds.Dhl || carrier == "dhl" || number.StartsWith("JJD", StringComparison.Ordinal)
    );

    [Fact]
    public void Cainiao_comes_before_an_aggregator_and_a_carrier_only_where_it_knows_the_number()
    {
        All.For(Cainiaos, null, null).ShouldBe(["cainiao", "17track"]);
        All.For("RR473124829GB", null, null).ShouldBe(["cainiao", "17track"]);
        All.For(Cainiaos, null, "dhl").ShouldBe(["dhl", "cainiao", "17track"]);
    }

    [Fact]
    public void What_the_order_names_comes_first_then_what_the_settings_prefer()
    {
        All.For(Cainiaos, "17track", null).ShouldBe(["17track", "cainiao"]);
        All.For(Cainiaos, "dhl", null).ShouldBe(["dhl", "cainiao", "17track"]);
        (All with { Preferred = ["17track"] }).For(Cainiaos, null, "dhl").ShouldBe(["17track", "dhl", "cainiao"]);
        (All with { Preferred = ["17track"] }).For(Cainiaos, "cainiao", null).ShouldBe(["cainiao", "17track"]);
    }

    [Fact]
    public void A_made_up_parcel_is_known_to_nobody_else()
    {
        All.For("SIMMOVING01", null, null).ShouldBe(["simulated"]);
        SourceOffer.Of("cainiao").For("SIMMOVING01", null, null).ShouldBe(["cainiao"]);
    }

    [Fact]
    public void The_number_of_the_last_mile_is_not_asked_at_the_platform_again() =>
        All.ForHandover("JJD000390006900000000", null, ["cainiao"]).ShouldBe(["dhl", "17track"]);

    [Fact]
    public void An_aggregator_that_named_the_last_miles_number_follows_it_by_itself() =>
        All.ForHandover("JJD000390006900000000", null, ["17track"]).ShouldBe(["dhl"]);

    [Fact]
    public void The_next_one_stands_by_while_the_first_answers_and_takes_over_after_three_intervals()
    {
        var answered = Planned.AddDays(3);
        var first = Standing(PollOutcomeKind.Ok, answered);

        Until(first, answered.AddHours(17)).ShouldBe(answered.AddHours(18));
        Until(first, answered.AddHours(18)).ShouldBeNull();
    }

    [Fact]
    public void One_that_never_answered_is_waited_for_two_intervals()
    {
        var first = Standing(null, null);

        Until(first, Planned).ShouldBe(Planned.AddHours(12));
        Until(first, Planned.AddHours(12)).ShouldBeNull();
    }

    [Fact]
    public void One_that_knows_nothing_of_the_number_has_two_days_to_hear_of_it()
    {
        Until(Standing(PollOutcomeKind.NotFound, Planned.AddHours(1)), Planned.AddHours(2))
            .ShouldBe(Planned.AddHours(19));
        Until(Standing(PollOutcomeKind.NotFound, Planned.AddHours(40)), Planned.AddHours(41))
            .ShouldBe(Planned.AddHours(48));
        Until(Standing(PollOutcomeKind.NotFound, Planned.AddHours(48)), Planned.AddHours(48)).ShouldBeNull();
    }

    [Fact]
    public void One_that_gave_the_number_up_or_can_never_follow_it_is_not_waited_for()
    {
        var now = Planned.AddHours(1);
        Until(Standing(PollOutcomeKind.Ok, Planned) with { Stopped = true }, now).ShouldBeNull();
        Until(Standing(PollOutcomeKind.Rejected, Planned), now).ShouldBeNull();
        Until(Standing(PollOutcomeKind.Rejected, null), now).ShouldBeNull();
        Until(Standing(PollOutcomeKind.Ok, Planned) with { IsBehind = true }, now).ShouldBeNull();
    }

    [Fact]
    public void Where_the_journey_is_over_nobody_else_is_asked() =>
        Until(Standing(PollOutcomeKind.Ok, Planned) with { Interval = null }, Planned.AddDays(400))
            .ShouldBe(DateTimeOffset.MaxValue);

    [Fact]
    public void The_third_waits_for_whichever_of_the_others_does_well()
    {
        var now = Planned.AddDays(9);
        SourceStanding[] better =
        [
            Standing(PollOutcomeKind.Ok, Planned), // blocked since
            Standing(PollOutcomeKind.Ok, now.AddHours(-1)),
        ];

        SourcePlan.StandsByUntil(better, Moving, now).ShouldBe(now.AddHours(17));
        SourcePlan.StandsByUntil(better[..1], Moving, now).ShouldBeNull();
        SourcePlan.StandsByUntil([], Moving, now).ShouldBeNull();
    }

    private static SourceStanding Standing(PollOutcomeKind? outcome, DateTimeOffset? answered) =>
        new(Planned, outcome, answered, Moving, Stopped: false);

    private static DateTimeOffset? Until(SourceStanding first, DateTimeOffset now) =>
        SourcePlan.StandsByUntil([first], Moving, now);
}
