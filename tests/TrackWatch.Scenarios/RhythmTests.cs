using System.Globalization;
using TrackWatch.Domain;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Scenarios;

/// <summary>When mails come, rule by rule, as it is and as it can be set; each lived through the rooms and simulated.</summary>
public sealed class RhythmTests
{
    /// <summary>Two parcels that were delivered and that nobody has: to say so brings an alert.</summary>
    private const string TwoMissing = """
        from: 2026-03-01
        to: 2026-03-24
        people:
          jan: {email: jan@example.org, timezone: Europe/Warsaw, country: PL}
        orders:
          - {id: lamp, person: jan, item: Lamp, ordered: 2026-03-01, shipped: 2026-03-02, promised_by: 2026-04-25, protection_ends: 2026-05-25, tracking: [LP00900000000028]}
          - {id: hub, person: jan, item: Hub, ordered: 2026-03-01, shipped: 2026-03-02, promised_by: 2026-04-25, protection_ends: 2026-05-25, tracking: [LP00900000000011]}
        events:
          LP00900000000028:
            - {at: 2026-03-03T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
            - {at: 2026-03-11T06:00Z, code: LH_ARRIVE, text: Landed, place: Warsaw}
            - {at: 2026-03-14T06:00Z, code: GTMS_ACCEPT, text: Accepted, place: Warsaw}
            - {at: 2026-03-16T11:00Z, code: GTMS_SIGNED, text: Signed, place: Warsaw}
          LP00900000000011:
            - {at: 2026-03-03T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
            - {at: 2026-03-11T06:00Z, code: LH_ARRIVE, text: Landed, place: Warsaw}
            - {at: 2026-03-14T06:00Z, code: GTMS_ACCEPT, text: Accepted, place: Warsaw}
            - {at: 2026-03-16T11:00Z, code: GTMS_SIGNED, text: Signed, place: Warsaw}
        acts:
          - {at: 2026-03-18T09:00Z, command: missing lamp}
          - {at: 2026-03-18T09:06Z, command: missing hub}
        """;

    /// <summary>A parcel that stops between the countries; protection ends a good while later.</summary>
    private const string Silent = """
        from: 2026-03-01
        to: 2026-05-12
        people:
          jan: {email: jan@example.org, timezone: Europe/Warsaw, country: PL}
        orders:
          - {id: lamp, person: jan, item: Lamp, ordered: 2026-03-01, shipped: 2026-03-02, promised_by: 2026-06-15, protection_ends: 2026-05-10, tracking: [LP00900000000011]}
        events:
          LP00900000000011:
            - {at: 2026-03-03T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
        """;

    [Theory]
    [InlineData(10, new[] { "lamp hub" })]
    [InlineData(0, new[] { "lamp", "hub" })]
    public async Task An_alert_waits_its_settle_time_for_company(int minutes, string[] alerts)
    {
        await using var lived = await LivedTwice.RunAsync(
            TwoMissing,
            Mail(m => m with { Settle = TimeSpan.FromMinutes(minutes) })
        );

        lived.ShouldAgree();
        AlertsOn(lived, "2026-03-18").ShouldBe(alerts);
    }

    [Theory]
    [InlineData(AlertGroup.Person, new[] { "lamp hub" })]
    [InlineData(AlertGroup.Order, new[] { "lamp", "hub" })]
    public async Task Alerts_share_a_mail_by_person_or_by_order(AlertGroup group, string[] alerts)
    {
        // Both at once, so that nothing but the setting parts them.
        await using var lived = await LivedTwice.RunAsync(
            TwoMissing.Replace("09:06Z", "09:00Z", StringComparison.Ordinal),
            Mail(m => m with { Group = group })
        );

        lived.ShouldAgree();
        AlertsOn(lived, "2026-03-18").ShouldBe(alerts);
    }

    [Theory]
    [InlineData(24, "2026-04-11")]
    [InlineData(48, "2026-04-10")]
    public async Task What_is_urgent_waits_neither_for_the_morning_nor_for_company(int hours, string day)
    {
        // Told at night that protection ends sooner than thought: the last safe day is the 11th.
        var script =
            Silent.Replace("2026-05-12", "2026-04-14", StringComparison.Ordinal)
            + """

                acts:
                  - {at: 2026-04-10T20:30Z, command: tell lamp protection 2026-04-12}
                """;
        await using var lived = await LivedTwice.RunAsync(
            script.Replace("country: PL}", "country: PL, quiet_hours: \"22:00-07:30\"}", StringComparison.Ordinal),
            Mail(m => m with { Urgent = TimeSpan.FromHours(hours) })
        );

        lived.ShouldAgree();
        lived
            .Sent.First(s => s.Instance.StartsWith("deadline/protection/2026-04-12", StringComparison.Ordinal))
            .ShouldSatisfyAllConditions(first => first.Kind.ShouldBe("alert"), first => first.Day.ShouldBe(Day(day)));
    }

    [Theory]
    [InlineData(new[] { 3, 7, 14 })]
    [InlineData(new[] { 5 })]
    [InlineData(new int[0])]
    public async Task A_step_is_said_again_after_the_days_that_are_set(int[] days)
    {
        await using var lived = await LivedTwice.RunAsync(
            Silent.Replace("2026-05-12", "2026-04-18", StringComparison.Ordinal),
            Mail(m => m with { RepeatAfter = days })
        );

        lived.ShouldAgree();
        Again(lived)
            .Where(s => s.Step == "open-dispute")
            .Select(s => (s.Kind, s.Instance.Split("/again-")[1]))
            .ShouldBe(days.Select(d => ("digest", $"{d}")));
    }

    [Theory]
    [InlineData(null, null, "14 digest, 7 alert, 3 alert, 1 alert")]
    [InlineData(new[] { 5, 2 }, null, "14 digest, 5 alert, 2 alert, 1 alert")]
    [InlineData(null, new[] { 21, 14 }, "21 digest, 14 digest, 7 alert, 3 alert, 1 alert")]
    [InlineData(new int[0], new int[0], "1 alert")]
    public async Task A_last_day_is_warned_of_as_set_and_always_on_the_day_before(
        int[]? alert,
        int[]? digest,
        string marks
    )
    {
        await using var lived = await LivedTwice.RunAsync(
            Silent,
            Mail(m =>
                m with
                {
                    WarnBefore = new() { Alert = alert, Digest = digest },
                }
            )
        );

        lived.ShouldAgree();
        string.Join(
                ", ",
                lived
                    .Sent.Where(s => s.Instance.StartsWith("deadline/protection/", StringComparison.Ordinal))
                    .Select(s => $"{s.Instance.Split('/')[^1]} {s.Kind}")
            )
            .ShouldBe(marks);
    }

    [Theory]
    [InlineData(5, "", new[] { "lamp", "hub" })]
    [InlineData(1, "", new[] { "lamp" })]
    [InlineData(1, ", daily_cap: 2", new[] { "lamp", "hub" })]
    [InlineData(5, ", daily_cap: 1", new[] { "lamp" })]
    public async Task Alerts_beyond_the_daily_cap_wait_for_the_next_digest(int cap, string own, string[] alerts)
    {
        var script = TwoMissing
            .Replace("09:06Z", "11:00Z", StringComparison.Ordinal)
            .Replace("country: PL}", $"country: PL{own}}}", StringComparison.Ordinal);
        await using var lived = await LivedTwice.RunAsync(script, Mail(m => m with { DailyCap = cap }));

        lived.ShouldAgree();
        AlertsOn(lived, "2026-03-18").ShouldBe(alerts, string.Join('\n', lived.Sent));
        // Nothing is lost.
        var later = lived.Sent.Where(s => s is { Day.Day: 19, Step: not null });
        later.Select(s => (s.Kind, s.Order)).ShouldBe(alerts.Length == 1 ? [("digest", "hub")] : []);
    }

    [Fact]
    public async Task The_daily_cap_holds_no_warning_of_a_last_day()
    {
        // The hub is still on its way when its protection turns out to end in a few days.
        var script = TwoMissing.Replace(
            "09:06Z, command: missing hub",
            "11:00Z, command: tell hub protection 2026-03-22",
            StringComparison.Ordinal
        );
        var signed = script.LastIndexOf("    - {at: 2026-03-16T11:00Z", StringComparison.Ordinal);
        script = script.Remove(signed, script.IndexOf('\n', signed) - signed + 1);
        await using var lived = await LivedTwice.RunAsync(script, Mail(m => m with { DailyCap = 1 }));

        lived.ShouldAgree();
        AlertsOn(lived, "2026-03-18").First().ShouldBe("lamp");
        lived.Sent.ShouldContain(s =>
            s.Kind == "alert"
            && s.Day == Day("2026-03-18")
            && s.Instance.StartsWith("deadline/protection/2026-03-22", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(400, 18, 0)]
    [InlineData(1, 19, 1)]
    public async Task Mail_to_all_people_stops_at_the_total_cap_and_the_operator_is_told_once(
        int cap,
        int day,
        int told
    )
    {
        var script = TwoMissing
            .Replace("09:06Z", "11:00Z", StringComparison.Ordinal)
            .Replace(
                "orders:",
                "  ola: {email: ola@example.org, timezone: Europe/Warsaw, country: PL}\norders:",
                StringComparison.Ordinal
            )
            .Replace("id: hub, person: jan", "id: hub, person: ola", StringComparison.Ordinal);
        await using var lived = await LivedTwice.RunAsync(script, Mail(m => m with { TotalCap = cap }));

        lived.ShouldAgree();
        AlertsOn(lived, "2026-03-18").ShouldContain("lamp");
        lived.Sent.First(s => s is { Person: "ola", Kind: "alert" }).Day.ShouldBe(new DateOnly(2026, 3, day));
        lived.Sent.Count(s => s.Instance.StartsWith("mails-held/2026-03-18", StringComparison.Ordinal)).ShouldBe(told);
    }

    [Fact]
    public async Task A_silent_source_holds_back_what_is_said_of_a_stall_but_no_last_day()
    {
        // The first telling is on the 26th of March; the source answers again on the 8th of May.
        var script = Silent.Replace(
            "orders:",
            "sources:\n  cainiao: {blocked: [{from: 2026-03-27, to: 2026-05-08}]}\norders:",
            StringComparison.Ordinal
        );
        await using var lived = await LivedTwice.RunAsync(script);

        lived.ShouldAgree();
        var blind = lived.Sent.Where(s => s.Day >= Day("2026-03-29") && s.Day <= Day("2026-05-08")).ToList();
        blind.ShouldNotContain(s => s.Reason == "silent", string.Join('\n', blind));
        blind
            .Where(s => s.Kind == "alert" && s.Instance.StartsWith("deadline/protection/", StringComparison.Ordinal))
            .Select(s => s.Instance.Split('/')[^1])
            .ShouldBe(["7", "3"]);
        lived.Sent.Count(s => s.Kind == "operator").ShouldBe(2);
    }

    [Fact]
    public async Task What_a_higher_step_or_a_delivery_has_overtaken_while_it_waited_is_not_told()
    {
        const string away = "country: PL, away: [{from: 2026-03-18, to: 2026-03-27}]}";
        var script = Silent
            .Replace("country: PL}", away, StringComparison.Ordinal)
            .Replace("2026-05-12", "2026-04-02", StringComparison.Ordinal);
        await using var stalled = await LivedTwice.RunAsync(script);
        await using var delivered = await LivedTwice.RunAsync(
            script + "\n    - {at: 2026-03-26T06:00Z, code: GTMS_SIGNED, text: Signed, place: Warsaw}"
        );

        stalled.ShouldAgree();
        delivered.ShouldAgree();
        stalled.Sent.ShouldNotContain(s => s.Step == "contact-seller");
        stalled.Sent.ShouldContain(s => s.Step == "open-dispute" && s.Day == Day("2026-03-28"));
        delivered.Sent.Where(s => s.Day >= Day("2026-03-18")).ShouldAllBe(s => s.Step == null);
    }

    [Theory]
    [InlineData("auto", 0)]
    [InlineData("weekly", 3)]
    public async Task A_digest_with_nothing_to_say_goes_only_to_those_who_asked_for_it(string days, int digests)
    {
        await using var lived = await LivedTwice.RunAsync(
            """
            from: 2026-03-02
            to: 2026-03-16
            people:
              jan: {email: jan@example.org, timezone: Europe/Warsaw, country: PL, digest: {days: DAYS}}
            orders:
              - {id: lamp, person: jan, item: Lamp, ordered: 2026-03-01, shipped: 2026-03-02, promised_by: 2026-06-15, protection_ends: 2026-07-10, tracking: [LP00900000000028]}
            events:
              LP00900000000028:
                - {at: 2026-03-03T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
                - {at: 2026-03-05T06:00Z, code: SC_OUTBOUND_SUCCESS, text: Left, place: Dongguan}
                - {at: 2026-03-07T06:00Z, code: LH_DEPART, text: Departed}
                - {at: 2026-03-11T06:00Z, code: LH_ARRIVE, text: Landed, place: Warsaw}
                - {at: 2026-03-13T06:00Z, code: CC_IM_SUCCESS, text: Cleared}
                - {at: 2026-03-15T06:00Z, code: GTMS_ACCEPT, text: Accepted, place: Warsaw}
            """.Replace("DAYS", days, StringComparison.Ordinal)
        );

        lived.ShouldAgree();
        lived.Sent.ShouldBeEmpty(string.Join('\n', lived.Sent));
        lived.World.Mails.Count.ShouldBe(digests);
    }

    private static Func<TrackWatchSettings, TrackWatchSettings> Mail(Func<MailSettings, MailSettings> change) =>
        settings => settings with { Mail = change(settings.Mail) };

    private static IEnumerable<SentNotice> Again(LivedTwice lived) =>
        lived.Sent.Where(s => s.Instance.Contains("/again-", StringComparison.Ordinal));

    /// <summary>The orders that each alert of a day tells of.</summary>
    private static IEnumerable<string> AlertsOn(LivedTwice lived, string day) =>
        lived
            .Happened.OfType<Happening.Mailed>()
            .Where(m => m.Kind == MailKind.Alert && Days.In(Zones.Of(m.Person), m.At) == Day(day))
            .Select(m => string.Join(' ', m.Notices.Select(n => n.Order).Distinct()));

    private static DateOnly Day(string day) => DateOnly.Parse(day, CultureInfo.InvariantCulture);
}
