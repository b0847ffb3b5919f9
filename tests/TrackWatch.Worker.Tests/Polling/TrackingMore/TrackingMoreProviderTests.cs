using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Polling;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.TrackingMore;

namespace TrackWatch.Worker.Tests.Polling.TrackingMore;

public sealed class TrackingMoreProviderTests(StubFixture fixture) : HttpProviderContract(fixture)
{
    private const string Key = "sample-key-of-trackingmore";
    private const string Number = "LP00900000000011";
    private const string Other = "LP00900000000127";
    private const string Known = """{"registered":"2026-12-20"}""";
    private const string Today = """{"registered":"2027-01-01"}""";
    private const string Detected =
        """{"meta":{"code":200},"data":[{"courier_code":"la-poste"},{"courier_code":"dhl"}]}""";
    private const string Nothing = """{"meta":{"code":200},"data":[]}""";

    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "trackingmore";
    protected override IReadOnlyCollection<string> TextFields =>
        ["tracking_detail", "location", "city", "status_info", "latest_event", "raw_status"];
    protected override TimeSpan? WaitWithoutRetryAfter => TimeSpan.FromSeconds(120);

    private protected override ITrackingProvider At(Uri url) => At(url, NullLogger<TrackingMoreProvider>.Instance);

    private static TrackingMoreProvider At(Uri url, ILogger<TrackingMoreProvider> logger) =>
        new(
            new TrackingMoreSettings
            {
                BaseUrl = new Uri(url, "v4/"),
                Key = $"{Key}\n",
                MinGap = TimeSpan.Zero,
                AnswerWithin = TimeSpan.FromSeconds(2),
            },
            new VirtualClock(AskedAt),
            logger
        );

    private protected override PollQuestion Question(string number) => base.Question(number) with { Memo = Known };

    protected override PollOutcomeKind? Meaning(string mode, int? arg) => arg == 401 ? PollOutcomeKind.Failed : null;

    private static bool IsOfRegistering(SampleRow row) =>
        row.File
            is "batch-create.json"
                or "already-exists.json"
                or "invalid.json"
                or "courier-not-detected.json"
                or "quota.json";

    private protected override PollQuestion Question(SampleRow row, string number) =>
        IsOfRegistering(row) ? Fresh(number) : Question(number);

    private protected override async Task ServeAsync(SampleRow row, byte[] body)
    {
        await base.ServeAsync(row, body);
        if (!IsOfRegistering(row))
            return;
        await ServeAsync("trackings/get", Nothing);
        if (row.File != "courier-not-detected.json")
            await ServeAsync("couriers/detect", Detected);
    }

    [Fact]
    public async Task A_number_of_no_named_carrier_is_detected_registered_and_read()
    {
        await ConverseAsync(
            ("couriers/detect", 200, Detected),
            ("trackings/batch", 200, Taken(Number)),
            ("trackings/get", 200, Parcel(Number))
        );

        var reply = await AskAsync(Fresh(Number) with { Country = "FR", Postcode = "69001" });

        (await PathsAsync()).ShouldBe(["POST couriers/detect", "POST trackings/batch", "GET trackings/get"]);
        reply.Requests.ShouldBe(3);
        reply.ByNumber.Keys.ShouldBe([Number]);
        reply.Memos[Number].ShouldBe(Today);

        await ServeAsync("trackings/batch", "", 500);
        await Provider.AskAsync([Fresh(Number) with { Country = "FR", Postcode = "69001" }], default);
        var request = (await Stub.StatsAsync()).LastRequest;
        request.ShouldStartWith("POST /v4/trackings/batch\n");
        request.ShouldContain($"Tracking-Api-Key: {Key}\n");
        request.ShouldEndWith(
            """[{"tracking_number":"LP00900000000011","courier_code":"la-poste","destination_country_iso2":"FR","tracking_postal_code":"69001"}]"""
        );
    }

    [Fact]
    public async Task A_number_of_a_named_carrier_needs_no_detection()
    {
        await ConverseAsync(("trackings/batch", 200, Taken(Number)), ("trackings/get", 200, Parcel(Number)));

        var reply = await AskAsync(Fresh(Number) with { Carrier = "China Post" });

        (await PathsAsync()).ShouldBe(["POST trackings/batch", "GET trackings/get"]);
        reply.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Numbers_that_are_registered_are_read_together_and_nothing_else()
    {
        await ConverseAsync(("trackings/get", 200, Parcel(Number)));

        var reply = await AskAsync(Question(Number), Question(Other));

        (await PathsAsync()).ShouldBe(["GET trackings/get"]);
        (await Stub.StatsAsync()).LastRequest.ShouldStartWith(
            $"GET /v4/trackings/get?tracking_numbers={Number},{Other}\n"
        );
        reply.ByNumber.Keys.ShouldBe([Number]);
        reply.Memos[Number].ShouldBe(Known);
    }

    [Theory]
    [InlineData(200, Nothing)]
    [InlineData(400, """{"meta":{"code":4102},"data":[]}""")]
    public async Task A_number_that_is_not_known_there_any_more_is_registered_with_the_next_question(
        int status,
        string body
    )
    {
        await ConverseAsync(("trackings/get", status, body));

        var reply = await AskAsync(Question(Number));
        reply.Deferred.Keys.ShouldBe([Number]);

        await ConverseAsync(
            ("couriers/detect", 200, Detected),
            ("trackings/batch", 400, """{"meta":{"code":4101},"data":[]}"""),
            ("trackings/get", 200, Parcel(Number))
        );
        var again = await AskAsync(Question(Number) with { Memo = reply.Memos[Number] });
        again.ByNumber.Keys.ShouldBe([Number]);
        again.Memos[Number].ShouldBe(Today);
    }

    [Fact]
    public async Task What_was_registered_a_moment_ago_may_take_a_while()
    {
        await ConverseAsync(
            ("couriers/detect", 200, Detected),
            ("trackings/batch", 200, Taken(Number)),
            ("trackings/get", 200, Nothing)
        );

        var reply = await AskAsync(Fresh(Number));

        reply.Deferred[Number].Why.ShouldContain("just been told");
        reply.Memos[Number].ShouldBe(Today);
    }

    [Fact]
    public async Task A_batch_that_is_refused_for_one_number_is_told_number_by_number()
    {
        await ConverseAsync(
            ("couriers/detect", 200, Detected),
            ("trackings/batch", 400, """{"meta":{"code":4110},"data":[]}""")
        );

        var reply = await AskAsync(Fresh(Number), Fresh(Other));

        reply.Requests.ShouldBe(2 + 1 + 2);
        foreach (var number in new[] { Number, Other })
            Provider
                .Read(Fresh(number), reply.ByNumber[number], AskedAt)
                .ShouldBeOfType<PollOutcome.Rejected>()
                .Why.ShouldContain("how it is written");
    }

    [Fact]
    public async Task Without_quota_the_registered_numbers_are_still_read()
    {
        await ConverseAsync(
            ("couriers/detect", 200, Detected),
            ("trackings/batch", 400, """{"meta":{"code":4190},"data":[]}"""),
            ("trackings/get", 200, Parcel(Other))
        );

        var reply = await AskAsync(Fresh(Number), Question(Other));

        reply.Deferred[Number].Why.ShouldContain("quota is used up");
        reply.Memos.Keys.ShouldBe([Other]);
        reply.ByNumber.Keys.ShouldBe([Other]);
    }

    [Theory]
    [InlineData(4120, "carrier:")]
    [InlineData(4121, "carrier:")]
    [InlineData(4122, "ship_to:")]
    public async Task A_number_that_is_turned_down_comes_with_a_hint(int code, string words)
    {
        await ConverseAsync(
            ("couriers/detect", 200, Detected),
            (
                "trackings/batch",
                200,
                $$$"""{"meta":{"code":200},"data":{"success":[],"error":[{"tracking_number":"{{{Number}}}","errorCode":"{{{code}}}"}]}}"""
            )
        );

        var reply = await AskAsync(Fresh(Number));

        reply.Memos.ShouldBeEmpty();
        Provider
            .Read(Fresh(Number), reply.ByNumber[Number], AskedAt)
            .ShouldBeOfType<PollOutcome.Rejected>()
            .Why.ShouldContain(words);
    }

    [Theory]
    [InlineData(401, """{"meta":{"code":401},"data":[]}""")]
    [InlineData(401, """{"meta":{"code":4002},"data":[]}""")]
    [InlineData(200, """{"meta":{"code":4001},"data":[]}""")]
    [InlineData(200, """{"meta":{"code":4002},"data":[]}""")]
    [InlineData(403, """{"meta":{"code":403},"data":[]}""")]
    [InlineData(401, "")]
    public async Task A_key_that_is_refused_says_what_to_do(int status, string body)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body), status: status);

        foreach (var question in new[] { Question(Number), Fresh(Number) })
            (await Provider.AskAsync([question], default))
                .ShouldBeOfType<ProviderReply.Trouble>()
                .Outcome.ShouldBeOfType<PollOutcome.Failed>()
                .Why.ShouldContain("providers: trackingmore: key");
        (await Provider.TryAsync(default)).ShouldBeOfType<PollOutcome.Failed>().Why.ShouldContain("key");
    }

    [Theory]
    [InlineData(200, Nothing, null)]
    [InlineData(400, """{"meta":{"code":4102},"data":[]}""", null)]
    [InlineData(200, """{"meta":{"code":511},"data":[]}""", PollOutcomeKind.Failed)]
    [InlineData(400, """{"meta":{"code":4190},"data":[]}""", PollOutcomeKind.Throttled)]
    [InlineData(200, """{"meta":{"code":429},"data":[]}""", PollOutcomeKind.Throttled)]
    public async Task Trying_out_reads_and_registers_nothing(int status, string body, PollOutcomeKind? expected)
    {
        await ConverseAsync(("trackings/get", status, body));

        var trouble = await Provider.TryAsync(default);

        (trouble?.Kind).ShouldBe(expected);

        (await PathsAsync()).ShouldBe(["GET trackings/get"]);
    }

    [Fact]
    public async Task The_key_is_in_no_outcome_and_no_line_of_the_log()
    {
        var log = new LogLines();
        using var provider = At(Stub.Url, log.For<TrackingMoreProvider>());
        var told = new StringBuilder();
        await ConverseAsync(
            ("trackings/get", 200, $$$"""{"meta":{"code":9999,"message":"The key {{{Key}}} is odd"}}""")
        );
        told.Append(await provider.AskAsync([Question(Number)], default)).Append(await provider.TryAsync(default));
        foreach (var mode in new[] { "error", "too-many", "reset", "hang", "redirect", "truncated" })
        {
            await Stub.SetModeAsync(mode);
            told.Append(await provider.AskAsync([Question(Number)], default));
        }

        told.ToString().ShouldContain("is odd");
        $"{told} {string.Join('\n', log.Written)} {provider} {new TrackingMoreSettings { Key = Key }}".ShouldNotContain(
            Key
        );
    }

    [Theory]
    [InlineData("pickup", "pickup001", ParcelStatus.OutForDelivery)]
    [InlineData("pickup", "pickup002", ParcelStatus.AvailableForPickup)]
    [InlineData("pickup", null, ParcelStatus.OutForDelivery)]
    [InlineData("exception", "exception006", ParcelStatus.Exception)]
    [InlineData("exception", "exception011", ParcelStatus.Returning)]
    [InlineData("notfound", "not found001", ParcelStatus.InfoReceived)]
    [InlineData("transit", "transit099", ParcelStatus.Unknown)]
    [InlineData(null, null, ParcelStatus.Unknown)]
    public void A_status_is_read_from_its_code(string? status, string? substatus, ParcelStatus expected)
    {
        var e = EventOf("2026-09-07 21:44", status, substatus);

        e.Status.ShouldBe(expected);
        e.CustomsTrouble.ShouldBe(substatus == "exception006");
    }

    [Theory]
    [InlineData("2026-09-07 21:44", TimeQuality.LocalUnknown, null)]
    [InlineData("2026-09-07 21:44:03", TimeQuality.LocalUnknown, null)]
    [InlineData("2026-09-07T21:44:03", TimeQuality.LocalUnknown, null)]
    [InlineData("2026-09-07T21:44:03+02:00", TimeQuality.Exact, 2)]
    [InlineData("2026-09-07T21:44:03Z", TimeQuality.Exact, 0)]
    public void A_time_is_as_certain_as_it_was_sent(string date, TimeQuality quality, int? offset)
    {
        var e = EventOf(date, "transit", "transit001");

        e.TimeAsSent.ShouldBe(date);
        e.Wall.Hour.ShouldBe(21);
        e.Quality.ShouldBe(quality);
        e.Offset.ShouldBe(offset is { } hours ? TimeSpan.FromHours(hours) : null);
        e.At.Hour.ShouldBe(21 - (offset ?? 0));
    }

    [Fact]
    public async Task One_scan_told_by_both_couriers_is_one_event_and_the_last_mile_is_named()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Sample("in-transit.json")))!["data"]![0]!;
        json["scheduled_delivery_date"] = "2027-02-01";
        var scan = json["destination_info"]!["trackinfo"]![0]!.DeepClone();
        scan["tracking_detail"] = "Other words";
        json["origin_info"]!["trackinfo"]!.AsArray().Insert(0, scan);

        var reading = Read(Number, Bytes(json)).ShouldBeOfType<PollOutcome.Ok>().Reading;

        reading.Events.Count.ShouldBe(9);
        reading.Events[0].Text.ShouldBe("Reached regional sorting site");
        reading.Summary.LastMileNumber.ShouldBe("LX910000013FR");
        reading.Summary.LastMileCarrier.ShouldBe("la-poste");
        reading.Summary.ExpectedBy.ShouldBe(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));
        reading.Events.Take(4).Select(e => e.Leg).ShouldBe([null, Leg.Handover, null, Leg.ImportCustoms]);
    }

    [Fact]
    public async Task What_the_answer_says_of_the_person_is_not_kept()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Sample("delivered.json")))!["data"]![0]!;
        foreach (
            var field in new[] { "customer_name", "signed_by", "note", "title", "tracking_postal_code", "order_number" }
        )
            json[field] = "SECRET";
        json["destination_info"]!["trackinfo"]![0]!["zip"] = "SECRET";

        var kept = Provider.Keep(Bytes(json));

        kept.ShouldNotContain("SECRET");
        kept.ShouldContain("Handed to the recipient");
        string.Concat(Read(Number, Bytes(json)).ShouldBeOfType<PollOutcome.Ok>().Reading.Events)
            .ShouldNotContain("SECRET");
    }

    [Fact]
    public void A_code_that_nobody_knows_is_logged_once_and_kept()
    {
        var log = new LogLines();
        using var provider = At(Stub.Url, log.For<TrackingMoreProvider>());

        var entry = EntryOf("2026-09-07 21:44", "transit", "transit099");
        var reading = provider.Read(Question(Number), entry, AskedAt).ShouldBeOfType<PollOutcome.Ok>().Reading;
        provider.Read(Question(Other), entry, AskedAt);

        log.Written.ShouldHaveSingleItem().ShouldContain("TRANSIT099");
        reading.Events[0].Code.ShouldBe("TRANSIT099");
    }

    [Theory]
    [InlineData("LP00900000000011", true)]
    [InlineData("1234", false)]
    [InlineData("SIMMOVING01", false)]
    public void It_covers_what_may_be_a_number(string number, bool expected)
    {
        Provider.Covers(number, NumberCheck.Look(number), null).ShouldBe(expected);
        Provider.PageOf(Number).ShouldBe(new Uri("https://www.trackingmore.com/track/en/LP00900000000011"));
    }

    private PollQuestion Fresh(string number) => Question(number) with { Memo = null };

    private ReportedEvent EventOf(string date, string? status, string? substatus) =>
        Read(Number, EntryOf(date, status, substatus))
            .ShouldBeOfType<PollOutcome.Ok>()
            .Reading.Events.ShouldHaveSingleItem();

    private static byte[] EntryOf(string date, string? status, string? substatus) =>
        Bytes(
            new JsonObject
            {
                ["tracking_number"] = Number,
                ["delivery_status"] = "transit",
                ["origin_info"] = new JsonObject
                {
                    ["trackinfo"] = new JsonArray(
                        new JsonObject
                        {
                            ["checkpoint_date"] = date,
                            ["checkpoint_delivery_status"] = status,
                            ["checkpoint_delivery_substatus"] = substatus,
                        }
                    ),
                },
            }
        );

    private async Task<ProviderReply.Entries> AskAsync(params PollQuestion[] questions) =>
        (await Provider.AskAsync(questions, default)).ShouldBeOfType<ProviderReply.Entries>();

    /// <summary>The stub answers these paths, and nothing useful on others; its figures begin anew.</summary>
    private async Task ConverseAsync(params (string Path, int Status, string Body)[] answers)
    {
        await Stub.PutBodyAsync("{}"u8.ToArray());
        foreach (var (path, status, body) in answers)
            await ServeAsync(path, body, status);
        await Stub.ForgetStatsAsync();
    }

    private Task ServeAsync(string path, string body, int status = 200) =>
        Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body), status: status, path: $"/{path}");

    private async Task<IReadOnlyList<string>> PathsAsync() =>
        [.. (await Stub.StatsAsync()).Paths.Select(path => path.Replace(" /v4/", " ", StringComparison.Ordinal))];

    private static string Taken(string number) =>
        $$$"""{"meta":{"code":200},"data":{"success":[{"tracking_number":"{{{number}}}"}],"error":[]}}""";

    private static string Parcel(string number) =>
        $$$"""{"meta":{"code":200},"data":[{"tracking_number":"{{{number}}}","delivery_status":"pending"}]}""";
}
