using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Tests.Polling.Cainiao;

public sealed class CainiaoProviderTests(StubFixture fixture) : HttpProviderContract(fixture)
{
    private const string Number = "LP00900000000011";
    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "cainiao";
    protected override bool ReadsPlainText => false;
    protected override IReadOnlyCollection<string> TextFields => ["desc", "standerdDesc", "statusDesc", "nodeDesc"];

    protected override int DistinctEvents(SampleRow row) =>
        row.Remark.Contains("collapses to 5 distinct events", StringComparison.Ordinal) ? 5 : row.Events;

    private protected override ITrackingProvider At(Uri url) => At(url, NullLogger<CainiaoProvider>.Instance);

    private static CainiaoProvider At(Uri url, ILogger<CainiaoProvider> logger) =>
        new(new CainiaoSettings { BaseUrl = url, AnswerWithin = TimeSpan.FromSeconds(2) }, TimeProvider.System, logger);

    [Fact]
    public async Task The_question_is_polite_and_names_who_asks()
    {
        await Stub.SetModeAsync("normal");
        await Provider.AskAsync([Question(Number), Question("RC900000019EE")], default);
        await Provider.AskAsync([Question(Number), Question("RC900000019EE")], default);

        var request = (await Stub.StatsAsync()).LastRequest;

        request.ShouldStartWith("GET /global/detail.json?mailNos=LP00900000000011,RC900000019EE&lang=en-US\n");
        request.ShouldContain("Accept: application/json");
        request.ShouldMatch(@"User-Agent: TrackWatch/\d+\.\d+\.\d+ \(parcel watcher\)");
        request.ShouldNotContain("Cookie");
        request.ShouldNotContain("Referer");
    }

    [Theory]
    [InlineData("""{"success":false,"errorCode":"FLOW_CONTROL"}""", PollOutcomeKind.Throttled)]
    [InlineData("""{"success":false,"errorCode":"QUERY_LIMIT"}""", PollOutcomeKind.Throttled)]
    [InlineData("""{"ret":["FAIL_SYS_TRAFFIC"],"data":{}}""", PollOutcomeKind.Throttled)]
    [InlineData("""{"success":false,"errorCode":"OTHER","module":[]}""", PollOutcomeKind.Failed)]
    [InlineData(
        """{"success":false,"errorCode":"LIMIT","module":[{"mailNo":"LP00900000000011"}]}""",
        PollOutcomeKind.Throttled
    )]
    [InlineData("""{"success":true}""", PollOutcomeKind.Failed)]
    [InlineData("""{"success":true,"module":"none"}""", PollOutcomeKind.Failed)]
    [InlineData("[]", PollOutcomeKind.Failed)]
    [InlineData(" ", PollOutcomeKind.Failed)]
    [InlineData(" <html>", PollOutcomeKind.Blocked)]
    public async Task An_answer_without_parcels_says_why(string body, PollOutcomeKind expected)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body));

        var reply = await Provider.AskAsync([Question(Number)], default);

        reply.ShouldBeOfType<ProviderReply.Trouble>().Outcome.Kind.ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"data":[{"mailNo":"LP00900000000011"}]}""")]
    [InlineData("""{"module":null,"data":[{"mailNo":"LP00900000000011"}]}""")]
    [InlineData("""{"module":[{"detailList":[{"mailNo":"INNER1"}],"mailNo":"LP 0090-0000 000011"}]}""")]
    [InlineData("\ufeff{\"module\":[null,7,{\"mailNo\":\"LP00900000000011\"},{\"mailNo\":\"LP00900000000127\"}]}")]
    [InlineData(
        """{"module":[{"mailNo":"LP00900000000011","detailList":[{"standerdDesc":"[Baxia] Left sorting site"}]}]}"""
    )]
    public async Task A_parcel_is_found_by_its_number_wherever_it_stands(string body)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body));

        var reply = await Provider.AskAsync([Question(Number)], default);

        reply.ShouldBeOfType<ProviderReply.Entries>().ByNumber.Keys.ShouldBe([Number]);
    }

    [Fact]
    public void A_code_that_nobody_knows_is_logged_once()
    {
        var log = new LogLines();
        using var provider = At(new Uri("http://127.0.0.1:1"), log.For<CainiaoProvider>());
        var entry = File.ReadAllBytes(Sample("unknown-action-code.json")).AsSpan();
        var parcel = entry[entry.IndexOf("{\n      \"mailNo\""u8)..(entry.LastIndexOf("]"u8))].ToArray();

        provider.Read(Question(Number), parcel, AskedAt);
        provider.Read(Question("LP00900000000028"), parcel, AskedAt);

        log.Written.ShouldHaveSingleItem().ShouldContain("ZZ_NEW_CODE_2027");
    }
}
