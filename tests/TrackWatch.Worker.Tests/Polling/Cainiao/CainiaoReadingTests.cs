using System.Text;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Polling.Asking;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Tests.Polling.Cainiao;

public sealed class CainiaoReadingTests
{
    private static readonly DateTimeOffset AskedAt = new(2026, 10, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GMT+8", "2026-10-01T02:00:00Z", 8.0, TimeQuality.Exact)]
    [InlineData("GMT+08:00", "2026-10-01T02:00:00Z", 8.0, TimeQuality.Exact)]
    [InlineData("GMT+0800", "2026-10-01T02:00:00Z", 8.0, TimeQuality.Exact)]
    [InlineData("utc", "2026-10-01T10:00:00Z", 0.0, TimeQuality.Exact)]
    [InlineData("GMT-3", "2026-10-01T13:00:00Z", -3.0, TimeQuality.Exact)]
    [InlineData("GMT +5:30", "2026-10-01T04:30:00Z", 5.5, TimeQuality.Exact)]
    [InlineData("", "2026-10-01T02:00:00Z", null, TimeQuality.Exact)]
    [InlineData(null, "2026-10-01T02:00:00Z", null, TimeQuality.Exact)]
    [InlineData("GMT+25", "2026-10-01T02:00:00Z", null, TimeQuality.OffsetInferred)]
    [InlineData("Asia/Shanghai", "2026-10-01T02:00:00Z", null, TimeQuality.OffsetInferred)]
    public void At_the_origin_a_wall_time_is_in_its_own_zone_and_in_Chinas_without_one(
        string? zone,
        string at,
        double? offset,
        TimeQuality quality
    )
    {
        var e = Single(Event("SC_INBOUND_SUCCESS", "2026-10-01 10:00:00", zone));

        e.At.ShouldBe(DateTimeOffset.Parse(at, null));
        e.Offset.ShouldBe(offset is { } hours ? TimeSpan.FromHours(hours) : null);
        e.Quality.ShouldBe(quality);
        e.Wall.ShouldBe(new DateTime(2026, 10, 1, 10, 0, 0));
        e.TimeAsSent.ShouldBe("2026-10-01 10:00:00");
    }

    [Theory]
    [InlineData("GMT+0", TimeQuality.OffsetInferred)]
    [InlineData("GMT+08:00", TimeQuality.OffsetInferred)]
    [InlineData("", TimeQuality.OffsetInferred)]
    [InlineData("GMT+3", TimeQuality.Exact)]
    public void At_the_destination_the_labels_plus_0_and_plus_8_are_not_believed(string zone, TimeQuality quality) =>
        Single(Event("GTMS_DO_DEPART", "2026-10-01 08:00:00", zone)).Quality.ShouldBe(quality);

    [Fact]
    public void A_time_to_come_falls_back_to_the_epoch_and_then_to_the_time_of_asking()
    {
        // 14:00 at -3 is 17:00Z, five hours after asking; the epoch reads it as China's 14:00, which is 06:00Z.
        var epoch = new DateTimeOffset(2026, 10, 20, 6, 0, 0, TimeSpan.Zero);
        var byEpoch = Single(Event("GTMS_ACCEPT", "2026-10-20 14:00:00", "GMT-3", epoch));
        byEpoch.At.ShouldBe(epoch);
        byEpoch.Quality.ShouldBe(TimeQuality.OffsetInferred);

        var clamped = Single(Event("GTMS_ACCEPT", "2026-12-24 14:00:00", "GMT-3", epoch.AddDays(65)));
        clamped.At.ShouldBe(AskedAt);
        clamped.Quality.ShouldBe(TimeQuality.LocalUnknown);
        clamped.Wall.ShouldBe(new DateTime(2026, 12, 24, 14, 0, 0));

        Single(Event("GTMS_ACCEPT", "2026-10-20 15:30:00", "GMT+3")).At.ShouldBe(AskedAt.AddMinutes(30));
    }

    [Theory]
    [InlineData("0001-01-01 00:00:00")]
    [InlineData("9999-12-31 23:59:59")]
    [InlineData("yesterday")]
    [InlineData("2026-02-30 10:00:00")]
    public void An_event_without_a_possible_time_is_left_out_and_the_others_stay(string time)
    {
        var reading = CainiaoReading.Of(
            Parcel([Event("GTMS_SIGNED", time, "GMT+3"), Event("LH_DEPART", "2026-10-01 10:00:00", "GMT+8")]),
            AskedAt
        );

        reading.UnreadableEvents.ShouldBe(1);
        Reading(reading).Events.ShouldHaveSingleItem().Code.ShouldBe("LH_DEPART");
    }

    [Fact]
    public void A_history_of_which_nothing_can_be_read_failed_and_is_not_an_unknown_number() =>
        CainiaoReading
            .Of(Parcel([Event("GTMS_SIGNED", "soon", "GMT+3")]), AskedAt)
            .Outcome.ShouldBeOfType<PollOutcome.Failed>();

    [Fact]
    public void The_epoch_alone_is_a_wall_time_in_China()
    {
        var e = Single("""{"time":"1788228000000","actionCode":"PU_PICKUP_SUCCESS"}""");

        e.Wall.ShouldBe(new DateTime(2026, 9, 1, 10, 0, 0));
        e.At.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1788228000000));
    }

    [Theory]
    [InlineData("LH_DEPART", ParcelStatus.Customs)]
    [InlineData("LH_ARRIVE", ParcelStatus.Customs)]
    [InlineData("CC_HO_IN_SUCCESS", ParcelStatus.Customs)]
    [InlineData("GTMS_OE_DEPART", ParcelStatus.Customs)]
    [InlineData("LH_HO_AIRLINE", ParcelStatus.InTransit)]
    [InlineData("SC_OUTBOUND_SUCCESS", ParcelStatus.InTransit)]
    [InlineData("CC_EX_SUCCESS", ParcelStatus.InTransit)]
    public void Import_clearance_counts_only_once_the_parcel_has_left(string below, ParcelStatus expected)
    {
        var reading = Reading(
            Event("CC_IM_START", "2026-10-02 10:00:00", "GMT+0"),
            Event(below, "2026-10-01 10:00:00", "GMT+8"),
            Event("PU_PICKUP_SUCCESS", "2026-09-29 10:00:00", "GMT+8")
        );

        StatusOf(reading).Status.ShouldBe(expected);
        reading.Events[0].Weight.ShouldBe(expected == ParcelStatus.Customs ? EventWeight.Full : EventWeight.Advisory);
    }

    [Fact]
    public void Papers_cleared_before_the_flight_do_not_put_the_parcel_behind_customs()
    {
        var state = StatusOf(
            Reading(
                Event("CC_IM_SUCCESS", "2026-10-02 10:00:00", "GMT+0"),
                Event("SC_INBOUND_SUCCESS", "2026-10-01 10:00:00", "GMT+8")
            )
        );

        state.ShouldBe(new ParcelState(ParcelStatus.InTransit, Leg.Origin));
    }

    [Fact]
    public void An_exchange_office_is_left_on_the_way_out_and_on_the_way_in()
    {
        var reading = Reading(
            Event("GTMS_OE_DEPART", "2026-10-09 10:00:00", "GMT+3"),
            Event("LH_ARRIVE", "2026-10-08 10:00:00", "GMT+3"),
            Event("GTMS_OE_DEPART", "2026-10-01 10:00:00", "GMT+8")
        );

        reading.Events.Select(e => e.Leg).ShouldBe([Leg.LastMile, Leg.ImportCustoms, Leg.LineHaul]);
    }

    [Theory]
    [InlineData("2026-10-02 10:00:00", EventWeight.Advisory)]
    [InlineData("2026-09-30 10:00:00", EventWeight.Full)]
    public void The_warehouse_speaking_late_moves_nothing(string confirmed, EventWeight weight) =>
        Reading(Event("WMS_CONFIRMED", confirmed, "GMT+8"), Event("GWMS_OUTBOUND", "2026-10-01 10:00:00", "GMT+8"))
            .Events[0]
            .Weight.ShouldBe(weight);

    [Theory]
    [InlineData("ZZ_NEW", "Carrier update", null, ParcelStatus.Unknown, EventWeight.Advisory)]
    [InlineData("ZZ_NEW", "Something new", null, ParcelStatus.Unknown, EventWeight.Full)]
    [InlineData("ZZ_NEW", "Something new", "AE_GROUP_DES_PROCESSING", ParcelStatus.InTransit, EventWeight.Full)]
    [InlineData("ZZ_NEW", "Something new", "AE_GROUP_IM_CLEARING_CUSTOMS", ParcelStatus.Customs, EventWeight.Full)]
    [InlineData(
        "ZZ_SUCCESS",
        "Something new",
        "AE_GROUP_EX_CLEARING_CUSTOMS",
        ParcelStatus.InTransit,
        EventWeight.Full
    )]
    [InlineData("ZZ_NEW", "Something new", "AE_GROUP_DELIVERED", ParcelStatus.Delivered, EventWeight.Full)]
    [InlineData("ZZ_NEW", "Something new", "AE_GROUP_NEW", ParcelStatus.Unknown, EventWeight.Full)]
    [InlineData("GTMS_OE_DEPART", "Carrier update", null, ParcelStatus.InTransit, EventWeight.Full)]
    public void What_no_table_knows_falls_back_to_its_group(
        string code,
        string text,
        string? group,
        ParcelStatus status,
        EventWeight weight
    )
    {
        var e = Single(
            $$$"""{"timeStr":"2026-10-01 10:00:00","actionCode":"{{{code}}}","standerdDesc":"{{{text}}}","group":{"nodeCode":"{{{group}}}"}}"""
        );

        (e.Status, e.Weight).ShouldBe((status, weight));
    }

    [Theory]
    [InlineData("DELIVERED", "GTMS_DO_DEPART", ParcelStatus.Delivered, true)]
    [InlineData("DELIVERED", "GTMS_SIGNED", ParcelStatus.Delivered, false)]
    [InlineData("DELIVERED", "GTMS_STA_SIGNED", ParcelStatus.AvailableForPickup, false)]
    [InlineData("DELIVERED", "RT_HO_OUT", ParcelStatus.Returning, false)]
    [InlineData("FAILED", "GTMS_DO_DEPART", ParcelStatus.OutForDelivery, false)]
    [InlineData("DELIVERING", "ZZ_NEW", ParcelStatus.InTransit, false)]
    [InlineData("CLEAR_CUSTOMS", "CC_ZZ_NEW", ParcelStatus.Customs, false)]
    [InlineData("CLEAR_CUSTOMS", "ZZ_NEW", ParcelStatus.Unknown, false)]
    [InlineData("SOMETHING_NEW", "ZZ_NEW", ParcelStatus.Unknown, false)]
    public void The_summary_token_speaks_last(string token, string code, ParcelStatus expected, bool noScan)
    {
        var state = StatusOf(
            Reading(
                CainiaoReading.Of(
                    Parcel([Event(code, "2026-10-01 10:00:00", "GMT+3")], $"\"status\":\"{token}\""),
                    AskedAt
                )
            )
        );

        (state.Status, state.NoDeliveryScan).ShouldBe((expected, noScan));
    }

    [Theory]
    [InlineData("\"mailNoSource\":\"EXTERNAL\"", PollOutcomeKind.NotFound, null)]
    [InlineData("\"mailNoSource\":null,\"status\":\"\"", PollOutcomeKind.NotFound, null)]
    [InlineData("\"mailNoSource\":\"AE\"", PollOutcomeKind.Ok, ParcelStatus.InfoReceived)]
    [InlineData("\"mailNoSource\":\"EXTERNAL\",\"status\":\"DELIVERING\"", PollOutcomeKind.Ok, ParcelStatus.InTransit)]
    public void Without_events_the_source_and_the_token_decide(
        string fields,
        PollOutcomeKind kind,
        ParcelStatus? status
    )
    {
        var outcome = CainiaoReading.Of(Parcel([], fields), AskedAt).Outcome;

        outcome.Kind.ShouldBe(kind);
        (outcome as PollOutcome.Ok)?.Reading.Summary.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("\"copyRealMailNo\":\"LX 012345675 FR\",\"realMailNo\":\"x\"", "LX012345675FR")]
    [InlineData("\"realMailNo\":\"Latest Tracking Number:\\tLX012345675FR\"", "LX012345675FR")]
    [InlineData("\"realMailNo\":\"TRACKING NUMBER 99112233445566 of POST12\"", "99112233445566")]
    [InlineData("\"realMailNo\":\"UNAVAILABLE for the moment\"", null)]
    public void The_last_mile_number_is_found_by_itself_or_in_prose(string fields, string? number) =>
        Reading(CainiaoReading.Of(Parcel([Event("GTMS_ACCEPT", "2026-10-01 10:00:00", "GMT+3")], fields), AskedAt))
            .Summary.LastMileNumber.ShouldBe(number);

    [Fact]
    public void The_summary_tells_countries_carrier_promise_and_where_tracking_ends()
    {
        var summary = Reading(
            CainiaoReading.Of(
                Parcel(
                    [Event("GTMS_ACCEPT", "2026-10-01 10:00:00", "GMT+3")],
                    """
                    "originCountry":"Mainland China","destCountry":"France,Town","mailType":"Economy",
                    "destCpInfo":{"cpName":"PTT","phone":"0850","url":"https://p.example"},
                    "globalEtaInfo":{"deliveryMinTime":1,"deliveryMaxTime":"1790611199000"}
                    """
                ),
                AskedAt
            )
        ).Summary;

        summary.ShouldBe(
            new ParcelSummary
            {
                OriginCountry = "Mainland China",
                DestinationCountry = "France",
                EndsAtHandover = true,
                LastMileCarrier = "PTT",
                LastMilePhone = "0850",
                LastMileSite = "https://p.example",
                ExpectedBy = DateTimeOffset.FromUnixTimeMilliseconds(1790611199000),
            }
        );
    }

    [Fact]
    public void Only_whitelisted_fields_are_kept_of_an_event()
    {
        const string person = "Ayşe Yılmaz";
        var e = Single(
            $$"""
            {"time":1790820000000,"timeStr":"2026-10-01 10:00:00","timeZone":"GMT+8","actionCode":"SC_INBOUND_SUCCESS","receiverName":"{{person}}",
            "standerdDesc":"[ Shenzhen ] Left","desc":"已离开","group":{"nodeCode":"N","currentIconUrl":"https://x"},"signPictureUrl":"https://y"}
            """
        );

        e.Place.ShouldBe("Shenzhen");
        e.Text.ShouldBe("[ Shenzhen ] Left");
        e.Raw.ShouldBe(
            """{"time":1790820000000,"timeStr":"2026-10-01 10:00:00","timeZone":"GMT+8","actionCode":"SC_INBOUND_SUCCESS","standerdDesc":"[ Shenzhen ] Left","desc":"已离开","group":{"nodeCode":"N"}}"""
        );
    }

    [Fact]
    public void A_reply_with_the_newest_event_alone_is_a_history_of_one()
    {
        var reading = Reading(
            CainiaoReading.Of(
                Parcel([], $"\"latestTrace\":{Event("LH_DEPART", "2026-10-01 10:00:00", "GMT+8")}"),
                AskedAt
            )
        );

        reading.Events.ShouldHaveSingleItem().Code.ShouldBe("LH_DEPART");
    }

    private static ReportedEvent Single(string @event) => Reading(@event).Events.ShouldHaveSingleItem();

    private static ParcelReading Reading(params string[] newestFirst) =>
        Reading(CainiaoReading.Of(Parcel(newestFirst), AskedAt));

    private static ParcelReading Reading(SourceReading reading) =>
        reading.Outcome.ShouldBeOfType<PollOutcome.Ok>().Reading;

    private static ParcelState StatusOf(ParcelReading reading) => History.StatusOf(reading.Events, reading.Summary);

    private static byte[] Parcel(IEnumerable<string> events, string fields = "\"mailNoSource\":\"EXTERNAL\"") =>
        Encoding.UTF8.GetBytes(
            $$"""{"mailNo":"LP00900000000011",{{fields}},"detailList":[{{string.Join(',', events)}}]}"""
        );

    private static string Event(string code, string time, string? zone, DateTimeOffset? epoch = null) =>
        $$"""
            {"actionCode":"{{code}}","timeStr":"{{time}}"{{(zone is null ? "" : $",\"timeZone\":\"{zone}\"")}}{{(
                epoch is { } e ? $",\"time\":{e.ToUnixTimeMilliseconds()}" : ""
            )}}}
            """;
}
