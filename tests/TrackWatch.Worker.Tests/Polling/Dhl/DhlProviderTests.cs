using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Dhl;

namespace TrackWatch.Worker.Tests.Polling.Dhl;

public sealed class DhlProviderTests(StubFixture fixture) : KeyedProviderContract(fixture)
{
    private ITrackingProvider? _provider;

    private protected override ITrackingProvider Provider => _provider ??= At(Stub.Url);
    protected override string SampleFolder => "dhl";
    protected override string SettingsKey => "dhl";
    protected override IReadOnlyCollection<string> TextFields => ["description", "remark", "nextSteps"];

    private protected override ITrackingProvider At(Uri url) =>
        new DhlProvider(
            new DhlSettings
            {
                BaseUrl = url,
                Key = $" {Key}\n",
                AnswerWithin = TimeSpan.FromSeconds(2),
            },
            TimeProvider.System,
            Log.For<DhlProvider>()
        );

    protected override string WithPeople(string file)
    {
        var body = JsonNode.Parse(file)!;
        var shipment = body["shipments"]![0]!;
        shipment["details"]!["receiver"] = new JsonObject { ["name"] = "Erika", ["familyName"] = "Erika" };
        shipment["details"]!["proofOfDelivery"] = new JsonObject { ["signed"] = new JsonObject { ["name"] = "Erika" } };
        shipment["destination"]!["address"]!["streetAddress"] = "Erikaweg 1";
        foreach (var e in shipment["events"]!.AsArray())
        {
            e!["description"] = "Delivered - Signed for by: ERIKA MUSTER";
            e["location"]!["address"]!["streetAddress"] = "Erikaweg 1";
        }
        return body.ToJsonString();
    }

    [Fact]
    public async Task The_question_names_the_number_the_language_and_what_is_known_of_the_destination()
    {
        await Stub.PutBodyAsync("""{"shipments":[]}"""u8.ToArray());

        await Provider.AskAsync([Question("GM91") with { Country = "TR", Postcode = "34 710" }], default);

        var request = (await Stub.StatsAsync()).LastRequest;
        request.ShouldStartWith(
            "GET /track/shipments?trackingNumber=GM91&language=en&requesterCountryCode=TR&recipientPostalCode=34%20710\n"
        );
        request.ShouldContain($"DHL-API-Key: {Key}\n");
        request.ShouldContain("Accept: application/json");
    }

    [Theory]
    [InlineData("AT", ParcelStatus.Delivered)]
    [InlineData("FR", ParcelStatus.InTransit)]
    [InlineData("TR", ParcelStatus.InTransit)]
    [InlineData(null, ParcelStatus.InTransit)]
    public async Task Of_two_parcels_with_one_id_it_is_the_one_that_goes_to_the_buyer_else_the_younger(
        string? country,
        ParcelStatus status
    )
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample("two-shipments-same-id.json")));

        var reading = await ReadAsync(Question("2026112233") with { Country = country });

        reading.Summary.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("""{"id":2026112233}""", "00002026112233")]
    [InlineData("""{"id":"other","details":{"pieceIds":["JJD 0001"]}}""", "JJD0001")]
    [InlineData("""{"id":"other","details":{"references":{"number":"LP00900000000011"}}}""", "LP00900000000011")]
    [InlineData("""{"id":"other","details":{"references":[{"number":"x"},{"number":"RB1"}]}}""", "RB1")]
    [InlineData("""{"id":"other"}""", null)]
    public async Task A_shipment_is_known_by_its_id_its_pieces_or_its_references(string shipment, string? number)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes($$"""{"shipments":[{{shipment}}]}"""));

        var reply = await Provider.AskAsync([Question(number ?? "GM9100000000000001")], default);

        reply.ShouldBeOfType<ProviderReply.Entries>().ByNumber.Keys.ShouldBe(number is null ? [] : [number]);
    }

    [Theory]
    [InlineData(404, """{"message":"no Route matched with those values"}""")]
    [InlineData(404, """{"title":"x","status":400}""")]
    [InlineData(400, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"shipments":{}}""")]
    public async Task What_is_not_about_the_number_is_the_sources_trouble(int status, string body)
    {
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body), status: status);

        var reply = await Provider.AskAsync([Question(Number)], default);

        reply.ShouldBeOfType<ProviderReply.Trouble>().Outcome.ShouldBeOfType<PollOutcome.Failed>();
    }

    [Fact]
    public async Task A_made_up_number_that_nobody_knows_shows_that_the_key_is_taken()
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample("not-found.json")), status: 404);

        (await Provider.TryAsync(default)).ShouldBeNull();
    }

    [Fact]
    public async Task Local_times_stay_local_and_sent_offsets_are_believed()
    {
        var local = await ReadAsync("in-transit.json", "GM9100000000000001");
        var offset = await ReadAsync("in-transit-offset.json", "00340434002026112231");

        local.Events[0].Quality.ShouldBe(TimeQuality.LocalUnknown);
        local.Events[0].Offset.ShouldBeNull();
        offset.Events[0].Quality.ShouldBe(TimeQuality.Exact);
        offset.Events[0].Offset.ShouldBe(TimeSpan.FromHours(2));
        offset.Events[0].TimeAsSent.ShouldBe("2026-09-07T21:44:03+02:00");
        (offset.Events[0].Place, offset.Events[0].Code).ShouldBe(("ORLY, FR", "TRANSIT"));
        (offset.Summary.OriginCountry, offset.Summary.DestinationCountry).ShouldBe(("China", "France"));
        offset.Summary.ExpectedBy.ShouldBe(new DateTimeOffset(2026, 9, 16, 23, 59, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task The_words_customs_only_explain_a_failure_that_a_code_has_told()
    {
        var waiting = await ReadAsync("customs-waiting.json", "GM9100000000000001");
        var held = await ReadAsync("customs-hold.json", "GM9100000000000001");
        var attempt = await ReadAsync("attempt-failed.json", "GM9100000000000001");

        waiting.Events.ShouldAllBe(e => !e.CustomsTrouble && e.Status == ParcelStatus.InTransit);
        held.Events.Count(e => e.CustomsTrouble).ShouldBe(1);
        held.Events[0].CustomsTrouble.ShouldBeTrue();
        attempt.Events.ShouldAllBe(e => !e.CustomsTrouble);
    }

    [Fact]
    public async Task A_delivery_of_a_parcel_on_its_way_back_is_no_delivery()
    {
        var body = JsonNode.Parse(await File.ReadAllTextAsync(Sample("delivered.json")))!;
        body["shipments"]![0]!["returnFlag"] = true;
        await Stub.PutBodyAsync(Bytes(body));

        (await ReadAsync(Question("GM9100000000000001"))).Events[0].Status.ShouldBe(ParcelStatus.Returned);
    }

    [Fact]
    public async Task A_code_that_nobody_knows_is_kept_and_logged_once()
    {
        var body = (await File.ReadAllTextAsync(Sample("in-transit.json"))).Replace("\"transit\"", "\"teleported\"");
        await Stub.PutBodyAsync(Encoding.UTF8.GetBytes(body));

        var reading = await ReadAsync(Question("GM9100000000000001"));
        await ReadAsync(Question("GM9100000000000001"));

        reading.Events.ShouldAllBe(e => e.Status == ParcelStatus.Unknown && e.Code == "TELEPORTED");
        Log.Written.ShouldHaveSingleItem().ShouldContain("TELEPORTED");
    }

    [Theory]
    [InlineData("DHL", true)]
    [InlineData("dhl-de", true)]
    [InlineData("Deutsche Post", true)]
    [InlineData("deutsche_post", true)]
    [InlineData("La Poste", false)]
    [InlineData(null, false)]
    public void It_is_asked_about_numbers_of_its_own_family(string? carrier, bool covers) =>
        Provider.Covers(Number, NumberCheck.Look(Number), carrier).ShouldBe(covers);

    [Theory]
    [InlineData("dhl_de", NumberConfidence.Likely, true)]
    [InlineData("dhl", NumberConfidence.Weak, false)]
    [InlineData("ups", NumberConfidence.Certain, false)]
    public void A_likely_number_is_enough(string carrier, NumberConfidence confidence, bool covers)
    {
        var verdict = new NumberVerdict(NumberVerdictKind.NoCheckDigit)
        {
            Candidates = [new(carrier, confidence, CheckDigit.None)],
        };

        Provider.Covers(Number, verdict, carrier: null).ShouldBe(covers);
    }

    private async Task<ParcelReading> ReadAsync(string file, string number)
    {
        await Stub.PutBodyAsync(await File.ReadAllBytesAsync(Sample(file)));
        return await ReadAsync(Question(number));
    }

    private async Task<ParcelReading> ReadAsync(PollQuestion question)
    {
        var reply = (await Provider.AskAsync([question], default)).ShouldBeOfType<ProviderReply.Entries>();
        return Provider
            .Read(question, reply.ByNumber[question.Number], AskedAt)
            .ShouldBeOfType<PollOutcome.Ok>()
            .Reading;
    }
}
