using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Polling;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.SeventeenTrack;

namespace TrackWatch.Worker.Tests.Polling.SeventeenTrack;

public sealed class SeventeenTrackProviderTests(StubFixture fixture) : HttpProviderContract(fixture)
{
    private const string Key = "sample-key-of-17track";
    private const string Number = "LP00900000000011";
    private const string Other = "LP00900000000127";
    private const string Nothing = """{"code":0,"data":{"accepted":[],"rejected":[]}}""";
    private const string Plenty = """{"code":0,"data":{"quota_total":5000,"quota_used":0,"quota_remain":5000}}""";
    private const string Known = """{"registered":"2026-12-20"}""";
    private const string KnownForLong = """{"registered":"2026-09-01"}""";

    private readonly VirtualClock _clock = new(AskedAt);
    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "17track";
    protected override IReadOnlyCollection<string> TextFields =>
        ["description", "location", "sub_status_descr", "name", "alias", "city"];

    private protected override ITrackingProvider At(Uri url) => At(url, NullLogger<SeventeenTrackProvider>.Instance);

    private SeventeenTrackProvider At(Uri url, ILogger<SeventeenTrackProvider> logger) =>
        new(
            new SeventeenTrackSettings
            {
                BaseUrl = new Uri(url, "track/v2.4"),
                Key = $"{Key}\n",
                MinGap = TimeSpan.Zero,
                AnswerWithin = TimeSpan.FromSeconds(2),
            },
            _clock,
            logger
        );

    private protected override PollQuestion Question(string number) => base.Question(number) with { Memo = Known };

    protected override PollOutcomeKind? Meaning(string mode, int? arg) => arg == 401 ? PollOutcomeKind.Failed : null;

    private static bool IsOfRegistering(SampleRow row) =>
        row.File is "register-mixed.json" or "quota-exhausted.json" or "quota.json";

    private protected override PollQuestion Question(SampleRow row, string number) =>
        IsOfRegistering(row) ? Question(number) with { Memo = null } : Question(number);

    private protected override async Task ServeAsync(SampleRow row, byte[] body)
    {
        await base.ServeAsync(row, body);
        if (!IsOfRegistering(row))
            return;
        if (row.File != "quota.json")
            await ServeAsync("getquota", Plenty);
        await ServeAsync("gettrackinfo", Nothing);
    }

    private protected override string Told(SampleRow row, ProviderReply reply) =>
        row.File == "quota.json" && reply.Quota == new SourceQuota(163, 200, "numbers")
            ? "(quota) (none) 0 "
            : base.Told(row, reply);

    [Fact]
    public async Task A_new_number_is_registered_with_what_the_order_knows_and_read_at_once()
    {
        await ConverseAsync(
            ("getquota", Plenty),
            ("register", Taken(Number)),
            ("gettrackinfo", Refused(Number, -18019909))
        );

        var reply = await AskAsync(Fresh(Number) with { Carrier = "La Poste", Country = "FR", Postcode = "69001" });

        (await PathsAsync()).ShouldBe(["getquota", "register", "gettrackinfo"]);
        reply.Requests.ShouldBe(3);
        reply.Quota.ShouldBe(new SourceQuota(4999, 5000, "numbers"));
        reply.Memos[Number].ShouldBe("""{"registered":"2027-01-01"}""");
        Provider.Read(Fresh(Number), reply.ByNumber[Number], AskedAt).ShouldBeOfType<PollOutcome.NotFound>();

        await ServeAsync("register", "", 500);
        await Provider.AskAsync(
            [Fresh(Number) with { Carrier = "La Poste", Country = "FR", Postcode = "69001" }],
            default
        );
        var request = (await Stub.StatsAsync()).LastRequest;
        request.ShouldStartWith("POST /track/v2.4/register\n");
        request.ShouldContain($"17token: {Key}\n");
        request.ShouldEndWith(
            """[{"number":"LP00900000000011","carrier":6051,"destination_country":"FR","destination_postal_code":"69001"}]"""
        );
    }

    [Fact]
    public async Task A_number_that_is_registered_is_read_and_nothing_else()
    {
        await ConverseAsync(("gettrackinfo", Refused(Number, -18019909)));

        var reply = await AskAsync(Question(Number));

        (await PathsAsync()).ShouldBe(["gettrackinfo"]);
        reply.Requests.ShouldBe(1);
        reply.Quota.ShouldBeNull();
        reply.Memos[Number].ShouldBe(Known);
    }

    [Fact]
    public async Task A_number_that_somebody_registered_before_costs_nothing_and_is_read()
    {
        await ConverseAsync(
            ("getquota", Plenty),
            ("register", Refused(Number, -18019901)),
            ("gettrackinfo", Refused(Number, -18019909))
        );

        var reply = await AskAsync(Fresh(Number));

        reply.ByNumber.Keys.ShouldBe([Number]);
        reply.Memos[Number].ShouldBe("""{"registered":"2027-01-01"}""");
        reply.Quota!.Left.ShouldBe(5000);
    }

    [Fact]
    public async Task A_small_quota_is_kept_for_urgent_numbers()
    {
        await ConverseAsync(("getquota", Quota(total: 200, left: 163)), ("register", Taken(Other)));

        var reply = await AskAsync(Fresh(Number), Fresh(Other) with { IsUrgent = true });

        reply.Deferred[Number].ShouldBe(new Deferral("quota kept for urgent parcels", TimeSpan.FromHours(12)));
        reply.Memos.Keys.ShouldBe([Other]);

        await ConverseAsync(("getquota", Quota(total: 200, left: 163)));
        await AskAsync(Fresh(Number));
        (await PathsAsync()).ShouldBe(["getquota"]);
    }

    [Theory]
    [InlineData(163, true)]
    [InlineData(41, true)]
    [InlineData(40, false)] // a fifth of the whole is for urgent numbers alone
    public async Task Of_a_small_quota_a_number_that_nobody_else_is_asked_about_may_use_all_but_a_fifth(
        int left,
        bool registered
    )
    {
        await ConverseAsync(("getquota", Quota(total: 200, left)), ("register", Taken(Number)));

        var reply = await AskAsync(Fresh(Number) with { IsFirstChoice = true });

        reply.Memos.ContainsKey(Number).ShouldBe(registered);
    }

    [Theory]
    [InlineData(5000, 0, 0, 100, 24)] // nothing left at all
    [InlineData(5000, 4000, 100, 100, 6)] // nothing left today
    public async Task With_no_quota_left_nothing_is_registered_and_the_rest_is_read(
        int total,
        int left,
        int today,
        int mostToday,
        int hours
    )
    {
        await ConverseAsync(
            ("getquota", Quota(total, left, today, mostToday)),
            ("gettrackinfo", Refused(Other, -18019909))
        );

        var reply = await AskAsync(Fresh(Number) with { IsUrgent = true }, Question(Other));

        (await PathsAsync()).ShouldBe(["getquota", "gettrackinfo"]);
        reply.Deferred[Number].Wait.ShouldBe(TimeSpan.FromHours(hours));
        reply.Memos.ContainsKey(Number).ShouldBeFalse();
        reply.ByNumber.Keys.ShouldBe([Other]);
    }

    [Fact]
    public async Task The_last_of_the_quota_goes_to_what_is_urgent()
    {
        await ConverseAsync(("getquota", Quota(total: 5000, left: 1)), ("register", Taken(Other)));

        var reply = await AskAsync(Fresh(Number), Fresh(Other) with { IsUrgent = true });

        reply.Memos.Keys.ShouldBe([Other]);
        reply.Deferred[Number].Why.ShouldContain("quota is used up");
    }

    [Fact]
    public async Task A_whole_call_without_quota_leaves_the_registered_numbers_readable()
    {
        await ConverseAsync(
            ("getquota", Plenty),
            ("register", """{"code":-18019908,"data":{"errors":[]}}"""),
            ("gettrackinfo", Refused(Other, -18019909))
        );

        var reply = await AskAsync(Fresh(Number), Question(Other));

        reply.Deferred.Keys.ShouldBe([Number]);
        reply.ByNumber.Keys.ShouldBe([Other]);
    }

    [Fact]
    public async Task A_number_that_is_not_known_there_any_more_is_registered_with_the_next_question()
    {
        await ConverseAsync(("gettrackinfo", Refused(Number, -18019902)));

        var reply = await AskAsync(Question(Number));
        reply.ByNumber.ShouldBeEmpty();
        reply.Deferred.Keys.ShouldBe([Number]);

        await ConverseAsync(("getquota", Plenty), ("register", Taken(Number)), ("gettrackinfo", Nothing));
        await AskAsync(Question(Number) with { Memo = reply.Memos[Number] });
        (await PathsAsync()).ShouldBe(["getquota", "register", "gettrackinfo"]);
    }

    [Theory]
    [InlineData("""{"code":0,"data":{"accepted":[{"number":"LP00910000000008"}],"rejected":[]}}""", true)]
    [InlineData(
        """{"code":0,"data":{"accepted":[],"rejected":[{"number":"LP00910000000008","error":{"code":-18019905}}]}}""",
        true
    )]
    [InlineData(
        """{"code":0,"data":{"accepted":[],"rejected":[{"number":"LP00910000000008","error":{"code":-18019904}}]}}""",
        false
    )]
    [InlineData("<html>", false)]
    public async Task A_number_that_was_given_up_is_taken_up_again_once(string answer, bool remembered)
    {
        var stopped = await File.ReadAllTextAsync(Sample("expired.json"));
        await ConverseAsync(("gettrackinfo", stopped), ("retrack", answer));

        var reply = await AskAsync(Question("LP00910000000008") with { Memo = KnownForLong });

        (await PathsAsync()).ShouldBe(["gettrackinfo", "retrack"]);
        reply.Requests.ShouldBe(2);
        reply.ByNumber.Keys.ShouldBe(["LP00910000000008"]);
        var memo = remembered ? """{"registered":"2026-09-01","retracked":"2027-01-01"}""" : KnownForLong;
        reply.Memos["LP00910000000008"].ShouldBe(memo);

        await ConverseAsync(("gettrackinfo", stopped));
        await AskAsync(Question("LP00910000000008") with { Memo = memo });
        (await PathsAsync()).Contains("retrack").ShouldBe(!remembered);
    }

    [Theory]
    [InlineData("in-transit.json", "LP00910000000001", 29, false)]
    [InlineData("in-transit.json", "LP00910000000001", 30, true)]
    [InlineData("delivered.json", "LP00910000000002", 90, false)]
    [InlineData("returning.json", "LP00910000000006", 40, true)]
    [InlineData("not-found.json", "LP00910000000011", 0, true)]
    public async Task A_number_without_news_for_thirty_days_counts_as_given_up(
        string file,
        string number,
        int days,
        bool given
    )
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Sample(file)))!;
        json["data"]!["accepted"]![0]!["track_info"]!["time_metrics"]!["days_after_last_update"] = days;
        await ConverseAsync(("gettrackinfo", json.ToJsonString()), ("retrack", Nothing));

        await AskAsync(Question(number) with { Memo = KnownForLong });
        (await PathsAsync()).Contains("retrack").ShouldBe(given);

        // What was registered a week ago cannot have been given up.
        await ConverseAsync(("gettrackinfo", json.ToJsonString()));
        await AskAsync(Question(number) with { Memo = """{"registered":"2026-12-25"}""" });
        (await PathsAsync()).ShouldBe(["gettrackinfo"]);
    }

    [Theory]
    [InlineData(200, """{"code":-18010001,"data":{"errors":[]}}""", "address")]
    [InlineData(200, """{"code":-18010002,"data":{"errors":[]}}""", "does not take the key")]
    [InlineData(401, """{"code":-18010004,"data":{"errors":[]}}""", "disabled")]
    [InlineData(401, """{"code":-18010005,"data":{"errors":[]}}""", "does not take the key")]
    [InlineData(401, "", "does not take the key")]
    public async Task A_key_that_is_refused_says_what_to_do(int status, string body, string words)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body), status: status);

        foreach (var question in new[] { Question(Number), Fresh(Number) })
            (await Provider.AskAsync([question], default))
                .ShouldBeOfType<ProviderReply.Trouble>()
                .Outcome.ShouldBeOfType<PollOutcome.Failed>()
                .Why.ShouldContain(words);
        (await Provider.TryAsync(default)).ShouldBeOfType<PollOutcome.Failed>().Why.ShouldContain(words);
    }

    [Fact]
    public async Task Trying_out_spends_nothing()
    {
        await ConverseAsync(("getquota", Plenty));

        (await Provider.TryAsync(default)).ShouldBeNull();

        (await PathsAsync()).ShouldBe(["getquota"]);
    }

    [Fact]
    public async Task The_key_is_in_no_outcome_and_no_line_of_the_log()
    {
        var log = new LogLines();
        using var provider = At(Stub.Url, log.For<SeventeenTrackProvider>());
        var told = new StringBuilder();
        await ConverseAsync(
            ("getquota", $$$"""{"code":-1,"data":{"errors":[{"message":"The key {{{Key}}} is odd"}]}}""")
        );
        told.Append(await provider.AskAsync([Fresh(Number)], default)).Append(await provider.TryAsync(default));
        foreach (var mode in new[] { "error", "too-many", "reset", "hang", "redirect", "truncated" })
        {
            await Stub.SetModeAsync(mode);
            told.Append(await provider.AskAsync([Question(Number)], default));
        }

        told.ToString().ShouldContain("is odd");
        $"{told} {string.Join('\n', log.Written)} {provider} {new SeventeenTrackSettings { Key = Key }}".ShouldNotContain(
            Key
        );
    }

    [Theory]
    [InlineData(-18010012, "how it is written")]
    [InlineData(-18019903, "carrier:")]
    [InlineData(-18010018, "ship_to:")]
    [InlineData(-18010019, "postcode")]
    [InlineData(-18010020, "phone number")]
    public void A_number_that_is_turned_down_comes_with_a_hint(long code, string words) =>
        Read(
                Number,
                Encoding.UTF8.GetBytes($$$"""{"number":"{{{Number}}}","carrier":"0","error":{"code":{{{code}}}}}""")
            )
            .ShouldBeOfType<PollOutcome.Rejected>()
            .Why.ShouldContain(words);

    [Fact]
    public async Task One_scan_told_by_both_carriers_is_one_event_and_the_last_mile_is_named()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Sample("in-transit.json")))!["data"]!["accepted"]![0]!;
        var carriers = json["track_info"]!["tracking"]!["providers"]!.AsArray();
        var scan = carriers[1]!["events"]![0]!.DeepClone();
        scan["time_iso"] = "2026-09-08T03:44:03+08:00";
        scan["time_raw"] = JsonNode.Parse("""{"date":"2026-09-08","time":"03:44:03","timezone":"+08:00"}""");
        carriers[0]!["events"]!.AsArray().Insert(0, scan);

        var reading = Read(Number, Bytes(json)).ShouldBeOfType<PollOutcome.Ok>().Reading;

        reading.Events.Count.ShouldBe(9);
        reading.Summary.LastMileNumber.ShouldBe("LX910000013FR");
        reading.Summary.LastMileCarrier.ShouldBe("La Poste");
        reading.Summary.DestinationCountry.ShouldBe("France");
        reading.Summary.ExpectedBy.ShouldBe(new DateTimeOffset(2026, 9, 16, 21, 59, 59, TimeSpan.Zero));
        reading
            .Events.Reverse()
            .Select(e => e.Leg)
            .ShouldBe([
                Leg.Origin,
                null,
                Leg.LineHaul,
                null,
                Leg.LineHaul,
                Leg.ImportCustoms,
                Leg.ImportCustoms,
                Leg.Handover,
                Leg.LastMile,
            ]);
    }

    [Theory]
    [InlineData(
        """{"time_utc":"2026-09-07T19:44:03Z","time_iso":"2026-09-07T21:44:03+02:00","time_raw":{"date":"2026-09-07","time":"21:44:03","timezone":"+02:00"}}""",
        "2026-09-07 21:44:03",
        "Exact",
        19
    )]
    [InlineData(
        """{"time_utc":null,"time_iso":"2026-09-07T21:44:03+02:00","time_raw":null}""",
        "2026-09-07T21:44:03+02:00",
        "Exact",
        19
    )]
    [InlineData(
        """{"time_raw":{"date":"2026-09-07","time":"21:44:03","timezone":"+02:00"}}""",
        "2026-09-07 21:44:03",
        "Exact",
        19
    )]
    [InlineData(
        """{"time_raw":{"date":"2026-09-07","time":"21:44:03","timezone":null}}""",
        "2026-09-07 21:44:03",
        "LocalUnknown",
        21
    )]
    [InlineData("""{"time_raw":{"date":"2026-09-07","time":null,"timezone":null}}""", "2026-09-07", "LocalUnknown", 0)]
    [InlineData("""{"time_utc":"2027-09-07T19:44:03Z"}""", "2027-09-07T19:44:03Z", "LocalUnknown", 0)]
    public void A_time_is_as_certain_as_it_was_sent(string time, string asSent, string quality, int hour)
    {
        var e = JsonNode.Parse(time)!;
        e["sub_status"] = "InTransit_Other";
        var entry = new JsonObject
        {
            ["number"] = Number,
            ["track_info"] = new JsonObject { ["latest_event"] = e },
        };

        var read = Read(Number, Bytes(entry)).ShouldBeOfType<PollOutcome.Ok>().Reading.Events.ShouldHaveSingleItem();

        read.TimeAsSent.ShouldBe(asSent);
        read.Quality.ToString().ShouldBe(quality);
        read.At.Hour.ShouldBe(hour);
    }

    [Fact]
    public async Task What_the_answer_says_of_the_person_is_not_kept()
    {
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Sample("delivered.json")))!["data"]!["accepted"]![0]!;
        json["phone_number_last_4"] = "SECRET 1";
        json["param"] = "SECRET 2";
        json["destination_postal_code"] = "SECRET 3";
        json["track_info"]!["shipping_info"]!["recipient_address"]!["street"] = "SECRET 4";
        var e = json["track_info"]!["tracking"]!["providers"]![1]!["events"]![0]!;
        e["address"]!["street"] = "SECRET 5";
        e["address"]!["coordinates"]!["latitude"] = "SECRET 6";

        var kept = Provider.Keep(Bytes(json));
        var events = Read(Number, Bytes(json)).ShouldBeOfType<PollOutcome.Ok>().Reading.Events;

        kept.ShouldNotContain("SECRET");
        kept.ShouldContain("Handed to the recipient");
        string.Concat(events).ShouldNotContain("SECRET");
        JsonNode.Parse(events[0].Raw)!["address"]!["city"]!.GetValue<string>().ShouldBe("LYON");
    }

    [Fact]
    public async Task A_code_that_nobody_knows_is_logged_once_and_kept()
    {
        var log = new LogLines();
        using var provider = At(Stub.Url, log.For<SeventeenTrackProvider>());
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Sample("unknown-sub-status.json")))!["data"]![
            "accepted"
        ]![0]!;
        json["track_info"]!["tracking"]!["providers"]![1]!["events"]![0]!["sub_status"] = "InTransit_NewIn2027";

        var reading = provider.Read(Question(Number), Bytes(json), AskedAt).ShouldBeOfType<PollOutcome.Ok>().Reading;
        provider.Read(Question(Other), Bytes(json), AskedAt);

        log.Written.ShouldHaveSingleItem().ShouldContain("INTRANSIT_NEWIN2027");
        reading.Events[0].Code.ShouldBe("INTRANSIT_NEWIN2027");
        reading.Events[0].Status.ShouldBe(ParcelStatus.Unknown);
        reading.Summary.Status.ShouldBe(ParcelStatus.InTransit);
    }

    [Theory]
    [InlineData("LP00900000000011", true)]
    [InlineData("12345", true)]
    [InlineData("1234", false)]
    [InlineData("LP0090-0000", false)]
    [InlineData("SIMMOVING01", false)]
    public void It_covers_what_it_may_register(string number, bool expected)
    {
        Provider.Covers(number, NumberCheck.Look(number), null).ShouldBe(expected);
        Provider.PageOf(Number).ShouldBe(new Uri("https://t.17track.net/en#nums=LP00900000000011"));
    }

    private PollQuestion Fresh(string number) => Question(number) with { Memo = null };

    private async Task<ProviderReply.Entries> AskAsync(params PollQuestion[] questions) =>
        (await Provider.AskAsync(questions, default)).ShouldBeOfType<ProviderReply.Entries>();

    /// <summary>The stub answers these paths and no others; its figures begin anew.</summary>
    private async Task ConverseAsync(params (string Path, string Body)[] answers)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(Nothing));
        foreach (var (path, body) in answers)
            await ServeAsync(path, body);
        await Stub.ForgetStatsAsync();
    }

    private Task ServeAsync(string path, string body, int status = 200) =>
        Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body), status: status, path: $"/{path}");

    private async Task<IReadOnlyList<string>> PathsAsync() =>
        [
            .. (await Stub.StatsAsync()).Paths.Select(path =>
                path.Replace("POST /track/v2.4/", "", StringComparison.Ordinal)
            ),
        ];

    private static string Taken(string number) =>
        $$$"""{"code":0,"data":{"accepted":[{"origin":1,"number":"{{{number}}}","carrier":190271}],"rejected":[]}}""";

    private static string Refused(string number, long code) =>
        $$$"""{"code":0,"data":{"accepted":[],"rejected":{"number":"{{{number}}}","error":{"code":{{{code}}},"message":"so"} } } }""";

    private static string Quota(int total, int left, int today = 0, int mostToday = 10_000_000) =>
        $$$"""{"code":0,"data":{"quota_total":{{{total}}},"quota_remain":{{{left}}},"today_used":{{{today}}},"max_track_daily":{{{mostToday}}}}}""";
}
