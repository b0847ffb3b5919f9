namespace TrackWatch.Worker.Tests.Commands.Simulating;

/// <summary><c>simulate --script</c> from outside: no database is anywhere near.</summary>
public sealed class SimulateScriptTests : IDisposable
{
    private const string Journey = """
        from: 2026-03-01
        to: 2026-03-31
        people:
          jan: {email: jan@example.org, timezone: Europe/Warsaw, country: PL}
        orders:
          - {id: lamp, person: jan, item: Lamp, ordered: 2026-02-26, shipped: 2026-03-01, tracking: [LP00900000000011]}
          - {id: shoes, person: jan, item: Shoes, ordered: 2026-02-26, shipped: 2026-03-01, tracking: [LP00900000000028]}
        sources:
          cainiao: {blocked: [{from: 2026-03-06, to: 2026-03-07}]}
        events:
          LP00900000000011:
            - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-03T06:00Z, code: SC_OUTBOUND_SUCCESS, text: Left, place: Dongguan}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
          LP00900000000028:
            - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
            - {at: 2026-03-11T06:00Z, code: LH_ARRIVE, text: Landed, place: Warsaw}
            - {at: 2026-03-15T06:00Z, code: GTMS_ACCEPT, text: Accepted, place: Warsaw}
            - {at: 2026-03-17T06:00Z, code: GTMS_SIGNED, text: Signed, place: Warsaw}
        acts:
          - {at: 2026-03-19T12:00Z, command: done lamp contact-seller --date 2026-03-19 --note "says wait"}
          - {at: 2026-03-20T08:00Z, set: {lamp: {protection_ends: 2026-05-25}}}
        expect:
          - {day: 2026-03-07, kind: operator}
          - {day: 2026-03-08, kind: operator}
          - {day: 2026-03-19, person: jan, order: lamp, kind: alert, step: contact-seller}
          - {day: 2026-03-24, order: lamp, kind: alert, step: open-dispute}

        """;

    private readonly Household household = new();

    public SimulateScriptTests() => household.Write("journey.yaml", Journey);

    public void Dispose() => household.Dispose();

    [Fact]
    public async Task A_journey_whose_mails_are_as_expected_ends_with_0()
    {
        var answer = await household.RunAsync("simulate", "--script", "journey.yaml");

        answer.Error.ShouldBeEmpty();
        answer.ExitCode.ShouldBe(0);
        answer.Out.ShouldContain("2026-03-24 00:10  alert to jan: Open the dispute by Sun 24 May: Lamp");
        answer.Out.ShouldContain("2026-03-19 13:00  lamp: contact-seller is not due any more");
        answer.Out.ShouldEndWith("As expected: 4 mails.\n");
    }

    [Fact]
    public async Task A_difference_ends_with_1_and_stands_side_by_side()
    {
        household.Write(
            "journey.yaml",
            Journey
                .Replace("2026-03-24, order: lamp", "2026-03-25, order: lamp", StringComparison.Ordinal)
                .Replace("  - {day: 2026-03-08, kind: operator}\n", "", StringComparison.Ordinal)
        );

        var answer = await household.RunAsync("simulate", "--script", "journey.yaml", "--json");

        answer.ExitCode.ShouldBe(1);
        answer.Error.ShouldBe(
            """
            The mails are not those that the script expects:
            expected                                   came
            2026-03-07 operator operator             = 2026-03-07 operator operator
                                                     > 2026-03-08 operator operator
            2026-03-19 alert jan lamp contact-seller = 2026-03-19 alert jan lamp contact-seller
            2026-03-25 alert jan lamp open-dispute   <
                                                     > 2026-03-24 alert jan lamp open-dispute

            """
        );
        answer.Json.GetArrayLength().ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task Json_has_an_entry_per_notice_in_the_order_of_time_and_is_the_same_every_time()
    {
        var answer = await household.RunAsync("simulate", "--script", "journey.yaml", "--json");
        var again = await household.RunAsync("simulate", "--script", "journey.yaml", "--json");

        again.Out.ShouldBe(answer.Out);
        var entries = answer.Json.EnumerateArray().ToList();
        foreach (var entry in entries)
        foreach (
            var field in (string[])
                ["mail", "at", "person", "order", "kind", "step", "deadline", "doBy", "reason", "subject"]
        )
            entry.TryGetProperty(field, out _).ShouldBeTrue(field);
        entries.Select(e => e.GetProperty("at").GetDateTimeOffset()).ShouldBeInOrder();
        var dispute = entries.First(e => e.GetProperty("step").GetString() == "open-dispute");
        dispute.GetProperty("at").GetString().ShouldBe("2026-03-23T23:10:00Z");
        dispute.GetProperty("kind").GetString().ShouldBe("alert");
        dispute.GetProperty("doBy").GetString().ShouldBe("2026-05-24");
        dispute.GetProperty("reason").GetString()!.ShouldStartWith("You asked the seller on 19 March 2026");
    }

    [Fact]
    public async Task Mails_are_written_as_they_would_be_sent_and_the_shown_days_can_be_narrowed()
    {
        var answer = await household.RunAsync(
            "simulate",
            "--script",
            "journey.yaml",
            "--mails",
            "mails",
            "--from",
            "2026-03-19",
            "--to",
            "2026-03-24",
            "--order",
            "LP009 0000 0000 011",
            "--json"
        );

        answer.ExitCode.ShouldBe(0, answer.Error);
        var days = answer.Json.EnumerateArray().Select(e => e.GetProperty("at").GetString()![..10]).ToList();
        days.ShouldNotBeEmpty();
        days.ShouldAllBe(day =>
            string.CompareOrdinal(day, "2026-03-19") >= 0 && string.CompareOrdinal(day, "2026-03-24") <= 0
        );
        answer.Json.EnumerateArray().ShouldAllBe(e => e.GetProperty("order").GetString() == "lamp");
        var mails = Directory.GetFiles(Path.Combine(household.Folder, "mails"), "*open-the-dispute*.eml");
        var ids = answer.Json.EnumerateArray().Select(e => e.GetProperty("mail").GetString()!).ToList();
        File.ReadAllText(mails.ShouldHaveSingleItem())
            .ShouldSatisfyAllConditions(
                mail => mail.ShouldContain("Subject: Open the dispute by Sun 24 May: Lamp"),
                mail => ids.ShouldContain(id => mail.Contains($"Message-ID: <{id}>", StringComparison.Ordinal))
            );
    }

    [Theory]
    [InlineData("to: 2026-03-31", "to: 2026-02-01", "2:5: error: 'to' is before 'from'.")]
    [InlineData(
        "  cainiao: {b",
        "  cainao: {b",
        "9:3: error: 'cainao' is no provider; known are cainiao, 17track, trackingmore, dhl, aftership, ship24, simulated. Did you mean 'cainiao'?"
    )]
    [InlineData(
        "code: LH_DEPART, text: Departed}\n  LP",
        "cod: LH_DEPART}\n  LP",
        "14:31: error: events.LP00900000000011[2]: there is no key 'cod' here. Did you mean 'code'?"
    )]
    [InlineData(
        "  LP00900000000028:",
        "  LP00900000000036:",
        "15:3: error: events: no order of the script tracks 'LP00900000000036'."
    )]
    [InlineData(
        "{at: 2026-03-17T06:00Z,",
        "{at: 2026-03-17T06:00Z, known: 2026-03-16,",
        "20:38: error: events.LP00900000000028: 'known' is before 'at'; a source cannot tell of what has not happened."
    )]
    [InlineData(
        "done lamp contact-seller",
        "dnoe lamp contact-seller",
        "22:38: error: acts: 'dnoe' is none of done, tell, missing, snooze, close, undo. Did you mean 'done'?"
    )]
    [InlineData(
        "done lamp contact-seller",
        "done lmap contact-seller",
        "22:38: error: acts: there is no order 'lmap' in the script. Did you mean 'lamp'?"
    )]
    [InlineData(
        "done lamp contact-seller",
        "done lamp contact-seler",
        "22:38: error: acts: 'contact-seler' is no step. Did you mean 'contact-seller'?"
    )]
    [InlineData(
        "--date 2026-03-19",
        "--date 2026-03-20",
        "22:38: error: acts: 2026-03-20 lies ahead (today is 2026-03-19); tell it when it has happened."
    )]
    [InlineData(
        "done lamp contact-seller --date 2026-03-19 --note \"says wait\"",
        "undo lamp",
        "22:38: error: acts: no command told anything of 'lamp' that could be taken back."
    )]
    [InlineData(
        "set: {lamp:",
        "set: {lmp:",
        "23:35: error: acts: there is no order 'lmp' in the script. Did you mean 'lamp'?"
    )]
    [InlineData(
        "{protection_ends:",
        "{protection_end:",
        "23:42: error: acts[1].set.lamp: there is no key 'protection_end' here. Did you mean 'protection_ends'?"
    )]
    [InlineData(
        "{protection_ends: 2026-05-25}",
        "{paid_with: vsa}",
        "23:53: error: The order 'lamp' was paid with 'vsa', which is not one of visa, mastercard, amex, troy, paypal, klarna, other. Did you mean 'visa'?"
    )]
    [InlineData(
        "order: lamp, kind: alert, step: contact-seller",
        "order: lmp, kind: alert, step: contact-seller",
        "27:43: error: expect: there is no order 'lmp' in the script. Did you mean 'lamp'?"
    )]
    [InlineData(
        "kind: operator",
        "kind: operatr",
        "25:29: error: expect[0].kind: 'operatr' is none of alert, digest, operator. Did you mean 'operator'?"
    )]
    [InlineData(
        "kind: operator",
        "kind: digest",
        "25:29: error: expect: digests are compared only where the script says 'digests: true'."
    )]
    public async Task A_bad_script_is_told_with_its_place_and_nothing_is_simulated(string good, string bad, string said)
    {
        var at = Journey.IndexOf(good, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(-1);
        household.Write("journey.yaml", string.Concat(Journey.AsSpan(0, at), bad, Journey.AsSpan(at + good.Length)));

        var answer = await household.RunAsync("simulate", "--script", "journey.yaml");

        answer.ExitCode.ShouldBe(1);
        answer.Out.ShouldBeEmpty();
        answer.Error.ShouldContain($"journey.yaml:{said}");
        answer.Error.ShouldEndWith("trackwatch: the script has errors; nothing was simulated\n");
    }

    [Theory]
    [InlineData("--script nowhere.yaml", "the script cannot be read")]
    [InlineData("--script journey.yaml --to 31.12.2026", "'31.12.2026' of --to is no day; write 2026-12-31.")]
    [InlineData("--script journey.yaml --from 2026-03-02 --to 2026-03-01", "--to lies before --from.")]
    [InlineData("--script journey.yaml --order lmp", "there is no order 'lmp' in the script. There are: lamp, shoes.")]
    public async Task Bad_usage_ends_with_2(string options, string said)
    {
        var answer = await household.RunAsync(["simulate", .. options.Split(' ')]);

        answer.ExitCode.ShouldBe(2);
        answer.Out.ShouldBeEmpty();
        answer.Error.ShouldContain(said);
    }
}
