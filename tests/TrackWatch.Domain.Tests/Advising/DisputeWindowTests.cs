using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Advising;

public sealed class DisputeWindowTests
{
    /// <summary>Told by the buyer: protection ends on the 31st of May.</summary>
    private static readonly OrderFacts Known = Some.Facts((new Fact.ProtectionEnds(Some.May(31)), Some.May(1)));

    [Fact]
    public void The_window_follows_from_the_printed_date_and_is_safe_until_the_day_before()
    {
        var window = Window(Some.Order() with { Shipped = Some.May(1) }, Known)!;

        window.OpensOn.ShouldBe(Some.May(11));
        window.PlanBy.ShouldBe(Some.May(21));
        window.LastSafeDay.ShouldBe(Some.May(30));
        window.ActOn.ShouldBe(Some.May(32));
        window.LastChance.ShouldBe(Some.May(46));
        window.LastSafeChance.ShouldBe(Some.May(45));
        window.EndsAt.ShouldBe(new DateTimeOffset(2026, 6, 1, 7, 0, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(null, null, null, null, null)]
    [InlineData("2026-05-20", null, null, null, "2026-06-04")] // promise + 15
    [InlineData(null, "2026-05-01", null, null, "2026-06-30")] // order + 60
    [InlineData("2026-05-20", "2026-05-01", null, null, "2026-06-04")]
    [InlineData("2026-06-20", "2026-05-01", null, null, "2026-06-30")]
    [InlineData(null, null, "2026-06-10", null, "2026-06-10")]
    [InlineData("2026-05-20", "2026-05-01", "2026-06-10", null, "2026-06-10")] // never before a dated refund promise
    [InlineData("2026-05-20", "2026-05-01", "2026-06-01", null, "2026-06-04")]
    [InlineData(null, null, null, "2026-05-02", "2026-07-01")] // first event + 60
    public void Where_nobody_read_the_date_it_is_assumed_early(
        string? promised,
        string? ordered,
        string? refund,
        string? firstEvent,
        string? end
    )
    {
        var order = Some.Order() with
        {
            PromisedBy = Day(promised),
            Ordered = Day(ordered),
            RefundIfUndeliveredBy = Day(refund),
        };

        var window = Window(order, OrderFacts.None, firstEvent: Day(firstEvent));
        (window?.Protection, window?.Assumed ?? true).ShouldBe((Day(end), true));
    }

    [Fact]
    public void A_date_read_off_the_order_beats_every_assumption()
    {
        var order = Some.Order() with { PromisedBy = Some.May(5), RefundIfUndeliveredBy = Some.May(40) };
        var window = Window(order, Known, firstScan: Some.May(3))!;

        (window.Protection, window.Assumed, window.OpensOn).ShouldBe((Some.May(31), false, Some.May(13)));
    }

    [Theory]
    [InlineData(16, null, null, null)]
    [InlineData(17, 14, Channel.Digest, 30)]
    [InlineData(23, 14, Channel.Digest, 30)]
    [InlineData(24, 7, Channel.Alert, 30)]
    [InlineData(27, 7, Channel.Alert, 30)]
    [InlineData(28, 3, Channel.Alert, 30)]
    [InlineData(30, 1, Channel.Alert, 30)]
    [InlineData(31, 1, Channel.Alert, 31)]
    [InlineData(32, null, null, null)]
    [InlineData(38, null, null, null)]
    [InlineData(39, 7, Channel.Alert, 45)]
    [InlineData(43, 3, Channel.Alert, 45)]
    [InlineData(45, 1, Channel.Alert, 45)]
    [InlineData(46, 1, Channel.Alert, 46)]
    [InlineData(47, null, null, null)]
    public void Warnings_count_from_the_printed_date_and_only_the_newest_is_told(
        int day,
        int? mark,
        Channel? channel,
        int? doBy
    )
    {
        var warnings = Deadlines(Moving(Known, day).On(Some.May(day)));

        warnings.Count.ShouldBe(mark is null ? 0 : 1);
        if (warnings is not [var warning])
            return;
        var (name, last) = day <= 31 ? ("protection", Some.May(31)) : ("last-chance", Some.May(46));
        warning.Instance.ShouldBe($"deadline/{name}/{last:yyyy-MM-dd}/{mark}");
        warning.Channel.ShouldBe(channel!.Value);
        (warning.DoBy, warning.TellBy).ShouldBe((Some.May(doBy!.Value), Some.May(doBy.Value)));
        warning.Reason.Days.ShouldBe(last.DayNumber - Some.May(day).DayNumber);
        warning.Reason.Assumed.ShouldBeFalse();
    }

    [Fact]
    public void A_deadline_that_is_near_is_an_open_case_though_the_parcel_moves()
    {
        Moving(Known, 9).On(Some.May(9)).Open.ShouldBeFalse();
        var verdict = (Moving(Known, 18) with { Facts = With(Known, new Fact.StepDone(Step.KnowRefundRules)) }).On(
            Some.May(18)
        );
        (verdict.Open, verdict.Due).ShouldBe((true, null));
    }

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, Step.KnowRefundRules)]
    [InlineData(20, Step.KnowRefundRules)]
    [InlineData(21, Step.OpenDispute)]
    [InlineData(31, Step.OpenDispute)]
    [InlineData(46, Step.OpenDispute)]
    [InlineData(48, Step.Chargeback)]
    public void A_known_date_calls_for_its_steps_even_where_the_parcel_moves(int day, Step? step) =>
        (Moving(Known, day).On(Some.May(day)).Due?.Step).ShouldBe(step);

    [Fact]
    public void Plan_by_and_act_on_are_two_occasions()
    {
        var plan = StepOf(Moving(Known, 21).On(Some.May(21)));
        var act = StepOf(Moving(Known, 33).On(Some.May(33)));

        plan.Reason.ShouldBe(new Reason(ReasonCode.ProtectionEnding, 10, Some.May(31)));
        plan.DoBy.ShouldBe(Some.May(30));
        act.Reason.ShouldBe(new Reason(ReasonCode.ProtectionEnded, Date: Some.May(31)));
        act.DoBy.ShouldBe(Some.May(45));
        act.Instance.ShouldNotBe(plan.Instance);
    }

    [Theory]
    [InlineData("Europe/Istanbul", "2026-06-01T06:59Z", ReasonCode.ProtectionEnding)]
    [InlineData("Europe/Istanbul", "2026-06-01T07:00Z", ReasonCode.ProtectionEnded)]
    [InlineData("Pacific/Auckland", "2026-06-01T06:59Z", ReasonCode.ProtectionEnding)]
    [InlineData("Pacific/Honolulu", "2026-06-01T07:00Z", ReasonCode.ProtectionEnded)]
    public void After_the_end_begins_at_Pacific_midnight_in_every_zone(string zone, string at, ReasonCode expected)
    {
        var now = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);
        var order = Moving(Known, 31) with { Zone = Some.Zone(zone) };

        Ladder.Decide(order.Answered(now), now).Due!.Why!.Code.ShouldBe(expected);
    }

    [Fact]
    public void NextChange_knows_the_Pacific_midnight()
    {
        var now = new DateTimeOffset(2026, 6, 1, 1, 0, 0, TimeSpan.Zero);
        var order = Moving(Known, 31);
        var verdict = Ladder.Decide(order.Answered(now), now);

        // The step is the same but the occasion is new.
        Ladder
            .NextChange(order.Answered(now), verdict, now)
            .ShouldBe(new DateTimeOffset(2026, 6, 1, 7, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void An_assumed_date_is_marked_warns_always_and_calls_for_a_dispute_only_in_trouble()
    {
        var order = Some.Order() with { Ordered = Some.May(-28) };
        var moving = Some.Snapshot(order, null, Some.Shipment(silentSince: Some.May(24))).On(Some.May(25));

        moving.Window!.Protection.ShouldBe(Some.May(32));
        moving.Due.ShouldBeNull();
        var warning = Deadlines(moving).ShouldHaveSingleItem();
        (warning.DoByAssumed, warning.Reason.Assumed).ShouldBe((true, true));

        var silent = Some.Snapshot(order, null, Some.Shipment(silentSince: Some.May(17))).On(Some.May(25));
        silent.Due!.Step.ShouldBe(Step.OpenDispute);
        silent.Due.Why!.Assumed.ShouldBeTrue();
        StepOf(silent).DoByAssumed.ShouldBeTrue();

        var back = Some.Shipment(silentSince: Some.May(24)) with { Status = ParcelStatus.Returned };
        Some.Snapshot(order, null, back).On(Some.May(25)).Due!.Step.ShouldBe(Step.OpenDispute);
    }

    [Fact]
    public void A_dispute_that_was_opened_ends_all_warnings_of_its_days()
    {
        foreach (
            var fact in new Fact[]
            {
                new Fact.StepDone(Step.OpenDispute),
                new Fact.DisputeOpened(),
                new Fact.DisputeDecided(DisputeOutcome.Granted),
                new Fact.StepDone(Step.Chargeback),
            }
        )
        foreach (var day in new[] { 24, 45 })
            Deadlines((Moving(Known, day) with { Facts = With(Known, fact) }).On(Some.May(day)))
                .Where(n => n.Step == Step.OpenDispute)
                .ShouldBeEmpty();
    }

    [Theory]
    [InlineData(19, false)]
    [InlineData(20, true)]
    [InlineData(34, true)]
    [InlineData(35, false)]
    public void A_dated_refund_promise_is_told_on_its_day(int day, bool told)
    {
        var order = Some.Snapshot(Some.Order() with { RefundIfUndeliveredBy = Some.May(20) });

        var promise = Deadlines(order.On(Some.May(day))).Where(n => n.Reason.Code == ReasonCode.RefundPromiseDue);
        promise.Select(n => (n.Channel, n.TellBy)).ShouldBe(told ? [(Channel.Alert, Some.May(20))] : []);
    }

    [Fact]
    public void An_expired_window_calls_for_the_bank_but_an_assumed_one_only_in_trouble()
    {
        var order = Some.Order() with { Ordered = Some.May(-100) };
        Some.Snapshot(order, null, Some.Shipment()).On(Some.May(2)).Due.ShouldBeNull();
        var late = Some.Snapshot(order with { PromisedBy = Some.May(-10) }, null, Some.Shipment()).On(Some.May(9));
        (late.Due!.Step, late.Due.Why!.Code).ShouldBe((Step.Chargeback, ReasonCode.DisputeWindowOver));
    }

    private static DisputeWindow? Window(
        Order order,
        OrderFacts facts,
        DateOnly? firstScan = null,
        DateOnly? firstEvent = null
    )
    {
        var parcel = Some.Unheard(Some.May(1)) with
        {
            FirstScanAt = firstScan is { } scan ? Some.Noon(scan) : null,
            FirstEventAt = firstEvent is { } line ? Some.Noon(line) : null,
        };
        return DisputeWindow.Of(new OrderDays(Some.Snapshot(order, facts, parcel), Some.Noon(Some.May(2))));
    }

    private static DateOnly? Day(string? iso) => iso is null ? null : Some.Day(iso);

    /// <summary>An order whose parcel moved the day before.</summary>
    private static OrderSnapshot Moving(OrderFacts facts, int day) =>
        Some.Snapshot(null, facts, Some.Shipment(silentSince: Some.May(day - 1)));

    private static OrderFacts With(OrderFacts facts, Fact fact) =>
        OrderFacts.Unite(facts.All.Append(new ToldFact(fact, FactOrigin.Command, Some.Noon(Some.May(1)))));

    private static List<NoticeDraft> Deadlines(CaseVerdict verdict) =>
        [.. verdict.Notices.Where(n => n.Kind == NoticeKind.Deadline)];

    private static NoticeDraft StepOf(CaseVerdict verdict) =>
        verdict.Notices.Where(n => n.Kind == NoticeKind.Step).ShouldHaveSingleItem();
}
