using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Ship24;

namespace TrackWatch.Worker.Tests.Polling.Ship24;

public sealed class Ship24ProviderTests(StubFixture fixture) : KeyedProviderContract(fixture)
{
    private const string TrackerId = "00000000-0000-4000-8000-000041000000";
    private const string Moving = "LP00910000000041";

    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "ship24";
    protected override string SettingsKey => "ship24";

    // "status" is a sentence in an event and nothing else anywhere.
    protected override IReadOnlyCollection<string> TextFields => ["status"];

    private protected override ITrackingProvider At(Uri url) =>
        new Ship24Provider(
            new Ship24Settings
            {
                BaseUrl = url,
                Key = Key,
                AnswerWithin = TimeSpan.FromSeconds(2),
            },
            TimeProvider.System,
            Log.For<Ship24Provider>()
        );

    protected override string WithPeople(string file)
    {
        var body = JsonNode.Parse(file)!;
        var tracking = body["data"]!["trackings"]![0]!;
        tracking["tracker"]!["shipmentReference"] = "for Erika";
        tracking["shipment"]!["delivery"]!["signedBy"] = "Erika";
        tracking["shipment"]!["recipient"]!["name"] = "Erika";
        tracking["shipment"]!["recipient"]!["address"] = "Erikaweg 1";
        foreach (var e in tracking["events"]!.AsArray())
            e!["status"] = "Delivered - Signed by: ERIKA";
        return body.ToJsonString();
    }

    [Fact]
    public async Task The_first_question_makes_a_tracker_and_the_next_ones_read_it()
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample("in-transit.json")), status: 201);
        await Stub.ForgetStatsAsync();

        var first = await AskAsync(Question(Moving) with { Country = "FR", Postcode = "69001" });
        var made = await Stub.StatsAsync();
        var second = await AskAsync(Question(Moving) with { Memo = first.Memos[Moving] });

        made.LastRequest.ShouldStartWith("POST /trackers/track\n");
        made.LastRequest.ShouldContain($"Authorization: Bearer {Key}\n");
        made.LastRequest.ShouldEndWith(
            """{"trackingNumber":"LP00910000000041","destinationCountryCode":"FR","destinationPostCode":"69001"}"""
        );
        (await Stub.StatsAsync()).Paths.ShouldBe(["POST /trackers/track", $"GET /trackers/{TrackerId}/results"]);
        second.Memos.ShouldBe(first.Memos);
        (first.Requests, second.Requests).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_tracker_that_is_gone_is_made_anew()
    {
        await Stub.PutBodyAsync(
            """{"errors":[{"code":"not_found","message":"no"}],"data":null}"""u8.ToArray(),
            status: 404
        );
        await Stub.PutBodyAsync(
            await File.ReadAllBytesAsync(Sample("in-transit.json")),
            status: 201,
            path: "/trackers/track"
        );

        var reply = await AskAsync(Question(Moving) with { Memo = "gone" });

        (reply.Memos[Moving], reply.Requests).ShouldBe((TrackerId, 2));
    }

    [Fact]
    public async Task A_tracker_that_exists_already_is_found_by_its_number()
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample("in-transit.json")));
        await Stub.PutBodyAsync(
            """{"errors":[{"code":"conflict","message":"there"}],"data":null}"""u8.ToArray(),
            status: 409,
            path: "/trackers/track"
        );
        await Stub.ForgetStatsAsync();

        var reply = await AskAsync(Question(Moving));

        (await Stub.StatsAsync()).Paths.ShouldBe(["POST /trackers/track", $"GET /trackers/search/{Moving}/results"]);
        (reply.Memos[Moving], reply.Requests).ShouldBe((TrackerId, 2));
    }

    [Theory]
    [InlineData("../../couriers")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task A_memo_that_is_no_id_leads_nowhere(string memo)
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample("in-transit.json")));
        await Stub.ForgetStatsAsync();

        await AskAsync(Question(Moving) with { Memo = memo });

        (await Stub.StatsAsync()).Paths.ShouldBe(["POST /trackers/track"]);
    }

    [Theory]
    [InlineData(null, 9)]
    [InlineData(TrackerId, 9)]
    [InlineData("00000000-0000-4000-8000-000052000000", 2)]
    public async Task Of_two_trackers_with_one_number_it_is_the_one_remembered_else_the_one_seen_last(
        string? memo,
        int events
    )
    {
        var body = JsonNode.Parse(await File.ReadAllTextAsync(Sample("two-shipments-same-number.json")))!;
        // The older one stands first here.
        var list = body["data"]!["trackings"]!.AsArray();
        var first = list[0];
        list.RemoveAt(0);
        list.Add(first);
        await Stub.PutBodyAsync(Bytes(body));

        var question = Question(Moving) with { Memo = memo };

        Reading(await AskAsync(question), Moving).Events.Count.ShouldBe(events);
    }

    [Theory]
    [InlineData(402, "payment", PollOutcomeKind.Throttled)]
    [InlineData(403, "quota_limit_reached", PollOutcomeKind.Throttled)]
    [InlineData(403, "auth_error", PollOutcomeKind.Failed)]
    [InlineData(400, "bad_request", PollOutcomeKind.Failed)]
    public async Task A_refusal_is_read_by_its_code(int status, string code, PollOutcomeKind expected)
    {
        await Stub.PutBodyAsync(
            Encoding.UTF8.GetBytes($$"""{"errors":[{"code":"{{code}}","message":"x"}],"data":null}"""),
            status: status
        );

        var reply = await Provider.AskAsync([Question(Number)], default);

        reply.ShouldBeOfType<ProviderReply.Trouble>().Outcome.Kind.ShouldBe(expected);
    }

    [Fact]
    public async Task A_try_asks_for_the_couriers_and_spends_nothing()
    {
        await Stub.PutBodyAsync("""{"data":{"couriers":[]}}"""u8.ToArray());
        await Stub.ForgetStatsAsync();

        (await Provider.TryAsync(default)).ShouldBeNull();

        (await Stub.StatsAsync()).Paths.ShouldBe(["GET /couriers"]);
    }

    [Fact]
    public async Task The_offset_is_believed_and_the_false_Z_is_not()
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample("in-transit.json")));

        var reading = Reading(await AskAsync(Question(Moving)), Moving);

        var newest = reading.Events[0];
        newest.TimeAsSent.ShouldBe("2026-09-07T21:44:03");
        newest.At.ShouldBe(new DateTimeOffset(2026, 9, 7, 19, 44, 3, TimeSpan.Zero));
        (newest.Offset, newest.Quality).ShouldBe((TimeSpan.FromHours(2), TimeQuality.Exact));
        (reading.Summary.OriginCountry, reading.Summary.DestinationCountry).ShouldBe(("China", "France"));
        reading.Summary.LastMileNumber.ShouldBe("LX910000013FR");
        reading.Summary.ExpectedBy.ShouldBe(new DateTimeOffset(2026, 9, 12, 12, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_false_Z_in_the_local_time_is_no_offset_either()
    {
        var e = Events(("in_transit", null, "2026-09-07T21:44:03Z", null)).Single();

        (e.Offset, e.Quality).ShouldBe((null, TimeQuality.LocalUnknown));
    }

    [Fact]
    public void Events_of_a_parcel_with_another_number_are_left_out_and_the_next_carriers_are_kept()
    {
        var tracking = Tracking([
            ("in_transit", null, "2026-09-03T10:00:00", "+02:00"),
            ("in_transit", null, "2026-09-02T10:00:00", "+02:00"),
            ("delivered", null, "2026-09-01T10:00:00", "+02:00"),
        ]);
        tracking["shipment"]!["trackingNumbers"] = new JsonArray(
            new JsonObject { ["tn"] = Number },
            new JsonObject { ["tn"] = "LX910000013FR" }
        );
        tracking["events"]![0]!["eventTrackingNumber"] = "LX910000013FR";
        tracking["events"]![0]!["courierCode"] = "fr-post";
        tracking["events"]![1]!["trackingNumber"] = "LX910000013FR";
        tracking["events"]![2]!["trackingNumber"] = "SOMEBODYELSES1";

        var reading = Provider
            .Read(Question(Number), Bytes(tracking), AskedAt)
            .ShouldBeOfType<PollOutcome.Ok>()
            .Reading;

        reading.Events.Select(e => e.Wall.Day).ShouldBe([3, 2]);
        (reading.Summary.LastMileNumber, reading.Summary.LastMileCarrier).ShouldBe(("LX910000013FR", "fr-post"));
    }

    [Theory]
    [InlineData("exception", "customs_exception", ParcelStatus.Customs, true, false, null)]
    [InlineData("exception", "customs_rejected", ParcelStatus.Exception, false, true, null)]
    [InlineData("exception", "exception_lost", ParcelStatus.Exception, false, false, null)]
    [InlineData("exception", "exception_return", ParcelStatus.Returning, false, false, null)]
    [InlineData("failed_attempt", "delivery_refused", ParcelStatus.Exception, false, false, null)]
    [InlineData("info_received", "data_order_cancelled", ParcelStatus.Exception, false, false, null)]
    [InlineData("info_received", null, ParcelStatus.InfoReceived, false, false, Leg.Label)]
    [InlineData("in_transit", "transit_origin_country_departure", ParcelStatus.InTransit, false, false, Leg.LineHaul)]
    [InlineData("out_for_delivery", null, ParcelStatus.OutForDelivery, false, false, Leg.PickupPoint)]
    [InlineData("delivered", "brand_new_code", ParcelStatus.Delivered, false, false, Leg.PickupPoint)]
    [InlineData("brand_new", null, ParcelStatus.Unknown, false, false, null)]
    [InlineData("pending", null, ParcelStatus.Unknown, false, false, null)]
    public void A_status_code_refines_the_milestone(
        string milestone,
        string? statusCode,
        ParcelStatus status,
        bool actionNeeded,
        bool customsTrouble,
        Leg? leg
    )
    {
        var e = Events((milestone, statusCode, "2026-09-01T10:00:00", null)).Single();

        (e.Status, e.ActionNeeded, e.CustomsTrouble, e.Leg).ShouldBe((status, actionNeeded, customsTrouble, leg));
        e.Code.ShouldBe((statusCode ?? milestone).ToUpperInvariant());
        Log.Written.Count.ShouldBe(e.Code.StartsWith("BRAND_NEW", StringComparison.Ordinal) ? 1 : 0);
    }

    [Fact]
    public void Customs_after_the_landing_is_the_buyers() =>
        Events(
                ("in_transit", "customs_cleared", "2026-09-04T10:00:00", "+02:00"),
                ("in_transit", "customs_received", "2026-09-03T10:00:00", "+02:00"),
                ("in_transit", "destination_arrival", "2026-09-02T10:00:00", "+02:00"),
                ("in_transit", "customs_cleared", "2026-09-01T10:00:00", "+08:00")
            )
            .Select(e => e.Leg)
            .ShouldBe([Leg.Handover, Leg.ImportCustoms, Leg.ImportCustoms, null]);

    private async Task<ProviderReply.Entries> AskAsync(PollQuestion question) =>
        (await Provider.AskAsync([question], default)).ShouldBeOfType<ProviderReply.Entries>();

    private ParcelReading Reading(ProviderReply.Entries reply, string number) =>
        Provider.Read(Question(number), reply.ByNumber[number], AskedAt).ShouldBeOfType<PollOutcome.Ok>().Reading;

    private IReadOnlyList<ReportedEvent> Events(
        params (string Milestone, string? StatusCode, string At, string? Offset)[] events
    ) =>
        Provider
            .Read(Question(Number), Bytes(Tracking(events)), AskedAt)
            .ShouldBeOfType<PollOutcome.Ok>()
            .Reading.Events;

    private static JsonObject Tracking((string Milestone, string? StatusCode, string At, string? Offset)[] events) =>
        new()
        {
            ["tracker"] = new JsonObject { ["trackerId"] = "t1", ["trackingNumber"] = Number },
            ["shipment"] = new JsonObject { ["statusMilestone"] = "in_transit" },
            ["events"] = new JsonArray([
                .. events.Select(e => new JsonObject
                {
                    ["trackingNumber"] = Number,
                    ["occurrenceDatetime"] = e.At,
                    ["datetime"] = $"{e.At}.000Z",
                    ["utcOffset"] = e.Offset,
                    ["statusMilestone"] = e.Milestone,
                    ["statusCode"] = e.StatusCode,
                }),
            ]),
        };
}
