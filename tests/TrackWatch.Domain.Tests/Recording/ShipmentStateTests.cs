using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Tests.Recording;

public sealed class ShipmentStateTests
{
    private static readonly DateTimeOffset Now = Some.Noon(Some.May(20));

    [Theory]
    [InlineData("LH", null, Leg.LineHaul, EventWeight.Full, false)] // the line said again
    [InlineData("LH", "shenzhen ", Leg.LineHaul, EventWeight.Full, false)]
    [InlineData("LX", "Shenzhen", Leg.LineHaul, EventWeight.Full, true)] // a new code
    [InlineData("LH", "Liege", Leg.LineHaul, EventWeight.Full, true)] // a new place
    [InlineData("LH", "Shenzhen", Leg.ImportCustoms, EventWeight.Full, true)] // a new leg
    [InlineData("LX", "Liege", Leg.ImportCustoms, EventWeight.Advisory, false)] // filler
    [InlineData("LX", "Shenzhen", null, EventWeight.Vague, true)]
    public void Progress_is_a_new_place_code_or_leg(
        string code,
        string? place,
        Leg? leg,
        EventWeight weight,
        bool progress
    )
    {
        var state = Derive(Event(9, code, place, leg, weight: weight), Event(1, "LH", "Shenzhen", Leg.LineHaul));

        state.LastProgressAt.ShouldBe(Some.Noon(Some.May(progress ? 9 : 1)));
        state.LastEventAt.ShouldBe(Some.Noon(Some.May(9)));
    }

    [Fact]
    public void Without_a_code_a_new_text_is_progress_and_a_repeated_one_is_not()
    {
        Derive(Event(9, "", text: "Left"), Event(1, "", text: "Arrived"))
            .LastProgressAt.ShouldBe(Some.Noon(Some.May(9)));
        Derive(Event(9, "", text: "Left"), Event(1, "", text: "Left")).LastProgressAt.ShouldBe(Some.Noon(Some.May(1)));
    }

    [Fact]
    public void The_first_scan_is_the_carriers_not_the_announcement_and_not_filler()
    {
        var state = Derive(
            Event(3, "PU", leg: Leg.Origin),
            Event(2, "TIP", weight: EventWeight.Advisory),
            Event(1, "LABEL", leg: Leg.Label, status: ParcelStatus.InfoReceived)
        );

        (state.FirstEventAt, state.FirstScanAt).ShouldBe((Some.Noon(Some.May(1)), Some.Noon(Some.May(3))));
    }

    [Fact]
    public void A_scan_after_the_delivery_is_an_anomaly_and_the_parcel_stays_delivered()
    {
        var later = Event(9, "LH", leg: Leg.LineHaul);
        var state = Derive(later, Event(5, "SIGNED", leg: Leg.PickupPoint, status: ParcelStatus.Delivered));

        state.Status.ShouldBe(ParcelStatus.Delivered);
        var anomaly = state.Anomalies.ShouldHaveSingleItem();
        (anomaly.Kind, anomaly.Event).ShouldBe(("after-delivery", later));
    }

    [Fact]
    public void The_way_back_leads_out_of_a_delivery_without_an_anomaly() =>
        Derive(Event(9, "BACK", status: ParcelStatus.Returning), Event(5, "SIGNED", status: ParcelStatus.Delivered))
            .ShouldSatisfyAllConditions(
                s => s.Status.ShouldBe(ParcelStatus.Returning),
                s => s.Anomalies.ShouldBeEmpty()
            );

    [Theory]
    [InlineData(14, false)]
    [InlineData(16, true)]
    public void A_time_in_the_future_is_kept_as_an_anomaly_and_neither_delivers_nor_stops_the_clock(
        int hoursAhead,
        bool anomaly
    )
    {
        var ahead = Event(20, "SIGNED", status: ParcelStatus.Delivered);
        ahead = ahead with { Wall = ahead.Wall.AddHours(hoursAhead), At = ahead.At.AddHours(hoursAhead) };
        var state = Derive(ahead, Event(1, "LH", leg: Leg.LineHaul));

        state.Anomalies.Select(a => a.Kind).ShouldBe(anomaly ? ["future-time"] : []);
        state.Status.ShouldBe(anomaly ? ParcelStatus.InTransit : ParcelStatus.Delivered);
        state.LastProgressAt.ShouldBe(anomaly ? Some.Noon(Some.May(1)) : ahead.At);
    }

    [Fact]
    public void A_delivery_that_only_the_summary_knows_is_an_anomaly() =>
        ShipmentState
            .Derive(
                ParcelStatus.Unknown,
                [Event(1, "LH", leg: Leg.LastMile)],
                new ParcelSummary { Status = ParcelStatus.Delivered },
                Now
            )
            .Anomalies.ShouldHaveSingleItem()
            .Kind.ShouldBe("no-delivery-scan");

    [Theory]
    [InlineData(Leg.LineHaul, false)]
    [InlineData(Leg.ImportCustoms, false)]
    [InlineData(Leg.Handover, true)]
    [InlineData(Leg.LastMile, true)]
    public void Tracking_ends_by_design_only_once_handed_over(Leg leg, bool ends) =>
        ShipmentState
            .Derive(ParcelStatus.Unknown, [Event(1, "X", leg: leg)], new ParcelSummary { EndsAtHandover = true }, Now)
            .EndsByDesign.ShouldBe(ends);

    [Fact]
    public void What_was_known_stands_where_the_history_says_nothing()
    {
        Derive(ParcelStatus.InTransit).Status.ShouldBe(ParcelStatus.InTransit);
        Derive(ParcelStatus.NotFound).Status.ShouldBe(ParcelStatus.Unknown);
        Derive(ParcelStatus.NotFound, Event(1, "LH")).Status.ShouldBe(ParcelStatus.InTransit);
    }

    [Fact]
    public void Papers_are_wanted_until_a_newer_event_counts()
    {
        var wanted = Event(5, "DOCS", status: ParcelStatus.Customs, leg: Leg.ImportCustoms) with
        {
            ActionNeeded = true,
        };

        Derive(wanted).ActionNeeded.ShouldBeTrue();
        Derive(Event(6, "TIP", weight: EventWeight.Advisory), wanted).ActionNeeded.ShouldBeTrue();
        Derive(Event(6, "CLEARED", leg: Leg.Handover), wanted).ActionNeeded.ShouldBeFalse();
    }

    private static ShipmentState Derive(params ReportedEvent[] events) => Derive(ParcelStatus.Unknown, events);

    private static ShipmentState Derive(ParcelStatus before, params ReportedEvent[] events) =>
        ShipmentState.Derive(before, events, ParcelSummary.Empty, Now);

    private static ReportedEvent Event(
        int day,
        string code,
        string? place = null,
        Leg? leg = null,
        ParcelStatus status = ParcelStatus.InTransit,
        EventWeight weight = EventWeight.Full,
        string text = ""
    ) =>
        new()
        {
            Code = code,
            TimeAsSent = $"{day}",
            Wall = Some.Noon(Some.May(day)).DateTime,
            At = Some.Noon(Some.May(day)),
            Quality = TimeQuality.Exact,
            Status = status,
            Leg = leg,
            Place = place,
            Text = text,
            Weight = weight,
        };
}
