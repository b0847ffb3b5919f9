using System.Text;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Rules;

namespace TrackWatch.Worker.Tests.Rules;

/// <summary>What a pack may say, and what its writer is told otherwise.</summary>
public sealed class RulePackTests
{
    private const string Good = """
        pack: country/TR
        version: 2026-12-24
        rules:
          - id: X-01
            kind: day
            role: withdrawal
            title: Last day
            value: 14
            unit: d
            clock: goods_received
            confidence: certain
            sources: a page
        """;

    /// <summary>A change to the good pack, and all that is said of it.</summary>
    public static TheoryData<string, string, string[]> Slips =>
        new()
        {
            {
                "title: Last day",
                "titel: Last day",
                [
                    "4:5: error: rules[0]: 'title' is missing.",
                    "7:5: error: rules[0]: there is no key 'titel' here. Did you mean 'title'?",
                ]
            },
            {
                "title: Last day",
                "title: Last day\n    title: First day",
                ["8:5: error: 'title' stands twice here; the first is on line 7. Keep one of them."]
            },
            {
                "2026-12-24",
                "24.12.2026",
                [
                    "2:10: error: version: '24.12.2026' is not a day; write it like 2026-09-14. Did you mean '2026-12-24'?",
                ]
            },
            {
                "2026-12-24",
                "2026-02-30",
                ["2:10: error: version: '2026-02-30' is a day that is not in the calendar."]
            },
            {
                "country/TR",
                "TR",
                [
                    "1:7: error: pack: 'TR' is no name of a pack; write it like marketplace/aliexpress or country/TR (the first part is one of marketplace, payment, country, customs, stall, holidays).",
                ]
            },
            {
                "country/TR",
                "contry/TR",
                [
                    "1:7: error: pack: 'contry/TR' is no name of a pack; write it like marketplace/aliexpress or country/TR (the first part is one of marketplace, payment, country, customs, stall, holidays). Did you mean 'country/TR'?",
                ]
            },
            {
                "kind: day",
                "kind: days",
                [
                    "5:11: error: rules[0].kind: 'days' is none of day, money, contact, statement, stall-limits, stall-factor. Did you mean 'day'?",
                ]
            },
            {
                "role: withdrawal",
                "role: withdrawl",
                [
                    "6:11: error: X-01: role: 'withdrawl' is none of protection-end, dispute-opens, dispute-plan, dispute-last-day, seller-answer, dispute-answer, dispute-escalate, dispute-decision, return-goods, refund-promise, late-credit, refund-expected, refund-late, chargeback-opens, chargeback-last-day, chargeback-escalate, bank-answer, statutory-delivery, withdrawal, free-return, missing-opens, missing-last-day, automatic-receipt, customs-hold, pickup-hold, inquiry-opens, inquiry-last-day, authority-decision, authority-appeal, other. Did you mean 'withdrawal'?",
                ]
            },
            { "    role: withdrawal\n", "", ["4:5: error: X-01: a rule of kind day wants 'role'."] },
            {
                "    value: 14\n    unit: d\n",
                "",
                [
                    "4:5: error: X-01: a rule of kind day wants 'value'.",
                    "4:5: error: X-01: a rule of kind day wants 'unit'.",
                ]
            },
            { "unit: d", "unit: days", ["9:11: error: rules[0].unit: 'days' is none of d, bd, h, mo, y."] },
            {
                "clock: goods_received",
                "clock: {event: goods_recieved, assumed: true}",
                [
                    "10:20: error: rules[0].clock.event: 'goods_recieved' is none of order_placed, payment_made, contract_concluded, seller_shipped, first_carrier_scan, last_scan, promised_latest, protection_end, refund_if_undelivered, coupon_if_delayed, carrier_delivered, goods_received, confirmed_receipt, reported_missing, seller_asked, dispute_opened, dispute_decided, refund_approved, withdrawal_sent, termination_received, txn_posted, statement_sent, bank_asked, customs_notice, handed_to_customs, import_declared, decision_notified, today. Did you mean 'goods_received'?",
                ]
            },
            {
                "clock: goods_received",
                "clock: goods_received\n    warn_before: [3, 7]",
                ["11:18: error: X-01: warn_before: whole days, furthest first, like [14, 7, 3, 1]."]
            },
            {
                "clock: goods_received",
                "clock: goods_received\n    leg: origin",
                ["11:10: error: X-01: a rule of kind day has no 'leg'."]
            },
            {
                "clock: goods_received",
                "clock: goods_received\n    printed_in: Los Angeles",
                [
                    "11:17: error: rules[0].printed_in: 'Los Angeles' is not a time zone (IANA); write it like Europe/Istanbul. Did you mean 'America/Los_Angeles'?",
                ]
            },
            {
                "clock: goods_received",
                "clock: goods_received\n    regions: [UK]",
                [
                    "11:15: error: rules[0].regions[0]: 'UK' is not a country or a region of one (ISO 3166); write it like TR or CA-QC or EU. Did you mean 'GB'?",
                ]
            },
            {
                "certain",
                "conflicting",
                ["11:17: error: X-01: 'conflict' is missing; say what the sources disagree about."]
            },
            {
                "    sources: a page",
                "",
                ["4:5: error: X-01: 'sources' is missing; say where it was read, or 'unsourced: true'."]
            },
            {
                "    sources: a page",
                "    unsourced: true",
                ["12:16: error: X-01: what no page says is not certain; confidence is likely at most."]
            },
            {
                "confidence: certain",
                "confidence: certain\n    effective_from: 2026-02-01\n    effective_to: 2026-01-31",
                ["13:19: error: X-01: effective_to lies before effective_from."]
            },
            {
                "kind: day",
                "kind: statement",
                [
                    "4:5: error: X-01: a statement wants 'says'.",
                    "6:11: error: X-01: a rule of kind statement has no 'role'.",
                    "8:12: error: X-01: a rule of kind statement has no 'value'.",
                    "9:11: error: X-01: a rule of kind statement has no 'unit'.",
                    "10:12: error: X-01: a rule of kind statement has no 'clock'.",
                ]
            },
            {
                "rules:",
                "calendar: {weekend: [sunday], known_until: 2027-12-31, holidays: [], sources: x}\nrules:",
                ["3:11: error: calendar: only packs named holidays/… have one."]
            },
            {
                "clock: goods_received",
                "clock: *when",
                ["10:12: error: References (*name) are not read here; write the value out, or put it in quotes."]
            },
        };

    [Theory]
    [MemberData(nameof(Slips))]
    public void A_slip_is_told_with_its_place_and_the_right_form(string good, string bad, string[] told)
    {
        Good.ShouldContain(good);

        Told(Good.Replace(good, bad, StringComparison.Ordinal)).ShouldBe(told);
    }

    [Fact]
    public void The_pack_that_the_slips_are_made_in_is_good() => Told(Good).ShouldBeEmpty();

    [Theory]
    [InlineData("kind: money, role: import-relief", "a rule of kind money wants 'over', 'up_to' or 'amount'.")]
    [InlineData("kind: money, role: import-relief, over: 5 EUR, up_to: 4 EUR", "up_to is not more than over.")]
    [InlineData(
        "kind: money, role: import-relief, over: 5 EUR, up_to: 9 TRY",
        "its amounts are in different currencies."
    )]
    [InlineData("kind: contact, role: authority", "a rule of kind contact wants 'contacts'.")]
    [InlineData(
        "kind: contact, role: authority, contacts: [{name: A, address: http://a.example}]",
        "an address people are sent to begins with https://."
    )]
    [InlineData(
        "kind: stall-limits, leg: origin, fast: {notice: 3, stalled: 2, critical: 8}, standard: {notice: 1, stalled: 2, critical: 3}, slow: {notice: 1, stalled: 2, critical: 3}",
        "notice comes first, then stalled, then critical; these days do not rise."
    )]
    [InlineData("kind: stall-factor", "a rule of kind stall-factor wants 'factor'.")]
    [InlineData(
        "kind: stall-factor, factor: 1.5, season: 10-01/10-08, spans: [2026-10-01/2026-10-08]",
        "'season' or 'spans', not both."
    )]
    public void Each_kind_of_rule_wants_its_own(string keys, string told) =>
        Told(
                $"pack: country/TR\nversion: 2026-12-24\nrules:\n  - {{id: X-01, title: T, confidence: likely, sources: x, {keys}}}"
            )
            .ShouldHaveSingleItem()
            .ShouldEndWith($"error: X-01: {told}");

    [Fact]
    public void A_day_of_a_calendar_is_listed_once_and_before_its_end() =>
        Told(
                """
                pack: holidays/XX
                version: 2026-12-24
                calendar:
                  weekend: [sunday]
                  known_until: 2026-12-31
                  holidays:
                    - {day: 2026-05-01, name: A}
                    - {day: 2026-05-01, name: B}
                    - {day: 2027-01-01, name: C}
                """
            )
            .ShouldBe([
                "1:7: error: pack: after holidays/ a country is wanted, like TR.",
                "4:3: error: calendar: 'sources' is missing; say where the days were read.",
                "8:7: error: calendar: 2026-05-01 stands twice; put both names into one line.",
                "9:7: error: calendar: 2027-01-01 lies after known_until; list that year whole, or leave the day out.",
            ]);

    private const string Old = "{id: A-1, kind: statement, title: T, says: S, confidence: likely, sources: x, ";
    private const string New = "{id: A-2, kind: statement, title: T, says: S, confidence: likely, sources: x, ";

    [Theory]
    [InlineData("effective_to: 2026-06-30}", "effective_from: 2026-07-01, follows: A-1}", null)]
    [InlineData(
        "effective_to: 2026-06-30}",
        "effective_from: 2026-07-02, follows: A-1}",
        "A-2: follows: nothing is in force between 2026-06-30, the last day of A-1, and 2026-07-02."
    )]
    [InlineData(
        "effective_to: 2026-06-30}",
        "effective_from: 2026-06-30, follows: A-1}",
        "A-2: follows: A-1 is in force until 2026-06-30, and this one begins on 2026-06-30 already."
    )]
    [InlineData(
        "effective_from: 2026-01-01}",
        "effective_from: 2026-07-01, follows: A-1}",
        "A-2: follows: A-1 needs an effective_to, and A-2 an effective_from the day after it."
    )]
    [InlineData(
        "effective_to: 2026-06-30}",
        "effective_from: 2026-07-01, follows: A-3}",
        "A-2: follows: there is no rule 'A-3'. Did you mean 'A-1'?"
    )]
    public void Versions_of_a_rule_follow_each_other_without_gap_or_overlap(string old, string @new, string? told)
    {
        var problems = new Problems();
        var pack = Load($"pack: country/TR\nversion: 2026-12-24\nrules:\n  - {Old}{old}\n  - {New}{@new}", problems);
        RulePackChecks.Check([pack.ShouldNotBeNull()], problems);

        problems.All.Select(p => p.ToString().Split(": error: ")[1]).ShouldBe(told is null ? [] : [told]);
    }

    [Fact]
    public void An_id_is_taken_once()
    {
        var problems = new Problems();
        var pack = Load($"pack: country/TR\nversion: 2026-12-24\nrules:\n  - {Old}}}\n  - {Old}}}", problems);
        RulePackChecks.Check([pack.ShouldNotBeNull()], problems);

        problems
            .All.ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("pack.yaml:5:5: error: A-1: this id is taken, see pack.yaml:4:5.");
    }

    [Fact]
    public void What_a_day_rule_says_is_what_the_domain_gets()
    {
        var pack = Load(
                """
                pack: country/EU
                version: 2026-12-24
                regions: [EU, NO]
                rules:
                  - id: X-01
                    kind: day
                    role: dispute-last-day
                    title: Last day
                    step: open-dispute
                    value: -2
                    unit: mo
                    clock: {event: promised_latest, assumed: true}
                    clock_fallback: [order_placed]
                    or: {value: 5, unit: bd, clock: today}
                    warn_before: [3, 1]
                    printed_in: America/Los_Angeles
                    applies_by: txn_posted
                    regions: [CA-QC]
                    confidence: conflicting
                    conflict: this and that
                    sources: [one, two]
                    checked: 2026-01-02
                """,
                new Problems()
            )
            .ShouldNotBeNull();

        var rule = pack.Rules.ShouldHaveSingleItem().Rule.ShouldBeOfType<DayRule>();
        rule.Pack.ShouldBe("country/EU");
        rule.Role.ShouldBe(DayRole.DisputeLastDay);
        rule.Readings.Select(r => (r.Period.Value, r.Period.Unit))
            .ShouldBe([(-2, PeriodUnit.Months), (5, PeriodUnit.BusinessDays)]);
        rule.Readings[0]
            .Clocks.ShouldBe([new Clock(ClockEvent.PromisedLatest, true), new Clock(ClockEvent.OrderPlaced)]);
        rule.WarnBefore.ShouldBe([3, 1]);
        rule.AppliesBy.ShouldBe(ClockEvent.TxnPosted);
        rule.Regions.ShouldBe(["CA-QC"]);
        rule.Sources.ShouldBe(["one", "two"]);
        rule.Checked.ShouldBe(new DateOnly(2026, 1, 2));
        rule.PrintedIn.ShouldBe("America/Los_Angeles");
    }

    [Fact]
    public void Eu_stands_for_all_its_members()
    {
        var pack = Load(
            $"pack: country/EU\nversion: 2026-12-24\nregions: [EU, NO]\nrules:\n  - {Old}}}",
            new Problems()
        );

        pack!.Rules[0].Rule.Regions.Count.ShouldBe(28);
        pack.Rules[0].Rule.Regions.ShouldContain("HR");
    }

    private static RulePack? Load(string yaml, Problems problems) =>
        RulePackLoader.Load("pack.yaml", Encoding.UTF8.GetBytes(yaml), problems);

    private static string[] Told(string yaml)
    {
        var problems = new Problems();
        Load(yaml, problems);
        return [.. problems.All.Select(p => p.ToString()["pack.yaml:".Length..])];
    }
}
