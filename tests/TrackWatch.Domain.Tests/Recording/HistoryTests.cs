using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Tests.Recording;

public sealed class HistoryTests
{
    private static readonly DateTime Noon = new(2026, 10, 1, 12, 0, 0);

    [Fact]
    public void Newest_is_the_latest_wall_time_whatever_the_zones_say()
    {
        var courier = Event(ParcelStatus.OutForDelivery, Leg.PickupPoint, hours: 1.5) with { At = At(-1.5) };
        var customs = Event(ParcelStatus.InTransit, Leg.Handover, hours: 0) with { At = At(0) };

        History.NewestFirst([customs, courier]).ShouldBe([courier, customs]);
    }

    [Fact]
    public void In_one_second_the_event_further_along_is_newer_and_else_the_providers_order_stands()
    {
        var cleared = Event(ParcelStatus.InTransit, Leg.Handover, code: "CC_IM_SUCCESS");
        var left = Event(ParcelStatus.InTransit, Leg.Handover, code: "CC_HO_OUT_SUCCESS");
        var accepted = Event(ParcelStatus.InTransit, Leg.LastMile, code: "GTMS_ACCEPT");

        History.NewestFirst([cleared, left, accepted]).ShouldBe([accepted, cleared, left]);
    }

    [Theory]
    [InlineData(ParcelStatus.Unknown, null, ParcelStatus.InfoReceived, Leg.Label)]
    [InlineData(ParcelStatus.InfoReceived, Leg.Label, ParcelStatus.InTransit, Leg.Origin)]
    [InlineData(ParcelStatus.InTransit, Leg.Origin, ParcelStatus.InTransit, Leg.LineHaul)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, ParcelStatus.Customs, Leg.ImportCustoms)]
    [InlineData(ParcelStatus.Customs, Leg.ImportCustoms, ParcelStatus.InTransit, Leg.Handover)]
    [InlineData(ParcelStatus.InTransit, Leg.Handover, ParcelStatus.InTransit, Leg.LastMile)]
    [InlineData(ParcelStatus.InTransit, Leg.LastMile, ParcelStatus.OutForDelivery, Leg.PickupPoint)]
    [InlineData(ParcelStatus.OutForDelivery, Leg.PickupPoint, ParcelStatus.AvailableForPickup, Leg.PickupPoint)]
    [InlineData(ParcelStatus.AvailableForPickup, Leg.PickupPoint, ParcelStatus.Delivered, Leg.PickupPoint)]
    [InlineData(ParcelStatus.Returning, null, ParcelStatus.Returned, null)]
    public void Phases_rise_along_the_journey(ParcelStatus lower, Leg? lowerLeg, ParcelStatus higher, Leg? higherLeg) =>
        Phase.RankOf(lower, lowerLeg).ShouldBeLessThan(Phase.RankOf(higher, higherLeg));

    [Fact]
    public void Advisory_events_and_unknown_codes_leave_status_and_leg_alone() =>
        StateOf(
                Event(ParcelStatus.Customs, Leg.ImportCustoms, hours: 2, weight: EventWeight.Advisory),
                Event(ParcelStatus.Unknown, null, hours: 1),
                Event(ParcelStatus.InTransit, Leg.LineHaul, hours: 0)
            )
            .ShouldBe(new ParcelState(ParcelStatus.InTransit, Leg.LineHaul));

    [Theory]
    [InlineData(ParcelStatus.Customs, ParcelStatus.Customs)]
    [InlineData(ParcelStatus.Exception, ParcelStatus.Exception)]
    [InlineData(ParcelStatus.OutForDelivery, ParcelStatus.OutForDelivery)]
    [InlineData(ParcelStatus.InfoReceived, ParcelStatus.InTransit)]
    [InlineData(null, ParcelStatus.InTransit)]
    public void On_the_way_undoes_nothing_and_lifts_an_announcement(ParcelStatus? before, ParcelStatus expected)
    {
        var vague = Event(ParcelStatus.InTransit, null, hours: 1, weight: EventWeight.Vague);

        (before is { } status ? StateOf(vague, Event(status, null, hours: 0)) : StateOf(vague)).Status.ShouldBe(
            expected
        );
    }

    [Theory]
    [InlineData(ParcelStatus.InTransit, ParcelStatus.Delivered)]
    [InlineData(ParcelStatus.AttemptFailed, ParcelStatus.Delivered)]
    [InlineData(ParcelStatus.Returning, ParcelStatus.Returning)]
    [InlineData(ParcelStatus.Returned, ParcelStatus.Returned)]
    public void Only_the_way_back_leads_out_of_a_delivery(ParcelStatus later, ParcelStatus expected) =>
        StateOf(Event(later, null, hours: 1), Event(ParcelStatus.Delivered, Leg.PickupPoint, hours: 0))
            .Status.ShouldBe(expected);

    [Fact]
    public void A_parcel_on_its_way_back_moves_like_any_other() =>
        StateOf(
            Event(ParcelStatus.InTransit, null, hours: 2),
            Event(ParcelStatus.Returning, null, hours: 1),
            Event(ParcelStatus.Delivered, Leg.PickupPoint, hours: 0)
        )
            .Status.ShouldBe(ParcelStatus.InTransit);

    [Fact]
    public void The_summary_speaks_where_no_event_does_and_nothing_is_unknown()
    {
        History.StatusOf([], new() { Status = ParcelStatus.InfoReceived }).Status.ShouldBe(ParcelStatus.InfoReceived);
        History.StatusOf([], ParcelSummary.Empty).ShouldBe(new ParcelState(ParcelStatus.Unknown, null));
    }

    [Theory]
    [InlineData(ParcelStatus.OutForDelivery, ParcelStatus.Delivered, true)]
    [InlineData(ParcelStatus.AvailableForPickup, ParcelStatus.AvailableForPickup, false)]
    [InlineData(ParcelStatus.Returning, ParcelStatus.Returning, false)]
    [InlineData(ParcelStatus.Delivered, ParcelStatus.Delivered, false)]
    public void A_delivery_that_only_the_summary_knows_is_flagged(
        ParcelStatus scanned,
        ParcelStatus expected,
        bool flagged
    )
    {
        var state = History.StatusOf(
            [Event(scanned, Leg.PickupPoint)],
            new ParcelSummary { Status = ParcelStatus.Delivered }
        );

        (state.Status, state.NoDeliveryScan).ShouldBe((expected, flagged));
    }

    private static ParcelState StateOf(params ReportedEvent[] events) => History.StatusOf(events, ParcelSummary.Empty);

    private static ReportedEvent Event(
        ParcelStatus status,
        Leg? leg,
        double hours = 0,
        EventWeight weight = EventWeight.Full,
        string code = "CODE"
    ) =>
        new()
        {
            Code = code,
            TimeAsSent = "as sent",
            Wall = Noon.AddHours(hours),
            At = At(hours),
            Quality = TimeQuality.Exact,
            Status = status,
            Leg = leg,
            Weight = weight,
        };

    private static DateTimeOffset At(double hours) => new DateTimeOffset(Noon, TimeSpan.Zero).AddHours(hours);
}
