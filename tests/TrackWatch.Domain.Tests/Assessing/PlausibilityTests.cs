using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Assessing;

public sealed class PlausibilityTests
{
    private static readonly Order ToTurkey = Some.Order() with { ShipTo = new Destination("TR") };

    [Theory]
    [InlineData("Turkey", null)]
    [InlineData("Türkiye", null)]
    [InlineData("Poland", "PL")]
    [InlineData("Brazil,Recife", "BR")]
    [InlineData("poland", "PL")]
    [InlineData("Georgia", null)] // a country, and a state
    [InlineData("Warehouse 7", null)]
    [InlineData("Poland, Germany", null)] // which of them?
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_destination_that_is_surely_another_country_is_doubtful_and_what_cannot_be_read_is_not(
        string? destination,
        string? country
    ) =>
        Plausibility
            .Of(ToTurkey, Some.Shipment() with { Destination = destination }, TimeZoneInfo.Utc)
            .Select(d => (d.Kind, d.Country))
            .ShouldBe(country is null ? [] : [(DoubtKind.OtherDestination, country)]);

    [Theory]
    [InlineData("FR", "Reunion", Leg.LastMile)]
    [InlineData("GB", "Jersey", Leg.LastMile)]
    [InlineData("US", "Puerto Rico", Leg.LastMile)]
    public void Territories_that_get_their_mail_by_way_of_the_country_are_no_doubt(
        string country,
        string says,
        Leg leg
    ) =>
        Plausibility
            .Of(
                Some.Order() with
                {
                    ShipTo = new Destination(country),
                },
                Some.Shipment(leg) with
                {
                    Destination = says,
                },
                TimeZoneInfo.Utc
            )
            .ShouldBeEmpty();

    [Fact]
    public void A_scan_abroad_counts_only_once_the_local_carrier_has_the_parcel()
    {
        Kinds(ToTurkey, Some.Shipment(Leg.LineHaul) with { LastPlace = "Liège, Belgium" }).ShouldBeEmpty();
        Kinds(ToTurkey, Some.Shipment(Leg.LastMile) with { LastPlace = "Liège, Belgium" })
            .ShouldBe([DoubtKind.OtherDestination]);
        Kinds(ToTurkey, Some.Shipment(Leg.LastMile) with { LastPlace = "Liège" }).ShouldBeEmpty();
        Kinds(Some.Order(), Some.Shipment(Leg.LastMile) with { LastPlace = "Liège, Belgium" }).ShouldBeEmpty();
    }

    [Fact]
    public void A_delivery_without_any_scan_in_the_destination_country_is_doubtful_but_where_nobody_scans()
    {
        var delivered = Some.Shipment() with { Status = ParcelStatus.Delivered, SeenInDestination = false };

        Kinds(ToTurkey, delivered).ShouldBe([DoubtKind.DeliveredUnseen]);
        Kinds(ToTurkey, delivered with { SeenInDestination = true }).ShouldBeEmpty();
        Kinds(ToTurkey, delivered with { EndsByDesign = true }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("RR123456785DE", "royal_mail", "TR", "DE")]
    [InlineData("RR123456785GB", "royal_mail", "TR", null)]
    [InlineData("RR123456785DE", "ptt", "TR", null)] // the destination's post carries everybody's numbers
    [InlineData("LP00900000000011", "royal_mail", "TR", null)]
    [InlineData("RR123456785DE", null, "TR", null)]
    public void A_post_that_is_neither_the_numbers_nor_the_destinations_is_doubtful(
        string number,
        string? carrier,
        string to,
        string? issuer
    )
    {
        var order = Some.Order() with
        {
            Tracking = [new TrackedParcel(number, Carrier: carrier)],
            ShipTo = new Destination(to),
        };

        Plausibility
            .Of(order, Some.Shipment() with { Number = number }, TimeZoneInfo.Utc)
            .Select(d => d.Country)
            .ShouldBe(issuer is null ? [] : [issuer]);
    }

    [Fact]
    public void A_history_older_than_the_order_is_somebody_elses_and_a_beginning_that_is_older_makes_it_doubtful()
    {
        var ordered = Some.Order() with { Ordered = Some.May(10) };
        var old = Some.Shipment(Leg.LastMile, Some.May(5)) with
        {
            Status = ParcelStatus.Delivered,
            RegisteredAt = Some.Noon(Some.May(10)),
        };

        var verdict = Some.Snapshot(ordered, null, old).On(Some.May(12));
        verdict
            .Notices.ShouldHaveSingleItem()
            .Reason.ShouldBe(new Reason(ReasonCode.OlderThanOrder, Date: Some.May(2)));
        (verdict.Due!.Step, verdict.Notices[0].Channel).ShouldBe((Step.CheckNumber, Channel.Alert));

        var both = old with { LastEventAt = Some.Noon(Some.May(12)), LastProgressAt = Some.Noon(Some.May(12)) };
        Kinds(ordered, both).ShouldBe([DoubtKind.OlderThanOrder]);
        Some.Snapshot(ordered, null, both).On(Some.May(12)).Due.ShouldBeNull("It was delivered after the order.");
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_first_event_a_day_before_the_order_is_a_matter_of_clocks(int first, bool isDoubtful) =>
        Plausibility
            .Of(
                Some.Order() with
                {
                    Ordered = Some.May(5),
                },
                Some.Shipment() with
                {
                    FirstEventAt = Some.Noon(Some.May(first)),
                    LastEventAt = Some.Noon(Some.May(9)),
                },
                TimeZoneInfo.Utc
            )
            .Any()
            .ShouldBe(isDoubtful);

    [Fact]
    public void A_number_to_another_country_is_questioned_then_the_seller_is_asked_then_disputed()
    {
        var order = Some.Snapshot(ToTurkey, null, Some.Shipment() with { Destination = "Poland" });

        var first = order.On(Some.May(2));
        (first.Due!.Step, first.Due.Why!.Code, first.Case!.State).ShouldBe(
            (Step.CheckNumber, ReasonCode.OtherDestination, CaseState.Open)
        );
        var asked = Some.Facts(Some.Done(Step.CheckNumber, Some.May(2)));
        (order with { Facts = asked }).On(Some.May(3)).Due!.Step.ShouldBe(Step.ContactSeller);
        var seller = Some.Facts(Some.Done(Step.CheckNumber, Some.May(2)), Some.Done(Step.ContactSeller, Some.May(3)));
        (order with { Facts = seller }).On(Some.May(7)).Due.ShouldBeNull();
        var dispute = (order with { Facts = seller }).On(Some.May(8));
        (dispute.Due!.Step, dispute.Due.Why!.Code).ShouldBe((Step.OpenDispute, ReasonCode.OtherDestination));
    }

    [Fact]
    public void A_parcel_delivered_in_another_country_is_not_with_the_buyer()
    {
        var elsewhere = Some.Shipment() with
        {
            Status = ParcelStatus.Delivered,
            Destination = "Poland",
            SeenInDestination = true,
        };
        var verdict = Some.Snapshot(ToTurkey, null, elsewhere).On(Some.May(2));

        verdict
            .Notices.ShouldHaveSingleItem()
            .Reason.ShouldBe(new Reason(ReasonCode.DeliveredElsewhere, Country: "PL"));
        (verdict.Due!.Step, verdict.Notices[0].Channel).ShouldBe((Step.ContactSeller, Channel.Alert));

        var missing = Some.Facts((new Fact.Missing(Some.May(3)), Some.May(3)));
        var dispute = Some.Snapshot(ToTurkey, missing, elsewhere).On(Some.May(3)).Due!;
        (dispute.Step, dispute.Why!.Code).ShouldBe((Step.OpenDispute, ReasonCode.DeliveredElsewhere));
    }

    [Fact]
    public void A_swapped_number_is_questioned_by_digest_until_it_has_arrived_in_the_country()
    {
        var order = Some.Order() with { Tracking = [new TrackedParcel("LP00900000000011", Replaces: "LP1")] };

        var verdict = Some.Snapshot(order).On(Some.May(2));
        (verdict.Due!.Why!.Code, verdict.Notices[0].Channel).ShouldBe((ReasonCode.NumberSwapped, Channel.Digest));
        Some.Snapshot(order, null, Some.Shipment(Leg.LastMile)).On(Some.May(2)).Due.ShouldBeNull();
    }

    private static IEnumerable<DoubtKind> Kinds(Order order, ShipmentView shipment) =>
        Plausibility.Of(order, shipment, TimeZoneInfo.Utc).Select(d => d.Kind);
}
