using System.Text.Json;
using Npgsql;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary>One round over made-up parcels, then every command that shows something.</summary>
public sealed class ShownOrders : IAsyncLifetime
{
    internal Household Household { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Household = await Household.WithDatabaseAsync();
        Household.Write(
            "orders.yaml",
            """
            people:
              ayse: {email: ayse@example.org, timezone: Europe/Istanbul, country: TR}
            orders:
              - {id: usb-hub, person: ayse, item: USB-C hub, tracking: [SIMSILENT01], shipped: 2020-01-01}
              - {id: lamp, person: ayse, tracking: [SIMMOVING01, SIMCUSTOMS01]}
              - {id: shoes, person: ayse, tracking: [SIMDELIVERED01]}
              - {id: ending, person: ayse, tracking: [SIMENDING01], protection_ends: 2099-12-31}
            """
        );
        (await Household.RunAsync("run", "--once")).ExitCode.ShouldBe(0);
    }

    public Task DisposeAsync()
    {
        Household.Dispose();
        return Task.CompletedTask;
    }
}

public sealed class ShownOrdersTests(ShownOrders orders) : IClassFixture<ShownOrders>
{
    private readonly Household household = orders.Household;

    [Fact]
    public async Task Status_has_the_agreed_fields()
    {
        var answer = await household.RunAsync("status", "--json");

        answer.ExitCode.ShouldBe(0);
        answer.Error.ShouldBeEmpty();
        var status = answer.Json;
        Has(status, "orders", "providers", "mail");
        foreach (var order in status.GetProperty("orders").EnumerateArray())
        {
            Has(order, "id", "person", "item", "state", "step", "doBy", "shipments");
            foreach (var shipment in order.GetProperty("shipments").EnumerateArray())
                Has(shipment, "number", "status", "leg", "silentDays", "stall");
        }
        var hub = Order(status, "usb-hub");
        Text(hub, "person").ShouldBe("ayse");
        Text(hub, "item").ShouldBe("USB-C hub");
        Text(hub, "state").ShouldBe("due");
        Text(hub, "step").ShouldBe("check-number");
        var silent = hub.GetProperty("shipments")[0];
        Text(silent, "number").ShouldBe("SIMSILENT01");
        Text(silent, "status").ShouldBe("InTransit");
        Text(silent, "leg").ShouldBe("line-haul");
        silent.GetProperty("silentDays").GetInt32().ShouldBeInRange(16, 17);
        Text(silent, "stall").ShouldBeOneOf("notice", "stalled");
        Text(Order(status, "shoes"), "state").ShouldBe("delivered");
        Order(status, "shoes")
            .GetProperty("shipments")[0]
            .GetProperty("silentDays")
            .ValueKind.ShouldBe(JsonValueKind.Null);

        var provider = status.GetProperty("providers").EnumerateArray().ShouldHaveSingleItem();
        Has(provider, "name", "state", "lastSuccess", "detail");
        Text(provider, "name").ShouldBe("simulated");
        Text(provider, "state").ShouldBe("ok");
        var mail = status.GetProperty("mail");
        Has(mail, "waiting", "oldest", "lastAccepted");
        mail.GetProperty("waiting").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Timeline_has_the_agreed_fields_newest_first()
    {
        var timeline = (await household.RunAsync("timeline", "lamp", "--json")).Json;

        Has(timeline, "order", "shipments");
        Text(timeline, "order").ShouldBe("lamp");
        var shipments = timeline.GetProperty("shipments").EnumerateArray().ToList();
        shipments.Select(s => Text(s, "number")).ShouldBe(["SIMMOVING01", "SIMCUSTOMS01"]);
        foreach (var shipment in shipments)
        {
            Has(shipment, "number", "carrier", "status", "leg", "lastSuccessfulPoll", "nextPoll", "events");
            Text(shipment, "lastSuccessfulPoll").ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
            var events = shipment.GetProperty("events").EnumerateArray().ToList();
            events.ShouldNotBeEmpty();
            events
                .Select(e => Text(e, "wall"))
                .ShouldBe(events.Select(e => Text(e, "wall")).OrderDescending(StringComparer.Ordinal));
            foreach (var e in events)
            {
                Has(e, "at", "wall", "offset", "code", "status", "leg", "text", "place", "provider", "anomaly");
                Text(e, "at").ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
                Text(e, "wall").ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$");
                Text(e, "offset").ShouldBeOneOf("+08:00", "+01:00", "+03:00");
            }
        }
        Text(shipments[1], "status").ShouldBe("Customs");
        Text(shipments[1], "leg").ShouldBe("import-customs");
        var held = shipments[1].GetProperty("events")[0];
        Text(held, "code").ShouldBe("CUS_TAX");
        Text(held, "offset").ShouldBe("+03:00");
        Text(held, "place").ShouldBe("Istanbul");
    }

    [Fact]
    public async Task Explain_has_the_agreed_fields()
    {
        var explained = (await household.RunAsync("explain", "usb-hub", "--json")).Json;

        Has(explained, "order", "asOf", "stalls", "deadlines", "steps", "next");
        var stall = explained.GetProperty("stalls").EnumerateArray().ShouldHaveSingleItem();
        Has(stall, "number", "level", "leg", "silentDays", "since", "limits", "factors");
        stall.GetProperty("limits").GetProperty("notice").GetInt32().ShouldBe(8);
        explained
            .GetProperty("steps")
            .EnumerateArray()
            .Select(s => Text(s, "step"))
            .ShouldBe([
                "check-number",
                "contact-seller",
                "check-customs",
                "know-refund-rules",
                "open-dispute",
                "chargeback",
                "consumer-body",
            ]);
        var due = explained.GetProperty("steps")[0];
        Has(due, "step", "state", "why", "doBy");
        Text(due, "state").ShouldBe("due");
        Text(due, "why").ShouldContain("no new scan");
        var poll = explained.GetProperty("next").EnumerateArray().First();
        Has(poll, "at", "what");

        var deadlines = (await household.RunAsync("explain", "ending", "--json"))
            .Json.GetProperty("deadlines")
            .EnumerateArray()
            .ToList();
        foreach (var deadline in deadlines)
            Has(deadline, "rule", "title", "opens", "lastDay", "assumed", "confidence", "facts");
        var protection = deadlines.Single(d => Text(d, "role") == "protection-end");
        var last = deadlines.Single(d => Text(d, "rule") == "AE-DISP-02");
        (Text(protection, "lastDay"), Text(last, "lastDay")).ShouldBe(("2099-12-31", "2100-01-15"));
        foreach (var deadline in new[] { protection, last })
            deadline.GetProperty("assumed").GetBoolean().ShouldBeFalse();
        protection.GetProperty("facts")[0].GetString().ShouldBe("protection_ends 2099-12-31 (orders file)");
    }

    [Theory]
    [InlineData("status")]
    [InlineData("timeline", "lamp")]
    [InlineData("explain", "lamp")]
    [InlineData("explain", "ending")]
    public async Task A_pipe_gets_plain_text_of_80_columns(params string[] command)
    {
        var answer = await household.RunAsync(command);

        answer.ExitCode.ShouldBe(0);
        answer.Out.ShouldNotContain('\u001b');
        answer.Out.ShouldNotContain("[/]");
        answer.Out.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Fact]
    public async Task Status_says_in_words_what_a_person_wants_to_know()
    {
        var said = Folded(await household.RunAsync("status"));

        said.ShouldContain("usb-hub");
        said.ShouldContain("check-number");
        said.ShouldContain("waits for you");
        said.ShouldContain("Source simulated: fine, last answer ");
        said.ShouldContain("Mail by folder ");
        said.ShouldContain("nothing waits");
    }

    [Fact]
    public async Task Explain_names_limits_factors_and_dates_with_their_origin()
    {
        var said = Folded(await household.RunAsync("explain", "ending"));

        said.ShouldContain("rule STALL-G3 leg import-customs, service standard (assumed): notice from day 4");
        said.ShouldContain("last safe day 30 December 2099");
        said.ShouldContain("protection_ends 2099-12-31 (orders file)");
        said.ShouldContain("simulated is asked about SIMENDING01");
    }

    [Fact]
    public async Task A_carrier_cannot_steer_the_terminal_and_its_newest_words_are_shown()
    {
        await using (var source = NpgsqlDataSource.Create(household.ConnectionString))
        {
            await using var reword = source.CreateCommand(
                """
                insert into event_texts (event_id, hash, text, place, seen_at)
                select e.id, gen_random_uuid(), w.text, 'Kad' || chr(8238) || 'ıköy', now() + w.later
                from tracking_events e join shipments s on s.id = e.shipment_id,
                    (values ('Worded anew ' || chr(27) || '[31m' || chr(8238) || '[bold]not markup[/]', interval '1 hour'),
                            ('Worded in between', interval '0')) w(text, later)
                where s.number = 'SIMDELIVERED01' and e.code = 'GTMS_SIGNED'
                """
            );
            (await reword.ExecuteNonQueryAsync()).ShouldBe(2);
        }

        var shown = Folded(await household.RunAsync("timeline", "shoes"));
        shown.ShouldContain("Worded anew [31m[bold]not markup[/]");
        shown.ShouldContain("Delivered · Kadıköy");
        shown.ShouldNotContain('\u001b');
        shown.ShouldNotContain('\u202e');
        shown.ShouldNotContain("in between");

        var answer = await household.RunAsync("timeline", "shoes", "--json");
        answer.Out.ShouldNotContain('\u001b');
        Text(answer.Json.GetProperty("shipments")[0].GetProperty("events")[0], "text").ShouldStartWith("Worded anew");
    }

    [Fact]
    public async Task An_order_is_found_by_its_number_too_in_any_spelling() =>
        Text((await household.RunAsync("explain", "sim-silent 01", "--json")).Json, "order").ShouldBe("usb-hub");

    [Theory]
    [InlineData("timeline", "usb-hb")]
    [InlineData("explain", "usb-hb", "--json")]
    [InlineData("done", "usb-hb", "contact-seller")]
    [InlineData("tell", "usb-hb", "missing")]
    [InlineData("undo", "usb-hb")]
    public async Task An_unknown_order_is_bad_usage_with_a_guess(params string[] command)
    {
        var answer = await household.RunAsync(command);

        answer.ExitCode.ShouldBe(2);
        answer.Out.ShouldBeEmpty();
        answer.Error.ShouldContain("there is no order 'usb-hb'. Did you mean 'usb-hub'?");
    }

    internal static string Folded(Answer answer) =>
        string.Join(' ', answer.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static JsonElement Order(JsonElement status, string id) =>
        status.GetProperty("orders").EnumerateArray().Single(o => Text(o, "id") == id);

    private static void Has(JsonElement json, params string[] fields) =>
        fields.Except(json.EnumerateObject().Select(p => p.Name)).ShouldBeEmpty();

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString() ?? "";
}
