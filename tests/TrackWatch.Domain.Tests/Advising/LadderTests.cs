using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Advising;

public sealed class LadderTests
{
    [Theory]
    [InlineData(7, null, null)]
    [InlineData(8, Step.CheckNumber, ReasonCode.Silent)]
    [InlineData(13, Step.CheckNumber, ReasonCode.Silent)]
    [InlineData(14, Step.ContactSeller, ReasonCode.Silent)]
    [InlineData(20, Step.ContactSeller, ReasonCode.Silent)]
    [InlineData(21, Step.OpenDispute, ReasonCode.Silent)]
    public void Silence_climbs_one_step_at_a_time(int days, Step? step, ReasonCode? why)
    {
        var verdict = Some.Snapshot().On(Some.May(1 + days));

        (verdict.Due?.Step, verdict.Due?.Why!.Code).ShouldBe((step, why));
        verdict
            .Steps.Count(s => s.State == StepState.Due && s.Step != Step.KnowRefundRules)
            .ShouldBe(step is null ? 0 : 1);
        Notices(verdict, NoticeKind.Step).Select(n => n.Step).ShouldBe(step is null ? [] : [step]);
    }

    [Fact]
    public void The_notice_level_goes_by_digest_the_rest_of_the_silence_by_alert()
    {
        Only(Some.Snapshot().On(Some.May(9))).Channel.ShouldBe(Channel.Digest);
        Only(Some.Snapshot().On(Some.May(15))).Channel.ShouldBe(Channel.Alert);
        Only(Some.Snapshot().On(Some.May(22))).Channel.ShouldBe(Channel.Alert);
    }

    [Fact]
    public void At_critical_the_dispute_shares_its_mail_with_the_refund_rules()
    {
        var verdict = Some.Snapshot().On(Some.May(22));

        Only(verdict).With.ShouldBe(Step.KnowRefundRules);
        verdict
            .Steps.Select(s => s.State)
            .ShouldBe([
                StepState.Skipped,
                StepState.Skipped,
                StepState.Skipped,
                StepState.Due,
                StepState.Due,
                StepState.Pending,
                StepState.Pending,
            ]);
    }

    [Fact]
    public void A_critical_silence_waits_for_the_first_day_of_the_dispute_button()
    {
        var order = Some.Snapshot(Some.Order() with { Shipped = Some.May(15) });

        order.On(Some.May(24)).Due!.Step.ShouldBe(Step.ContactSeller);
        order.On(Some.May(25)).Due!.Step.ShouldBe(Step.OpenDispute);
    }

    [Fact]
    public void A_step_that_is_done_is_respected_and_a_seller_who_was_asked_is_given_five_days()
    {
        Some.Snapshot(facts: Some.Facts(Some.Done(Step.CheckNumber, Some.May(9)))).On(Some.May(10)).Due.ShouldBeNull();

        var asked = Some.Snapshot(facts: Some.Facts(Some.Done(Step.ContactSeller, Some.May(15))));
        asked.On(Some.May(19)).Due.ShouldBeNull();
        asked.On(Some.May(19)).Open.ShouldBeTrue();
        asked.On(Some.May(20)).Due!.Why.ShouldBe(new Reason(ReasonCode.SellerDidNotHelp, Date: Some.May(15)));
    }

    [Fact]
    public void A_seller_who_was_asked_about_an_earlier_silence_is_asked_again_about_a_new_one()
    {
        var facts = Some.Facts(Some.Done(Step.ContactSeller, Some.May(2)));
        var order = Some.Snapshot(null, facts, Some.Shipment(silentSince: Some.May(5)));

        order.On(Some.May(19)).Due!.Step.ShouldBe(Step.ContactSeller);
        order.On(Some.May(19)).Steps[0].State.ShouldNotBe(StepState.Due);
    }

    [Fact]
    public void The_promise_has_passed_the_day_after_and_calls_for_the_seller_then_the_rules_then_the_dispute()
    {
        var promise = Some.Order() with { PromisedBy = Some.May(5) };

        Some.Snapshot(promise).On(Some.May(5)).Due.ShouldBeNull();
        var late = Some.Snapshot(promise).On(Some.May(6));
        late.Due!.Step.ShouldBe(Step.ContactSeller);
        late.Due.Why.ShouldBe(new Reason(ReasonCode.PromisePassed, Date: Some.May(5)));

        var asked = Some.Snapshot(promise, Some.Facts(Some.Done(Step.ContactSeller, Some.May(6))));
        var rules = asked.On(Some.May(7));
        rules.Due!.Step.ShouldBe(Step.KnowRefundRules);
        Only(rules).Channel.ShouldBe(Channel.Digest);
        asked.On(Some.May(11)).Due!.Step.ShouldBe(Step.OpenDispute);
    }

    [Fact]
    public void Where_tracking_ends_by_design_only_the_promise_counts()
    {
        var ended = Some.Shipment(Leg.Handover) with { EndsByDesign = true };

        Some.Snapshot(null, null, ended).On(Some.May(40)).Open.ShouldBeFalse();
        Some.Snapshot(Some.Order() with { PromisedBy = Some.May(40) }, null, ended)
            .On(Some.May(41))
            .Due!.Step.ShouldBe(Step.ContactSeller);
    }

    [Fact]
    public void On_the_customs_leg_seller_and_customs_share_one_mail()
    {
        var order = Some.Snapshot(null, null, Some.Shipment(Leg.ImportCustoms));

        order.On(Some.May(7)).Due!.Step.ShouldBe(Step.CheckNumber);
        var stalled = order.On(Some.May(8));
        (Only(stalled).Step, Only(stalled).With).ShouldBe((Step.CheckCustoms, Step.ContactSeller));

        // The seller's step was in that mail: alone it is a reminder.
        var checkedCustoms = order.Telling(stalled.Notices, Some.Noon(Some.May(8))) with
        {
            Facts = Some.Facts(Some.Done(Step.CheckCustoms, Some.May(9))),
        };
        var rest = Only(checkedCustoms.On(Some.May(9)));
        (rest.Step, rest.Channel).ShouldBe((Step.ContactSeller, Channel.Digest));
    }

    [Fact]
    public void That_the_seller_was_written_to_is_no_reason_to_ask_about_customs_anew()
    {
        var order = Some.Snapshot(null, null, Some.Shipment(Leg.ImportCustoms));
        var both = Only(order.On(Some.May(8)));

        var written = order.Telling([both], Some.Noon(Some.May(8))) with
        {
            Facts = Some.Facts(Some.Done(Step.ContactSeller, Some.May(8))),
        };

        var rest = Only(written.On(Some.May(9)));
        (rest.Step, rest.With, rest.Instance).ShouldBe((Step.CheckCustoms, null, both.Instance));
    }

    [Fact]
    public void A_parcel_that_waits_for_papers_is_told_at_once_and_again_with_the_seller_when_it_stalls()
    {
        var order = Some.Snapshot(null, null, Some.Shipment(Leg.ImportCustoms) with { ActionNeeded = true });

        var first = Only(order.On(Some.May(1)));
        (first.Step, first.With, first.Channel, first.Reason.Code).ShouldBe(
            (Step.CheckCustoms, null, Channel.Alert, ReasonCode.HeldAtCustoms)
        );
        var second = Only(order.On(Some.May(3)));
        second.With.ShouldBe(Step.ContactSeller);
        second.Instance.ShouldNotBe(first.Instance);
    }

    [Theory]
    [InlineData(Leg.Origin)]
    [InlineData(Leg.ImportCustoms)]
    public void A_hold_that_the_buyer_tells_of_counts_at_once_with_its_last_day(Leg leg)
    {
        var facts = Some.Facts((new Fact.CustomsHold(Until: Some.May(20)), Some.May(2)));
        var verdict = Some.Snapshot(null, facts, Some.Shipment(leg)).On(Some.May(2));

        (verdict.Due!.Step, verdict.Due.DoBy).ShouldBe((Step.CheckCustoms, Some.May(20)));
        Some.Snapshot(null, facts, Some.Shipment(Leg.LastMile)).On(Some.May(2)).Due.ShouldBeNull();
    }

    [Fact]
    public void Customs_papers_stay_due_while_a_dispute_is_open_and_no_bank_is_asked_meanwhile()
    {
        var facts = Some.Facts((new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(3)), Some.May(3)));

        Some.Snapshot(null, facts).On(Some.May(4)).Due!.Step.ShouldBe(Step.Chargeback);
        Some.Snapshot(null, facts, Some.Shipment(Leg.ImportCustoms) with { ActionNeeded = true })
            .On(Some.May(4))
            .Due!.Step.ShouldBe(Step.CheckCustoms);
    }

    public static TheoryData<string, Fact[], int, Step?, ReasonCode?> AfterTheDispute() =>
        new()
        {
            { "opened: wait", [new Fact.DisputeOpened(Some.May(3))], 32, null, null },
            {
                "opened: 30 days",
                [new Fact.DisputeOpened(Some.May(3))],
                33,
                Step.Chargeback,
                ReasonCode.DisputeUnanswered
            },
            {
                "done by hand: 30 days",
                [new Fact.StepDone(Step.OpenDispute, Some.May(3))],
                33,
                Step.Chargeback,
                ReasonCode.DisputeUnanswered
            },
            {
                "refused",
                [new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(3))],
                3,
                Step.Chargeback,
                ReasonCode.DisputeRefused
            },
            {
                "granted in part",
                [new Fact.DisputeDecided(DisputeOutcome.Partial, Some.May(3)), new Fact.RefundApproved(Some.May(4))],
                5,
                Step.Chargeback,
                ReasonCode.DisputeRefused
            },
            {
                "refused, then approved",
                [new Fact.DisputeDecided(DisputeOutcome.Refused, Some.May(3)), new Fact.RefundApproved(Some.May(4))],
                5,
                null,
                null
            },
            { "approved: wait", [new Fact.RefundApproved(Some.May(3))], 28, null, null },
            {
                "approved: 20 business days",
                [new Fact.RefundApproved(Some.May(3))],
                29,
                Step.Chargeback,
                ReasonCode.RefundLate
            },
            {
                "granted: 20 business days",
                [new Fact.DisputeDecided(DisputeOutcome.Granted, Some.May(3))],
                31,
                Step.Chargeback,
                ReasonCode.RefundLate
            },
            {
                "granted after it was opened: no answer is missing",
                [new Fact.DisputeOpened(Some.May(-40)), new Fact.DisputeDecided(DisputeOutcome.Granted, Some.May(3))],
                10,
                null,
                null
            },
            { "received", [new Fact.RefundReceived(Some.May(3))], 80, null, null },
            { "bank asked: wait", [new Fact.StepDone(Step.Chargeback, Some.May(3))], 62, null, null },
            {
                "bank asked: 60 days",
                [new Fact.StepDone(Step.Chargeback, Some.May(3))],
                63,
                Step.ConsumerBody,
                ReasonCode.BankDidNotHelp
            },
            { "all done", [new Fact.StepDone(Step.ConsumerBody, Some.May(3))], 90, null, null },
        };

    [Theory]
    [MemberData(nameof(AfterTheDispute))]
    public void What_was_told_of_dispute_refund_and_bank_decides_the_next_step(
        string name,
        Fact[] told,
        int day,
        Step? step,
        ReasonCode? why
    )
    {
        var facts = Some.Facts([.. told.Select(f => (f, Some.May(3)))]);
        var verdict = Some.Snapshot(Some.Order() with { Ordered = Some.May(-10) }, facts).On(Some.May(day));

        (verdict.Due?.Step, verdict.Due?.Why!.Code).ShouldBe((step, why), name);
        verdict
            .Steps.Where(s => s.Step <= Step.OpenDispute)
            .ShouldAllBe(s => s.State == StepState.Done || told[0] is Fact.RefundReceived);
        Notices(verdict, NoticeKind.Deadline).ShouldAllBe(n => n.Reason.Code == ReasonCode.RefundExpected);
    }

    [Fact]
    public void A_closed_order_is_silent()
    {
        var facts = Some.Facts((new Fact.Closed(ClosedWhy.Received), Some.May(3)));
        var verdict = Some.Snapshot(Some.Order() with { Ordered = Some.May(-30) }, facts).On(Some.May(30));

        (verdict.Open, verdict.Due).ShouldBe((false, null));
        verdict.Notices.ShouldBeEmpty();
    }

    [Fact]
    public void Snoozed_to_the_end_of_a_day_no_step_is_told_but_deadlines_are()
    {
        var facts = Some.Facts((new Fact.Snoozed(Some.May(20)), Some.May(15)), (Protection(Some.May(23)), Some.May(1)));
        var order = Some.Snapshot(null, facts);

        Some.Snapshot(null, facts).On(Some.May(20)).Notices.ShouldHaveSingleItem().Kind.ShouldBe(NoticeKind.Deadline);
        order.On(Some.May(20)).Due!.Step.ShouldBe(Step.OpenDispute);
        Notices(order.On(Some.May(21)), NoticeKind.Step).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_number_with_a_wrong_check_digit_is_told_at_once_until_it_is_known_after_all()
    {
        var typo = Some.Unheard(Some.May(1)) with { NumberLooksWrong = true };

        var verdict = Some.Snapshot(null, null, typo).On(Some.May(1));
        (verdict.Due!.Step, Only(verdict).Channel, Only(verdict).Shipment).ShouldBe(
            (Step.CheckNumber, Channel.Alert, typo.Number)
        );
        Some.Snapshot(null, null, typo with { LastAnswerAt = null }).On(Some.May(1)).Due.ShouldNotBeNull();
        Some.Snapshot(null, null, Some.Shipment() with { NumberLooksWrong = true }).On(Some.May(1)).Due.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(2, null)]
    [InlineData(3, "again-3")]
    [InlineData(6, "again-3")]
    [InlineData(7, "again-7")]
    [InlineData(14, "again-14")]
    [InlineData(20, "again-14")]
    public void A_step_that_stays_undone_is_said_again_after_three_seven_and_fourteen_days_by_digest(
        int days,
        string? again
    )
    {
        var order = Some.Snapshot(null, null, Some.Shipment(silentSince: Some.May(-30)));
        var told = order.Telling(order.On(Some.May(1)).Notices, Some.Noon(Some.May(1)));

        var steps = Notices(told.On(Some.May(1 + days)), NoticeKind.Step);
        steps.Count.ShouldBe(again is null ? 1 : 2);
        if (again is not null)
            (steps[1].Instance, steps[1].Channel, steps[1].TellBy).ShouldBe(
                ($"{steps[0].Instance}/{again}", Channel.Digest, null)
            );
    }

    [Fact]
    public void A_delivered_parcel_is_asked_about_once_and_once_more_five_days_after_the_question()
    {
        var delivered = Some.Shipment() with { Status = ParcelStatus.Delivered };
        var order = Some.Snapshot(null, null, delivered);

        var asked = order.On(Some.May(10));
        asked.Notices.ShouldHaveSingleItem().Reason.ShouldBe(new Reason(ReasonCode.Delivered, Date: Some.May(1)));
        asked.Open.ShouldBeFalse();
        var told = order.Telling(asked.Notices, Some.Noon(Some.May(10)));
        told.On(Some.May(14)).Notices.ShouldBe(asked.Notices);
        var again = told.On(Some.May(15));
        again.Notices.Count.ShouldBe(2);
        // Later lines of the history, however many, ask nothing new.
        var chatter = told with
        {
            Shipments = [delivered with { LastEventAt = Some.Noon(Some.May(30)) }],
        };
        chatter.On(Some.May(40)).Notices.Select(n => n.Instance).ShouldBe(again.Notices.Select(n => n.Instance));
    }

    [Fact]
    public void A_delivery_long_before_the_registration_is_the_past()
    {
        var delivered = Some.Shipment() with { Status = ParcelStatus.Delivered };

        Some.Snapshot(null, null, delivered with { RegisteredAt = Some.Noon(Some.May(16)) })
            .On(Some.May(16))
            .Notices.ShouldHaveSingleItem();
        Some.Snapshot(null, null, delivered with { RegisteredAt = Some.Noon(Some.May(17)) })
            .On(Some.May(17))
            .Notices.ShouldBeEmpty();
    }

    [Fact]
    public void A_delivered_parcel_that_the_buyer_misses_calls_for_the_dispute_at_once()
    {
        var facts = Some.Facts((new Fact.Missing(Some.May(3)), Some.May(3)));
        var delivered = Some.Shipment() with { Status = ParcelStatus.Delivered };
        var verdict = Some.Snapshot(Some.Order() with { Shipped = Some.May(1) }, facts, delivered).On(Some.May(3));

        verdict.Due!.Step.ShouldBe(Step.OpenDispute);
        verdict.Due.Why.ShouldBe(new Reason(ReasonCode.DeliveredButMissing, Date: Some.May(3)));
        verdict.Notices.ShouldAllBe(n => n.Kind == NoticeKind.Step);
    }

    [Fact]
    public void A_parcel_that_goes_back_is_told_once_and_its_deadlines_go_on()
    {
        var back = Some.Shipment() with { Status = ParcelStatus.Returning };
        var order = Some.Snapshot(null, Some.Facts((Protection(Some.May(30)), Some.May(1))), back);

        var news = Notices(order.On(Some.May(2)), NoticeKind.News).ShouldHaveSingleItem();
        news.Channel.ShouldBe(Channel.Alert);
        var returned = order with
        {
            Shipments =
            [
                back with
                {
                    Status = ParcelStatus.Returned,
                    LastEventAt = Some.Noon(Some.May(9)),
                    LastProgressAt = Some.Noon(Some.May(9)),
                },
            ],
        };
        Notices(returned.On(Some.May(9)), NoticeKind.News).ShouldHaveSingleItem().Instance.ShouldBe(news.Instance);
        returned.On(Some.May(20)).Due!.Step.ShouldBe(Step.OpenDispute);
        Notices(returned.On(Some.May(23)), NoticeKind.Deadline).ShouldHaveSingleItem();
    }

    [Fact]
    public void Of_two_parcels_the_worse_decides_and_one_delivered_does_not_end_the_wait()
    {
        var verdict = Some.Snapshot(
                null,
                null,
                Some.Shipment(silentSince: Some.May(6)),
                Some.Shipment(silentSince: Some.May(1), id: 2),
                Some.Shipment(id: 3) with
                {
                    Status = ParcelStatus.Delivered,
                }
            )
            .On(Some.May(15));

        verdict.Due!.Step.ShouldBe(Step.ContactSeller);
        Notices(verdict, NoticeKind.Step).ShouldHaveSingleItem().Shipment.ShouldBe("LP00900000000012");
    }

    [Fact]
    public void A_second_silence_is_another_occasion_for_the_dispute()
    {
        var first = Only(Some.Snapshot().On(Some.May(22)));
        var second = Only(Some.Snapshot(null, null, Some.Shipment(silentSince: Some.May(25))).On(Some.May(46)));

        (first.Step, second.Step).ShouldBe((Step.OpenDispute, Step.OpenDispute));
        second.Instance.ShouldNotBe(first.Instance);
    }

    private static Fact.ProtectionEnds Protection(DateOnly on) => new(on);

    private static List<NoticeDraft> Notices(CaseVerdict verdict, NoticeKind kind) =>
        [.. verdict.Notices.Where(n => n.Kind == kind)];

    private static NoticeDraft Only(CaseVerdict verdict) => Notices(verdict, NoticeKind.Step).ShouldHaveSingleItem();
}
