using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.AfterShip;

namespace TrackWatch.Worker.Tests.Polling.AfterShip;

public sealed class AfterShipProviderTests(StubFixture fixture) : KeyedProviderContract(fixture)
{
    private const string Empty =
        """{"meta":{"code":200},"data":{"pagination":{"total":0,"has_next_page":false},"trackings":[]}}""";
    private const string Unknown = """{"meta":{"code":4004,"type":"NotFound","message":"no"},"data":{}}""";

    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "aftership";
    protected override string SettingsKey => "aftership";
    protected override IReadOnlyCollection<string> TextFields => ["message", "subtag_message"];

    private protected override ITrackingProvider At(Uri url) =>
        new AfterShipProvider(
            new AfterShipSettings
            {
                BaseUrl = url,
                Key = Key,
                AnswerWithin = TimeSpan.FromSeconds(2),
            },
            new VirtualClock(AskedAt),
            Log.For<AfterShipProvider>()
        );

    /// <summary>
    /// The files with one tracking or one refusal are answers to a registration; what they lead to next is a tracking that
    /// waits for its first scan, and no second chance for one that has been given up.
    /// </summary>
    private protected override async Task ServeAsync(SampleRow row, byte[] body)
    {
        var isOfRegistration = row.Outcome is "Ok" or "NotFound" or "Rejected" or "Registered";
        if (
            row.File.StartsWith("batch", StringComparison.Ordinal)
            || row is { Outcome: not "(register first)" } && !isOfRegistration
        )
        {
            await base.ServeAsync(row, body);
            return;
        }
        var number = row.Number == "*" ? Number : row.Number;
        await PutAsync(Single(Tracking(number)));
        await PutAsync("""{"meta":{"code":4016,"message":"not allowed"},"data":{} }""", 400, "/retrack");
        await PutAsync(Empty, path: "GET /trackings");
        if (isOfRegistration)
            await Stub.PutBodyAsync(body, row.ContentType, row.Http, "POST /trackings");
        else
            await Stub.PutBodyAsync(body, row.ContentType, row.Http, "GET /trackings");
    }

    protected override string Expected(SampleRow row) =>
        row.Outcome is "Registered" or "(register first)" ? "NotFound NotFound 0 " : base.Expected(row);

    protected override string WithPeople(string file)
    {
        var body = JsonNode.Parse(file)!;
        body["data"]!["signed_by"] = "Erika";
        body["data"]!["title"] = "Present for Erika";
        body["data"]!["customers"] = new JsonArray(new JsonObject { ["name"] = "Erika", ["phone_number"] = "Erika" });
        body["data"]!["destination_raw_location"] = "Erikaweg 1";
        foreach (var checkpoint in body["data"]!["checkpoints"]!.AsArray())
            checkpoint!["message"] = "Delivered, signed by ERIKA MUSTER";
        return body.ToJsonString();
    }

    [Fact]
    public async Task Numbers_are_read_together_and_one_that_is_missing_is_registered_and_remembered()
    {
        await PutAsync(List(Tracking("LP00900000000028", id: "b2")));
        await PutAsync(Single(Tracking(Number, id: "a1")), 201, "POST /trackings");
        await Stub.ForgetStatsAsync();

        var reply = await AskAsync(Question(Number) with { Postcode = "34710" }, Question("LP00900000000028"));

        var stats = await Stub.StatsAsync();
        stats.Paths.ShouldBe(["GET /trackings", "POST /trackings"]);
        stats.LastRequest.ShouldContain($"as-api-key: {Key}\n");
        stats.LastRequest.ShouldEndWith("""{"tracking_number":"LP00900000000011","tracking_postal_code":"34710"}""");
        reply.Requests.ShouldBe(2);
        reply.Memos.ShouldBe(
            new Dictionary<string, string> { [Number] = "a1", ["LP00900000000028"] = "b2" },
            ignoreOrder: true
        );
        Outcome(reply, Number).ShouldBe(PollOutcomeKind.NotFound);
    }

    [Fact]
    public async Task The_list_is_asked_for_by_all_numbers_at_once()
    {
        await PutAsync(List(Tracking(Number), Tracking("LP00900000000028")));

        await AskAsync(Question(Number), Question("LP00900000000028"));

        (await Stub.StatsAsync()).LastRequest.ShouldStartWith(
            "GET /trackings?tracking_numbers=LP00900000000011,LP00900000000028&limit=200\n"
        );
    }

    [Fact]
    public async Task A_number_that_exists_already_is_read_by_its_id_and_not_registered_again()
    {
        await PutAsync(List());
        await PutAsync(
            $$"""{"meta":{"code":4003,"message":"exists"},"data":{"id":"a1","tracking_number":"{{Number}}"} }""",
            400,
            "POST /trackings"
        );
        await PutAsync(Single(Tracking(Number, id: "a1", tag: "InTransit")), path: "/trackings/a1");
        await Stub.ForgetStatsAsync();

        var first = await AskAsync(Question(Number));
        var second = await AskAsync(Question(Number) with { Memo = first.Memos[Number] });

        (await Stub.StatsAsync()).Paths.ShouldBe([
            "GET /trackings",
            "POST /trackings",
            "GET /trackings/a1",
            "GET /trackings",
            "GET /trackings/a1",
        ]);
        (Outcome(first, Number), Outcome(second, Number)).ShouldBe((PollOutcomeKind.Ok, PollOutcomeKind.Ok));
        (first.Requests, second.Requests).ShouldBe((3, 2));
    }

    [Fact]
    public async Task A_tracking_that_was_taken_out_of_the_account_is_registered_anew()
    {
        await PutAsync(Unknown, 404);
        await PutAsync(Single(Tracking(Number, id: "b2")), 201, "POST /trackings");

        var reply = await AskAsync(Question(Number) with { Memo = "a1" });

        reply.Memos[Number].ShouldBe("b2");
        reply.ByNumber.Keys.ShouldBe([Number]);
    }

    [Theory]
    [InlineData(200, """{"meta":{"code":200},"data":{} }""", true)]
    [InlineData(400, """{"meta":{"code":4016,"message":"not allowed"},"data":{} }""", false)]
    public async Task A_tracking_that_has_stopped_by_age_is_wanted_once_more_and_told_of_after_that(
        int status,
        string retracked,
        bool isPutOff
    )
    {
        await PutAsync(List(Tracking(Number, id: "a1", tag: "Expired", active: false)));
        await PutAsync(retracked, status, "/trackings/a1/retrack");
        await Stub.ForgetStatsAsync();

        var first = await AskAsync(Question(Number));
        var second = await AskAsync(Question(Number) with { Memo = first.Memos[Number] });

        (await Stub.StatsAsync()).Paths.ShouldBe(["GET /trackings", "POST /trackings/a1/retrack", "GET /trackings"]);
        (first.Deferred.ContainsKey(Number), first.ByNumber.ContainsKey(Number)).ShouldBe((isPutOff, !isPutOff));
        second.Memos[Number].ShouldBe(first.Memos[Number]);
        second.Deferred.ShouldBeEmpty();
        Outcome(second, Number).ShouldBe(PollOutcomeKind.Ok);
    }

    [Theory]
    [InlineData("Delivered", "Delivered_001", false)]
    [InlineData("Exception", "Exception_011", false)]
    [InlineData("InTransit", "InTransit_003", true)]
    public async Task A_tracking_that_is_at_its_end_or_goes_on_is_left_as_it_is(string tag, string subtag, bool active)
    {
        await PutAsync(List(Tracking(Number, tag: tag, subtag: subtag, active: active)));
        await Stub.ForgetStatsAsync();

        await AskAsync(Question(Number));

        (await Stub.StatsAsync()).Paths.ShouldBe(["GET /trackings"]);
    }

    [Fact]
    public async Task A_retrack_that_did_not_come_through_is_still_to_be_made()
    {
        await PutAsync(
            List(
                Tracking(Number, id: "a1", tag: "Expired", active: false),
                Tracking("LP00900000000028", id: "b2", tag: "InTransit")
            )
        );
        await PutAsync("", 503, "/trackings/a1/retrack");

        var reply = await AskAsync(Question(Number), Question("LP00900000000028"));

        reply.Memos[Number].ShouldBe("a1");
        reply.Deferred.Keys.ShouldBe([Number]);
        Outcome(reply, "LP00900000000028").ShouldBe(PollOutcomeKind.Ok);
    }

    [Fact]
    public async Task Many_new_numbers_are_registered_in_turns_the_urgent_ones_first()
    {
        await PutAsync(List());
        await PutAsync("""{"meta":{"code":4012,"message":"which courier?"},"data":{} }""", 400, "POST /trackings");
        var questions = Enumerable
            .Range(10, 15)
            .Select(n => Question($"LP009000000000{n}") with { IsUrgent = n >= 22 })
            .ToArray();

        var reply = await AskAsync(questions);

        reply.Requests.ShouldBe(11);
        reply.ByNumber.Count.ShouldBe(10);
        reply.Deferred.Count.ShouldBe(5);
        reply.ByNumber.Keys.ShouldContain("LP00900000000024");
        reply.ByNumber.Keys.Concat(reply.Deferred.Keys).ShouldBe(questions.Select(q => q.Number), ignoreOrder: true);
        Outcome(reply, "LP00900000000024").ShouldBe(PollOutcomeKind.Rejected);
    }

    [Fact]
    public async Task Trouble_on_the_way_puts_off_what_is_missing_and_keeps_what_was_answered()
    {
        await PutAsync(List(Tracking("LP00900000000028")));
        var reset = AskedAt.AddMinutes(10).ToUnixTimeSeconds();
        await Stub.PutBodyAsync([], status: 429, path: "POST /trackings", header: $"X-RateLimit-Reset:{reset}");

        var reply = await AskAsync(Question(Number) with { Memo = "bad memo here" }, Question("LP00900000000028"));

        reply.ByNumber.Keys.ShouldBe(["LP00900000000028"]);
        reply.Deferred[Number].Wait.ShouldBe(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task A_limit_that_names_its_end_is_waited_for()
    {
        var reset = AskedAt.AddHours(2).ToUnixTimeSeconds();
        await Stub.PutBodyAsync(
            await File.ReadAllBytesAsync(Sample("rate-limited.json")),
            status: 429,
            header: $"X-RateLimit-Reset:{reset}"
        );

        var trouble = (await Provider.AskAsync([Question(Number)], default)).ShouldBeOfType<ProviderReply.Trouble>();

        trouble.Outcome.ShouldBeOfType<PollOutcome.Throttled>().RetryAfter.ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task Of_two_couriers_with_one_number_it_is_the_one_remembered_else_the_one_heard_of_last()
    {
        await PutAsync(
            List(
                Tracking(Number, id: "old", updated: "2026-01-01T00:00:00+00:00"),
                Tracking(Number, id: "young", updated: "2026-09-01T00:00:00+00:00")
            )
        );

        (await AskAsync(Question(Number))).Memos[Number].ShouldBe("young");
        (await AskAsync(Question(Number) with { Memo = "old" })).Memos[Number].ShouldBe("old");
    }

    [Fact]
    public async Task A_try_asks_for_the_couriers_and_spends_nothing()
    {
        await PutAsync("""{"meta":{"code":200},"data":{"couriers":[]} }""", path: null);
        await Stub.ForgetStatsAsync();

        (await Provider.TryAsync(default)).ShouldBeNull();

        (await Stub.StatsAsync()).Paths.ShouldBe(["GET /couriers"]);
    }

    [Fact]
    public async Task Local_times_are_bounded_by_when_AfterShip_saw_them()
    {
        var reading = await ReadAsync("in-transit.json", "LP00910000000021");

        // 18:21:09 in China, seen at 12:28:09Z.
        var first = reading.Events[^1];
        first.Wall.ShouldBe(new DateTime(2026, 9, 1, 18, 21, 9));
        first.At.ShouldBe(new DateTimeOffset(2026, 9, 1, 12, 28, 9, TimeSpan.Zero));
        first.Quality.ShouldBe(TimeQuality.LocalUnknown);
        first.Offset.ShouldBeNull();
    }

    [Fact]
    public async Task The_parcel_says_where_it_goes_on_and_when_it_should_come()
    {
        var summary = (await ReadAsync("in-transit.json", "LP00910000000021")).Summary;

        (summary.LastMileNumber, summary.LastMileCarrier).ShouldBe(("LX910000013FR", "la-poste-colissimo"));
        (summary.OriginCountry, summary.DestinationCountry).ShouldBe(("China", "France"));
        summary.ExpectedBy.ShouldBe(new DateTimeOffset(2026, 9, 16, 12, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("Exception_004", ParcelStatus.Customs, false, true, null)]
    [InlineData("Exception_006", ParcelStatus.Customs, true, false, null)]
    [InlineData("Exception_013", ParcelStatus.Exception, false, false, null)]
    [InlineData("Exception_011", ParcelStatus.Returned, false, false, null)]
    [InlineData("InTransit_005", ParcelStatus.InTransit, false, false, null)]
    [InlineData("InTransit_004", ParcelStatus.InTransit, false, false, Leg.ImportCustoms)]
    [InlineData("OutForDelivery_004", ParcelStatus.InTransit, false, false, null)]
    [InlineData("AttemptFail_003", ParcelStatus.AttemptFailed, false, false, Leg.PickupPoint)]
    [InlineData("Delivered_005", ParcelStatus.Delivered, false, false, Leg.PickupPoint)]
    [InlineData("InfoReceived_001", ParcelStatus.InfoReceived, false, false, Leg.Label)]
    [InlineData("Pending_003", ParcelStatus.Unknown, false, false, null)]
    public void A_subtag_is_read_by_the_table(
        string subtag,
        ParcelStatus status,
        bool actionNeeded,
        bool customsTrouble,
        Leg? leg
    )
    {
        var e = Events((subtag.Split('_')[0], subtag))[0];

        (e.Status, e.ActionNeeded, e.CustomsTrouble, e.Leg).ShouldBe((status, actionNeeded, customsTrouble, leg));
        e.Code.ShouldBe(subtag.ToUpperInvariant());
    }

    [Fact]
    public void Customs_and_calls_are_read_by_what_came_before_them()
    {
        var events = Events(
            ("InTransit", "InTransit_006"),
            ("InTransit", "InTransit_004"),
            ("InTransit", "InTransit_006"),
            ("InTransit", "InTransit_005"),
            ("OutForDelivery", "OutForDelivery_004"),
            ("OutForDelivery", "OutForDelivery_001"),
            ("OutForDelivery", "OutForDelivery_003")
        );

        events
            .Reverse()
            .Select(e => (e.Status, e.Leg))
            .ShouldBe([
                (ParcelStatus.Customs, null),
                (ParcelStatus.InTransit, Leg.ImportCustoms),
                (ParcelStatus.Customs, Leg.ImportCustoms),
                (ParcelStatus.InTransit, Leg.Handover),
                (ParcelStatus.InTransit, null),
                (ParcelStatus.OutForDelivery, Leg.PickupPoint),
                (ParcelStatus.OutForDelivery, Leg.PickupPoint),
            ]);
    }

    [Fact]
    public void A_subtag_that_nobody_knows_is_kept_read_by_its_tag_and_logged_once()
    {
        var events = Events(("Exception", "Exception_099"), ("Odd", "Odd_001"), ("Odd", "Odd_001"));

        events
            .Select(e => (e.Code, e.Status))
            .ShouldBe([
                ("ODD_001", ParcelStatus.Unknown),
                ("ODD_001", ParcelStatus.Unknown),
                ("EXCEPTION_099", ParcelStatus.Exception),
            ]);
        Log.Written.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_tracking_that_was_given_up_keeps_the_status_of_its_last_scan_beside_it()
    {
        var reading = await ReadAsync("expired.json", "LP00910000000029");

        reading.Summary.Status.ShouldBe(ParcelStatus.Expired);
        reading.Events[0].Status.ShouldBe(ParcelStatus.InTransit);
        History.StatusOf(reading.Events, ParcelSummary.Empty).Status.ShouldBe(ParcelStatus.InTransit);
    }

    private async Task<ProviderReply.Entries> AskAsync(params PollQuestion[] questions) =>
        (await Provider.AskAsync(questions, default)).ShouldBeOfType<ProviderReply.Entries>();

    private PollOutcomeKind Outcome(ProviderReply.Entries reply, string number) =>
        Provider.Read(Question(number), reply.ByNumber[number], AskedAt).Kind;

    /// <summary>Each a day after the one before; the answer is newest first.</summary>
    private IReadOnlyList<ReportedEvent> Events(params (string Tag, string Subtag)[] checkpoints)
    {
        var tracking = Tracking(Number, tag: "InTransit");
        tracking["checkpoints"] = new JsonArray([
            .. checkpoints.Select(
                (c, day) =>
                    new JsonObject
                    {
                        ["checkpoint_time"] = $"2026-09-{day + 1:00}T10:00:00+02:00",
                        ["tag"] = c.Tag,
                        ["subtag"] = c.Subtag,
                    }
            ),
        ]);
        return Provider
            .Read(Question(Number), Bytes(tracking), AskedAt)
            .ShouldBeOfType<PollOutcome.Ok>()
            .Reading.Events;
    }

    private async Task<ParcelReading> ReadAsync(string file, string number)
    {
        var entry = JsonNode.Parse(await File.ReadAllTextAsync(Sample(file)))!["data"]!;
        return Provider.Read(Question(number), Bytes(entry), AskedAt).ShouldBeOfType<PollOutcome.Ok>().Reading;
    }

    private Task PutAsync(string body, int status = 200, string? path = null) =>
        Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body), status: status, path: path);

    private static JsonObject Tracking(
        string number,
        string id = "id1",
        string tag = "Pending",
        string? subtag = null,
        bool active = true,
        string updated = "2026-09-09T02:10:00+00:00"
    ) =>
        new()
        {
            ["id"] = id,
            ["tracking_number"] = number,
            ["tag"] = tag,
            ["subtag"] = subtag ?? $"{tag}_001",
            ["active"] = active,
            ["updated_at"] = updated,
            ["checkpoints"] = new JsonArray(),
        };

    private static string Single(JsonObject tracking) =>
        $$"""{"meta":{"code":200},"data":{{tracking.ToJsonString()}} }""";

    private static string List(params JsonObject[] trackings) =>
        $$"""{"meta":{"code":200},"data":{"trackings":{{new JsonArray([.. trackings]).ToJsonString()}} } }""";
}
