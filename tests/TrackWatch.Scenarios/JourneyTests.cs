using TrackWatch.TestKit.Scenarios;

namespace TrackWatch.Scenarios;

public sealed class JourneyTests
{
    private const string Silent = """
        from: 2026-03-01
        to: 2026-04-21
        people:
          ayse: {email: ayse@example.org, language: tr, timezone: Europe/Istanbul}
        orders:
          - {id: hub, person: ayse, item: USB-C hub, ordered: 2026-02-26, shipped: 2026-03-01, tracking: [LP00900000000011]}
        events:
          LP00900000000011:
            - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-03T06:00Z, code: SC_OUTBOUND_SUCCESS, text: Left, place: Dongguan}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
        expect:
          - {day: 2026-03-19, order: hub, kind: alert, step: contact-seller}
          - {day: 2026-03-26, order: hub, kind: alert, step: open-dispute}
          - {day: 2026-04-20, order: hub, kind: alert, step: open-dispute}
        """;

    private const string Moving = """
        from: 2026-03-01
        to: 2026-04-05
        people:
          jan: {email: jan@example.org, timezone: Europe/Warsaw}
        orders:
          - {id: lamp, person: jan, item: Lamp, ordered: 2026-02-27, shipped: 2026-03-01, tracking: [LP00900000000028]}
        events:
          LP00900000000028:
            - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-03T06:00Z, code: SC_OUTBOUND_SUCCESS, text: Left, place: Dongguan}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
            - {at: 2026-03-11T06:00Z, code: LH_ARRIVE, text: Landed, place: Warsaw}
            - {at: 2026-03-13T06:00Z, code: CC_IM_SUCCESS, text: Cleared}
            - {at: 2026-03-15T06:00Z, code: GTMS_ACCEPT, text: Accepted}
            - {at: 2026-03-17T06:00Z, code: GTMS_DO_DEPART, text: Out}
            - {at: 2026-03-17T11:00Z, code: GTMS_SIGNED, text: Signed}
        """;

    [Fact]
    public async Task A_parcel_that_stalls_in_line_haul_climbs_from_notice_to_seller_to_dispute_on_the_right_days()
    {
        await using var world = await World.OpenAsync(Silent);
        await world.RunAsync();

        var (expected, sent) = await world.CompareAsync();
        sent.ShouldBe(expected, string.Join('\n', await world.SentAsync()));
        var all = await world.SentAsync();
        all.Select(s => (s.Person, s.Instance)).ShouldBeUnique();
        all[0]
            .ShouldSatisfyAllConditions(
                first => first.Day.ShouldBe(new DateOnly(2026, 3, 13)),
                first => first.Kind.ShouldBe("digest"),
                first => first.Step.ShouldBe("check-number")
            );
    }

    [Fact]
    public async Task A_step_that_stays_undone_is_said_again_in_digests_after_three_seven_and_fourteen_days()
    {
        await using var world = await World.OpenAsync(Silent);
        await world.RunAsync();

        var again = (await world.SentAsync()).Where(s =>
            s.Step == "open-dispute" && s.Instance.Contains("/again-", StringComparison.Ordinal)
        );
        again
            .Select(s => (s.Day, s.Kind))
            .ShouldBe([
                (new DateOnly(2026, 3, 29), "digest"),
                (new DateOnly(2026, 4, 2), "digest"),
                (new DateOnly(2026, 4, 9), "digest"),
            ]);
    }

    [Fact]
    public async Task A_moving_parcel_produces_digests_only_and_its_delivery_ends_the_polling()
    {
        await using var world = await World.OpenAsync(Moving);
        await world.RunAsync();

        var sent = await world.SentAsync();
        sent.ShouldNotBeEmpty();
        sent.ShouldAllBe(s => s.Kind == "digest");
        (
            await world.CountAsync(
                "select count(*) from shipments s where status = 'Delivered' and not exists (select from shipment_sources w where w.shipment_id = s.id and w.next_poll_at is not null)"
            )
        ).ShouldBe(1);
        (await world.CountAsync("select count(*) from polls where at > '2026-03-20'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_source_that_is_silent_for_twenty_days_is_one_operator_mail_and_no_stall()
    {
        var script = Moving.Replace(
            "orders:",
            "sources:\n  cainiao: {blocked: [{from: 2026-03-06, to: 2026-03-25}]}\norders:",
            StringComparison.Ordinal
        );
        await using var world = await World.OpenAsync(script);
        await world.RunAsync();

        var sent = await world.SentAsync();
        var operators = sent.Where(s => s.Kind == "operator").ToList();
        operators.Count(s => s.Instance.StartsWith("source-silent", StringComparison.Ordinal)).ShouldBe(1);
        operators.Count(s => s.Instance.StartsWith("source-back", StringComparison.Ordinal)).ShouldBe(1);
        sent.Where(s => s.Day < new DateOnly(2026, 3, 25)).ShouldAllBe(s => s.Kind == "operator");
        (await world.CountAsync("select count(*) from stalls")).ShouldBe(0);
        sent.ShouldNotContain(s => s.Kind == "alert");
    }

    [Fact]
    public async Task Restarting_after_every_round_changes_nothing()
    {
        await using var steady = await World.OpenAsync(Silent);
        await steady.RunAsync();
        await using var restless = await World.OpenAsync(Silent);
        await restless.RunAsync(world => world.RestartAsync());

        var (_, expected) = await steady.CompareAsync();
        var (_, sent) = await restless.CompareAsync();
        sent.ShouldBe(expected);
        (await restless.SentAsync())
            .Select(s => s.Instance)
            .ShouldBe((await steady.SentAsync()).Select(s => s.Instance), ignoreOrder: true);
        restless.Mails.Select(m => m.MessageId).ShouldBeUnique();
    }

    [Fact]
    public async Task A_Turkish_person_gets_Turkish_mail()
    {
        await using var world = await World.OpenAsync(Silent);
        await world.RunAsync();

        var alert = (await world.SentAsync()).First(s => s.Kind == "alert");
        alert.Subject.ShouldStartWith("Satıcıya yazın");
    }

    [Fact]
    public async Task A_seller_who_was_asked_and_did_not_help_brings_the_dispute_before_the_silence_is_critical()
    {
        var script = Silent.Replace(
            "expect:",
            "acts:\n  - {at: 2026-03-19T08:00Z, command: done hub contact-seller}\nexpect:",
            StringComparison.Ordinal
        );
        await using var world = await World.OpenAsync(script);
        await world.RunAsync();

        var dispute = (await world.SentAsync()).First(s => s.Step == "open-dispute");
        dispute.Day.ShouldBe(new DateOnly(2026, 3, 24));
    }

    [Fact]
    public async Task A_case_settles_closes_and_comes_back_as_the_same_case()
    {
        var script = Silent.Replace(
            "expect:",
            "    - {at: 2026-03-21T06:00Z, code: LH_ARRIVE, text: Landed, place: Istanbul}\nexpect:",
            StringComparison.Ordinal
        );
        await using var world = await World.OpenAsync(script);
        string[] life = ["settling", "closed", "reopened"];
        var states = new List<string>();
        await world.RunAsync(async w =>
        {
            foreach (var state in life)
                if (!states.Contains(state) && await w.CountAsync($"select count(*) from cases where {Is(state)}") == 1)
                    states.Add(state);
        });

        states.ShouldBe(life);
        (await world.CountAsync("select count(*) from cases")).ShouldBe(1);

        static string Is(string state) =>
            state switch
            {
                "settling" => "settling_since is not null and closed_at is null",
                "closed" => "closed_at = settling_since + interval '3 days' and closed_why = 'Moving'",
                _ => "reopened = 1 and closed_at is null and settling_since is null",
            };
    }

    [Fact]
    public async Task Progress_closes_the_stall_and_is_told_in_a_digest()
    {
        var script = Silent.Replace(
            "expect:",
            "    - {at: 2026-03-21T06:00Z, code: LH_ARRIVE, text: Landed, place: Istanbul}\n    - {at: 2026-03-23T06:00Z, code: GTMS_SIGNED, text: Signed}\nexpect:",
            StringComparison.Ordinal
        );
        await using var world = await World.OpenAsync(script);
        await world.RunAsync();

        var sent = await world.SentAsync();
        sent.ShouldContain(s => s.Instance.Contains("moving-again", StringComparison.Ordinal) && s.Kind == "digest");
        sent.Count(s => s.Kind == "alert").ShouldBe(1);
        (await world.CountAsync("select count(*) from stalls where closed_at is null")).ShouldBe(0);
        (await world.CountAsync("select count(*) from cases where closed_at is null")).ShouldBe(0);
    }
}
