using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Custom;

namespace TrackWatch.Worker.Tests.Polling.Custom;

/// <summary>A source as the example beside the settings describes it, but for its address.</summary>
public sealed class LaPosteShapedTests(StubFixture fixture) : HttpProviderContract(fixture)
{
    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "custom-laposte";
    protected override IReadOnlyCollection<string> TextFields => ["label", "shortLabel", "product", "returnMessage"];

    private protected override ITrackingProvider At(Uri url)
    {
        var loaded = SettingsLoader.Load(
            new SettingsRequest
            {
                Config = Some.Example,
                CurrentFolder = "/",
                Environment = new Dictionary<string, string>
                {
                    ["TRACKWATCH__PROVIDERS__CUSTOM__LA_POSTE__URL"] = $"{url}suivi/v2/idships/{{number}}?lang=en_GB",
                    ["TRACKWATCH__PROVIDERS__CUSTOM__LA_POSTE__ALLOWPRIVATE"] = "true",
                    ["TRACKWATCH__PROVIDERS__CUSTOM__LA_POSTE__KEY"] = "k-1",
                    ["TRACKWATCH__PROVIDERS__CUSTOM__LA_POSTE__ANSWERWITHIN"] = "2s",
                },
            }
        );
        loaded.IsUsable.ShouldBeTrue(string.Join('\n', loaded.Problems));
        return Some.Provider("la_poste", loaded.Settings.Providers.Custom["la_poste"]);
    }

    [Fact]
    public async Task The_question_carries_number_and_key_where_the_templates_say()
    {
        await Stub.PutBodyAsync("{}"u8.ToArray());
        await Provider.AskAsync([Question("LU900000018FR")], default);

        var request = (await Stub.StatsAsync()).LastRequest;

        request.ShouldStartWith("GET /suivi/v2/idships/LU900000018FR?lang=en_GB\n");
        request.ShouldContain("X-Okapi-Key: k-1\n");
        request.ShouldMatch(@"User-Agent: TrackWatch/\d+\.\d+\.\d+ \(parcel watcher\)");
    }

    [Fact]
    public void What_is_kept_names_no_person()
    {
        var entry = File.ReadAllBytes(Sample("delivered.json"));

        var kept = Provider.Keep(entry);

        foreach (var personal in (string[])["Made Up Person", "600000000", "rue Exemple", "sign.png"])
            kept.ShouldNotContain(personal);
        kept.ShouldContain("\"arrivalCountry\":\"FR\"");
        kept.ShouldContain("\"code\":\"DI1\"");
    }

    [Fact]
    public void Its_numbers_are_those_of_the_shape_and_those_the_order_gives_to_it()
    {
        Provider.Covers("LU900000018FR", NumberCheck.Look("LU900000018FR"), null).ShouldBeTrue();
        Provider.Covers("LU900000018CN", NumberCheck.Look("LU900000018CN"), null).ShouldBeFalse();
        Provider.Covers("XLU900000018FR", NumberCheck.Look("XLU900000018FR"), null).ShouldBeFalse("the whole number");
        Provider.Covers("8G00000000000", NumberCheck.Look("8G00000000000"), "la_poste").ShouldBeTrue();
        var likely = new NumberVerdict(NumberVerdictKind.NoCheckDigit)
        {
            Candidates = [new("la_poste", NumberConfidence.Likely, CheckDigit.Right)],
        };
        Provider.Covers("8G00000000000", likely, null).ShouldBeTrue();
        Provider
            .PageOf("LU900000018FR")
            .ShouldBe(new Uri("https://www.laposte.fr/outils/suivre-vos-envois?code=LU900000018FR"));
    }

    [Fact]
    public void Papers_that_customs_wants_are_an_action() =>
        Some.Events(Provider, "LU900000035FR", File.ReadAllBytes(Sample("customs-papers.json")))[0]
            .ShouldSatisfyAllConditions(
                e => e.Status.ShouldBe(ParcelStatus.Customs),
                e => e.ActionNeeded.ShouldBeTrue()
            );
}

/// <summary>The other way round: a question by POST, oldest events first, a place in parts.</summary>
public sealed class UspsShapedTests(StubFixture fixture) : HttpProviderContract(fixture)
{
    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "custom-usps";
    protected override IReadOnlyCollection<string> TextFields => ["eventType", "mailClass", "statusCategory"];

    private protected override ITrackingProvider At(Uri url) =>
        Some.Provider(
            "usps-like",
            Some.Settings(
                $$"""
                url: {{url}}tracking
                method: POST
                body: '{"numbers": ["{number}"], "zip": "{postcode}"}'
                list: trackingEvents[*]
                order: oldest_first
                time: GMTTimestamp
                code: eventCode
                text: eventType
                place: [eventCity, eventState, eventCountry]
                status_map: {MA: info-received, SF: in-transit, "10": in-transit, OF: out-for-delivery, "01": delivered, "21": exception}
                not_found: {http: [400, 404]}
                allow_private: true
                answer_within: 2s
                """
            )
        );

    private protected override PollQuestion Question(string number) =>
        base.Question(number) with
        {
            Postcode = "84\"601",
        };

    [Fact]
    public async Task A_body_is_filled_in_so_that_it_stays_json()
    {
        await Stub.PutBodyAsync("{}"u8.ToArray());
        await Provider.AskAsync([Question("LA900000015US")], default);

        var request = (await Stub.StatsAsync()).LastRequest;

        request.ShouldStartWith("POST /tracking\n");
        request.ShouldContain("Content-Type: application/json");
        request.ShouldEndWith("""{"numbers": ["LA900000015US"], "zip": "84\u0022601"}""");
    }

    [Fact]
    public void An_event_says_where_by_all_the_parts_there_are()
    {
        var events = Some.Events(Provider, "LA900000015US", File.ReadAllBytes(Sample("delivered.json")), "84601");

        events[0].Place.ShouldBe("PROVO, UT");
        events[0].Text.ShouldBe("Delivered, In/At Mailbox");
        events[0].Raw.ShouldNotContain("J DOE");
    }

    [Fact]
    public async Task What_the_question_needs_and_the_order_does_not_say_is_asked_of_the_buyer_and_not_of_the_source()
    {
        await Stub.ForgetStatsAsync();
        var question = new PollQuestion("LA900000015US", AskedAt);

        var reply = (await Provider.AskAsync([question], default)).ShouldBeOfType<ProviderReply.Entries>();

        reply.Requests.ShouldBe(0);
        (await Stub.StatsAsync()).Requests.ShouldBe(0);
        Provider
            .Read(question, reply.ByNumber[question.Number], AskedAt)
            .ShouldBeOfType<PollOutcome.Rejected>()
            .Why.ShouldContain("wants a postcode; add ship_to");
    }
}

/// <summary>What a reading says of settings that do not fit the answer, and of times.</summary>
public sealed class CustomReadingTests
{
    [Theory]
    [InlineData("""{"a":{"events":[]}}""", "The answer has nothing at `list` ($.b.events).")]
    [InlineData("""{"b":{"events":"none"}}""", "What the answer has at `list` ($.b.events) is no list of events.")]
    [InlineData("""{"b":{"events":[{"when":"2026-10-01"}]}}""", "The events have nothing at `time` (t).")]
    [InlineData(
        """{"b":{"events":[{"t":"1.10.26"}]}}""",
        "The time at `time` (t) cannot be read: '1.10.26' is not written as ISO 8601 has it; set `time_format`."
    )]
    [InlineData("[]", "The answer has nothing at `list` ($.b.events).")]
    [InlineData("{", "The answer cannot be read.")]
    public void A_path_that_leads_nowhere_failed_and_is_named(string body, string why) =>
        Some.Read("url: https://a.example/{number}\nlist: $.b.events\ntime: t\n", body)
            .ShouldBe(new PollOutcome.Failed(why));

    [Theory]
    [InlineData("""{"b":{"events":[]}}""")]
    [InlineData("""{"b":{"events":null}}""")]
    [InlineData("""{"b":{},"state":"UNKNOWN"}""")]
    [InlineData("""{"b":{},"known":false}""")]
    public void A_number_is_not_found_where_the_list_is_empty_or_a_rule_says_so(string body) =>
        Some.Read(
                """
                url: https://a.example/{number}
                list: $.b.events
                time: t
                not_found: [{path: state, value: [unknown, gone]}, {path: known, value: "false"}]
                """,
                body
            )
            .Kind.ShouldBe(PollOutcomeKind.NotFound);

    [Theory]
    [InlineData("", "2026-10-01T10:00:00+02:00", "2026-10-01 10:00", "2026-10-01 08:00", TimeQuality.Exact)]
    [InlineData("", "2026-10-01T10:00:00.123+0530", "2026-10-01 10:00", "2026-10-01 04:30", TimeQuality.Exact)]
    [InlineData("", "2026-10-01T10:00Z", "2026-10-01 10:00", "2026-10-01 10:00", TimeQuality.Exact)]
    [InlineData("", "2026-10-01 10:00:00", "2026-10-01 10:00", "2026-10-01 10:00", TimeQuality.LocalUnknown)]
    [InlineData(
        "time_zone: Europe/Istanbul",
        "2026-10-01 10:00",
        "2026-10-01 10:00",
        "2026-10-01 07:00",
        TimeQuality.Exact
    )]
    [InlineData(
        "time_zone: Europe/Berlin",
        "2026-10-25 02:30",
        "2026-10-25 02:30",
        "2026-10-25 01:30",
        TimeQuality.OffsetInferred
    )]
    [InlineData(
        "time_zone: Europe/Berlin",
        "2026-10-01T10:00+09:00",
        "2026-10-01 10:00",
        "2026-10-01 01:00",
        TimeQuality.Exact
    )]
    [InlineData(
        "time_format: dd.MM.yyyy HH:mm",
        "01.10.2026 10:00",
        "2026-10-01 10:00",
        "2026-10-01 10:00",
        TimeQuality.LocalUnknown
    )]
    [InlineData(
        "time_format: dd/MM/yyyy HH:mm zzz",
        "01/10/2026 10:00 +03:00",
        "2026-10-01 10:00",
        "2026-10-01 07:00",
        TimeQuality.Exact
    )]
    [InlineData("time_format: unix", "1790841600", "2026-10-01 08:00", "2026-10-01 08:00", TimeQuality.Exact)]
    [InlineData("time_format: unix_ms", "1790841600000", "2026-10-01 08:00", "2026-10-01 08:00", TimeQuality.Exact)]
    [InlineData("", "2027-06-01T10:00Z", "2027-06-01 10:00", "2027-01-01 00:00", TimeQuality.LocalUnknown)]
    public void Times_are_read_as_the_settings_say_and_no_better_than_they_are(
        string setting,
        string sent,
        string wall,
        string utc,
        TimeQuality quality
    )
    {
        var outcome = Some.Read(
            $"url: https://a.example/{{number}}\nlist: $\ntime: t\n{setting}\n",
            $$"""{"t":"{{sent}}"}"""
        );

        var e = outcome.ShouldBeOfType<PollOutcome.Ok>().Reading.Events.ShouldHaveSingleItem();
        e.TimeAsSent.ShouldBe(sent);
        $"{e.Wall:yyyy-MM-dd HH:mm}".ShouldBe(wall);
        $"{e.At:yyyy-MM-dd HH:mm}".ShouldBe(utc);
        e.Quality.ShouldBe(quality);
    }

    [Theory]
    [InlineData("$.a.b[0].c", """{"a":{"b":[{"c":"x"}]}}""", "x")]
    [InlineData("a.b[*].c", """{"a":{"b":[{"c":"x"},7,{"c":"y"}]}}""", "x y")]
    [InlineData("$['odd name'].c", """{"odd name":{"c":1}}""", "1")]
    [InlineData("$[1]", """["x","y"]""", "y")]
    [InlineData("a[9]", """{"a":["x"]}""", null)]
    [InlineData("a.b", """{"a":null}""", null)]
    public void A_path_leads_to_what_stands_there(string path, string json, string? found)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        TrackWatch.Worker.Polling.Asking.JsonPaths.TextAt(document.RootElement, [JsonPath.Parse(path)]).ShouldBe(found);
    }

    [Fact]
    public void Codes_are_the_same_in_any_case_and_text_is_never_one()
    {
        var outcome = Some.Read(
            """
            url: https://a.example/{number}
            list: e
            time: t
            code: [type, c]
            text: words
            status_map: {d ok: delivered, DELIVERED: delivered}
            """,
            """{"e":[{"t":"2026-10-02","type":" D ","c":"Ok"},{"t":"2026-10-01","words":"DELIVERED"}]}"""
        );

        var events = outcome.ShouldBeOfType<PollOutcome.Ok>().Reading.Events;
        events.Select(e => (e.Code, e.Status)).ShouldBe([("D OK", ParcelStatus.Delivered), ("", ParcelStatus.Unknown)]);
    }
}

/// <summary>What the tests of this folder are made of.</summary>
internal static class Some
{
    public static string Example { get; } = Path.Combine(House.Repository.Root, "ops", "config", "custom-sources.yaml");

    public static CustomSettings Settings(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("tw-custom-");
        try
        {
            var file = Path.Combine(folder.FullName, "trackwatch.yaml");
            File.WriteAllText(
                file,
                $"providers:\n  custom:\n    made-up:\n{string.Join('\n', yaml.Split('\n').Select(l => "      " + l))}\n"
            );
            var loaded = SettingsLoader.Load(
                new SettingsRequest
                {
                    Config = file,
                    CurrentFolder = "/",
                    Environment = new Dictionary<string, string>(),
                }
            );
            loaded.IsUsable.ShouldBeTrue(string.Join('\n', loaded.Problems));
            return loaded.Settings.Providers.Custom["made-up"];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static CustomProvider Provider(string id, CustomSettings settings) =>
        new(id, settings, TimeProvider.System, NullLogger<CustomProvider>.Instance);

    public static PollOutcome Read(string yaml, string body)
    {
        using var provider = Provider("made-up", Settings(yaml));
        return provider.Read(
            new PollQuestion("LU900000018FR", DateTimeOffset.UnixEpoch),
            Encoding.UTF8.GetBytes(body),
            new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
    }

    public static IReadOnlyList<ReportedEvent> Events(
        ITrackingProvider provider,
        string number,
        byte[] entry,
        string? postcode = null
    ) =>
        provider
            .Read(
                new PollQuestion(number, DateTimeOffset.UnixEpoch, Postcode: postcode),
                entry,
                new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)
            )
            .ShouldBeOfType<PollOutcome.Ok>()
            .Reading.Events;
}
