using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Advising;

/// <summary>The upper half of the ladder by the built-in rules: platform, bank, consumer body, and what each owes the buyer by when.</summary>
public sealed class RouteTests
{
    private static readonly Order ByVisa = Some.Order() with
    {
        PaidWith = "visa",
        PaidOn = Some.May(1),
        Ordered = Some.May(1),
    };

    /// <summary>Moving well, so that only what was told of it speaks.</summary>
    private static OrderSnapshot Order(Order order, params (Fact, DateOnly)[] facts) =>
        Some.Snapshot(order, Some.Facts(facts));

    [Fact]
    public void The_bank_is_asked_in_parallel_thirty_days_before_its_last_day_while_the_platform_has_not_decided()
    {
        // 120 days from 1 May end on 29 August (CB-VISA-01).
        var order = Order(ByVisa, (new Fact.DisputeOpened(Some.May(80)), Some.May(80)));

        order.On(Some.May(90)).Due.ShouldBeNull();
        var near = order.On(Some.Day("2026-07-30"));
        near.Due.ShouldBe(
            new StepVerdict(
                Step.Chargeback,
                StepState.Due,
                new Reason(ReasonCode.ChargebackEnding, 30, Some.Day("2026-08-29")),
                Some.Day("2026-08-29")
            )
        );
        Steps(near).Rule.ShouldBe("CB-VISA-01");
    }

    [Theory]
    [InlineData("amazon")]
    [InlineData("etsy")]
    public void Where_the_platform_takes_no_claim_beside_a_banks_its_decision_is_waited_for(string marketplace)
    {
        var order = Order(
            ByVisa with
            {
                Marketplace = marketplace,
                PromisedBy = Some.May(60),
            },
            (new Fact.DisputeOpened(Some.May(90)), Some.May(90))
        );

        order.On(Some.May(95)).Due.ShouldBeNull();
        Order(
                ByVisa with
                {
                    Marketplace = marketplace,
                },
                (new Fact.DisputeDecided(DisputeOutcome.Refused), Some.May(95))
            )
            .On(Some.May(95))
            .Due!.Step.ShouldBe(Step.Chargeback);
        State(
            Order(ByVisa with { Marketplace = marketplace }, Some.Done(Step.Chargeback, Some.May(40))).On(Some.May(41)),
            Step.OpenDispute
        )
            .State.ShouldBe(StepState.Done);
    }

    [Fact]
    public void A_payment_without_protection_leads_from_the_platform_straight_to_the_consumer_body()
    {
        var refused = (new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(40)), Some.May(40));
        var verdict = Order(Some.Order() with { PaidWith = "other" }, refused).On(Some.May(41));

        (verdict.Due!.Step, verdict.Due.Why!.Code).ShouldBe((Step.ConsumerBody, ReasonCode.DisputeRefused));
        State(verdict, Step.Chargeback)
            .ShouldBe(
                new StepVerdict(Step.Chargeback, StepState.NotApplicable, new Reason(ReasonCode.PaymentUnprotected))
            );
    }

    [Fact]
    public void A_bank_whose_every_reading_is_over_is_gone_past_and_one_whose_later_reading_stands_is_not()
    {
        var refused = (new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(150)), Some.May(150));

        Order(ByVisa, refused).On(Some.May(150)).Due!.Step.ShouldBe(Step.ConsumerBody);
        var later = Order(ByVisa with { PromisedBy = Some.May(40) }, refused).On(Some.May(150));
        (later.Due!.Step, later.Due.DoBy).ShouldBe((Step.Chargeback, null));
    }

    [Fact]
    public void Customs_that_waits_for_the_buyer_keeps_every_bank_out()
    {
        var held = Some.Shipment(Leg.ImportCustoms) with { ActionNeeded = true };
        var facts = Some.Facts((new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(100)), Some.May(100)));

        Some.Snapshot(ByVisa, facts, held).On(Some.May(110)).Due!.Step.ShouldBe(Step.CheckCustoms);
    }

    public static TheoryData<string, Fact[], (ReasonCode, string)[]> Owed() =>
        new()
        {
            { "nothing", [], [] },
            {
                "asked the seller",
                [new Fact.StepDone(Step.ContactSeller, Some.May(20))],
                [(ReasonCode.SellerAnswersBy, "AE-EXT-03a")]
            },
            {
                "dispute",
                [new Fact.DisputeOpened(Some.May(20))],
                [(ReasonCode.SellerAnswersBy, "AE-DISP-04"), (ReasonCode.DecisionBy, "AE-DISP-06")]
            },
            { "refund agreed", [new Fact.RefundApproved(Some.May(20))], [(ReasonCode.RefundBy, "AE-REF-01a")] },
            {
                "bank",
                [
                    new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(10)),
                    new Fact.StepDone(Step.Chargeback, Some.May(20)),
                ],
                [(ReasonCode.BankAnswersBy, "CB-VISA-07")]
            },
            { "money is back", [new Fact.RefundApproved(Some.May(10)), new Fact.RefundReceived(Some.May(20))], [] },
        };

    [Theory]
    [MemberData(nameof(Owed))]
    public void What_others_owe_is_tracked_by_rule_until_the_money_is_back(
        string name,
        Fact[] told,
        (ReasonCode, string)[] owed
    )
    {
        var order = Order(ByVisa with { Shipped = Some.May(15) }, [.. told.Select(f => (f, Some.May(20)))]);

        var verdict = order.On(Some.May(20));
        verdict.Awaited.Select(a => (a.Why.Code, a.Rule!)).ShouldBe(owed, name);
        verdict.Awaited.ShouldAllBe(a => a.Why.Date > Some.May(20));
    }

    [Fact]
    public void A_window_that_has_passed_moves_on_by_itself_to_the_bank_and_says_that_it_is_too_late_for_the_platform()
    {
        var order = Some.Snapshot(
            ByVisa with
            {
                PaidOn = Some.May(30),
            },
            Some.Facts((new Fact.ProtectionEnds(Some.May(40)), Some.May(1)))
        );

        order.On(Some.May(40)).Due!.Step.ShouldBe(Step.OpenDispute);
        order.On(Some.May(54)).Due!.Step.ShouldBe(Step.OpenDispute);
        var over = order.On(Some.May(57));
        (over.Due!.Step, over.Due.Why!.Code).ShouldBe((Step.Chargeback, ReasonCode.DisputeWindowOver));
        State(over, Step.OpenDispute).Why!.Code.ShouldBe(ReasonCode.TooLate);
    }

    [Fact]
    public void A_missing_parcel_has_a_day_of_its_own_which_counts_before_the_windows()
    {
        var delivered = Some.Shipment(silentSince: Some.May(10)) with { Status = ParcelStatus.Delivered };
        var facts = Some.Facts(
            (new Fact.Missing(Some.May(12)), Some.May(12)),
            (new Fact.ProtectionEnds(Some.May(60)), Some.May(1))
        );
        var order = Some.Snapshot(Some.Order() with { Shipped = Some.May(-20) }, facts, delivered);

        // AE-AUTO-02: 15 days from the delivery scan.
        order.On(Some.May(12)).Due!.DoBy.ShouldBe(Some.May(25));
        order.On(Some.May(26)).Due!.DoBy.ShouldBe(Some.May(59));
        var over = order.On(Some.May(80)).Due!;
        (over.Step, over.Why!.Code).ShouldBe((Step.Chargeback, ReasonCode.DisputeWindowOver));
    }

    [Fact]
    public void A_delivered_parcel_that_nobody_misses_has_no_step_however_late()
    {
        var delivered = Some.Shipment() with { Status = ParcelStatus.Delivered };

        foreach (var day in new[] { 2, 30, 60, 100, 200 })
            Some.Snapshot(ByVisa, null, delivered).On(Some.May(day)).Due.ShouldBeNull();
    }

    private static StepVerdict State(CaseVerdict verdict, Step step) => verdict.Steps.Single(s => s.Step == step);

    private static NoticeDraft Steps(CaseVerdict verdict) =>
        verdict.Notices.Where(n => n.Kind == NoticeKind.Step).ShouldHaveSingleItem();
}
