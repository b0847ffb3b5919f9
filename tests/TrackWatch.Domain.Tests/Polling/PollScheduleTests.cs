using TrackWatch.Domain.Polling;
using TrackWatch.TestKit;

namespace TrackWatch.Domain.Tests.Polling;

public sealed class PollScheduleTests
{
    private static readonly DateTimeOffset Now = Some.Noon(Some.May(40));
    private static readonly TimeSpan Moving = TimeSpan.FromHours(6);
    private static readonly TimeSpan NoFloor = TimeSpan.Zero;

    [Theory]
    [InlineData(ParcelStatus.InfoReceived, Leg.Label, 0, 12)]
    [InlineData(ParcelStatus.Unknown, null, 0, 12)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, 0, 6)]
    [InlineData(ParcelStatus.Customs, Leg.ImportCustoms, 0, 6)]
    [InlineData(ParcelStatus.OutForDelivery, Leg.PickupPoint, 0, 1)]
    [InlineData(ParcelStatus.AvailableForPickup, Leg.PickupPoint, 0, 6)]
    [InlineData(ParcelStatus.AttemptFailed, Leg.PickupPoint, 0, 6)]
    [InlineData(ParcelStatus.Exception, Leg.LastMile, 0, 6)]
    [InlineData(ParcelStatus.Returning, null, 0, 6)]
    [InlineData(ParcelStatus.Delivered, Leg.PickupPoint, 0, 12)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, 13, 6)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, 14, 12)] // stalled
    [InlineData(ParcelStatus.Customs, Leg.ImportCustoms, 7, 12)]
    [InlineData(ParcelStatus.OutForDelivery, Leg.PickupPoint, 3, 12)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, 30, 12)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, 31, 24)] // silent
    [InlineData(ParcelStatus.InfoReceived, Leg.Label, 31, 24)]
    public void Status_leg_and_silence_set_the_interval(ParcelStatus status, Leg? leg, int silentDays, int hours) =>
        PollSchedule
            .Next(PollOutcomeKind.Ok, State(status, leg, silentDays), Moving, NoFloor, TestRules.Book.Stalls, Now)
            .ShouldBe(TimeSpan.FromHours(hours));

    [Theory]
    [InlineData(ParcelStatus.OutForDelivery, 2)]
    [InlineData(ParcelStatus.InTransit, 6)]
    public void The_providers_floor_wins_over_a_shorter_interval(ParcelStatus status, int hours) =>
        PollSchedule
            .Next(
                PollOutcomeKind.Ok,
                State(status, Leg.LastMile, 0),
                Moving,
                TimeSpan.FromHours(2),
                TestRules.Book.Stalls,
                Now
            )
            .ShouldBe(TimeSpan.FromHours(hours));

    [Theory]
    [InlineData(ParcelStatus.Delivered, 1, true)]
    [InlineData(ParcelStatus.Delivered, 2, true)]
    [InlineData(ParcelStatus.Delivered, 3, false)]
    [InlineData(ParcelStatus.Returned, 3, false)]
    [InlineData(ParcelStatus.InTransit, 3, true)]
    public void The_end_is_confirmed_twice_more_and_then_nobody_asks(ParcelStatus status, int answers, bool asks) =>
        (
            PollSchedule.Next(
                PollOutcomeKind.Ok,
                State(status, Leg.PickupPoint, 0) with
                {
                    AnswersSinceFinal = answers,
                },
                Moving,
                NoFloor,
                TestRules.Book.Stalls,
                Now
            )
            is not null
        ).ShouldBe(asks);

    [Theory]
    [InlineData(1, 6)]
    [InlineData(2, 12)]
    [InlineData(4, 24)]
    [InlineData(50, 24)]
    public void A_number_that_is_not_found_is_asked_about_less_and_less(int inARow, int hours)
    {
        var state = State(ParcelStatus.NotFound, null, 0) with { LastProgressAt = null, NotFoundInARow = inARow };

        PollSchedule
            .Next(PollOutcomeKind.NotFound, state, Moving, NoFloor, TestRules.Book.Stalls, Now)
            .ShouldBe(TimeSpan.FromHours(hours));
    }

    [Fact]
    public void A_number_that_was_known_is_not_given_up_and_a_rejected_one_is()
    {
        var state = State(ParcelStatus.InTransit, Leg.LineHaul, 3) with { NotFoundInARow = 9 };

        PollSchedule
            .Next(PollOutcomeKind.NotFound, state, Moving, NoFloor, TestRules.Book.Stalls, Now)
            .ShouldBe(Moving * 2);
        PollSchedule.Next(PollOutcomeKind.Rejected, state, Moving, NoFloor, TestRules.Book.Stalls, Now).ShouldBeNull();
    }

    private static PollState State(ParcelStatus status, Leg? leg, int silentDays) =>
        new(status, leg, Now.AddDays(-60), Now.AddDays(-silentDays), AnswersSinceFinal: 1, NotFoundInARow: 0);
}
