using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Advising;

public sealed class NextChangeTests
{
    /// <summary>An instant in the middle of the year, and the seasons behind it.</summary>
    private static readonly DateTimeOffset Now = new(2026, 10, 20, 9, 30, 0, TimeSpan.Zero);

    private static readonly string[] Zones = ["UTC", "Europe/Istanbul", "Pacific/Auckland", "America/Los_Angeles"];

    [Fact]
    public void Until_the_next_change_nothing_new_is_asked_and_at_it_something_is() =>
        Prop.ForAll(
                Snapshots().ToArbitrary(),
                order =>
                {
                    var verdict = Ladder.Decide(order, Now);
                    var next = Ladder.NextChange(order, verdict, Now);
                    var written = Written(order, verdict);

                    for (var then = Now.AddHours(1); then < (next ?? Now.AddDays(118)); then = then.AddHours(7))
                        Changes(written, verdict, then).ShouldBeEmpty($"{then:u}, next change {next:u}");
                    // Beyond the horizon an open case is only looked at again.
                    if (next < Now.AddDays(118) && next is { } change)
                        Changes(written, verdict, change).ShouldNotBeEmpty($"at {change:u}");
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_closed_order_never_changes_and_a_day_far_ahead_is_looked_for_again()
    {
        var closed = Some.Snapshot(null, Some.Facts((new Fact.Closed(ClosedWhy.Lost), Some.May(1))));
        Ladder.NextChange(closed, Ladder.Decide(closed, Now), Now).ShouldBeNull();

        // Never answered about and promised for next year: nothing changes within the horizon.
        var far = Some.Snapshot(
            Some.Order() with
            {
                PromisedBy = Some.Day("2027-08-01"),
            },
            null,
            Some.Unheard(Some.Day("2026-10-19")) with
            {
                LastAnswerAt = null,
            }
        );
        var next = Ladder.NextChange(far, Ladder.Decide(far, Now), Now);
        next.ShouldNotBeNull().ShouldBeLessThan(Some.Noon(Some.Day("2027-08-01")));
    }

    [Fact]
    public void A_season_that_would_lengthen_the_limits_is_no_change_for_a_stall_that_is_there()
    {
        // Stalled on the 10th after 5 days; from the 11th on it would take 7, and critical comes after 13 of them.
        var now = Some.Noon(Some.Day("2026-11-10"));
        var order = Some.Snapshot(null, null, Some.Shipment(Leg.LastMile, Some.Day("2026-11-05"))).Answered(now);
        var verdict = Ladder.Decide(order, now);
        var told = order.Telling(verdict.Notices.Concat(Again(verdict)), now);

        Ladder.NextChange(told, verdict, now).ShouldBe(new DateTimeOffset(2026, 11, 18, 0, 0, 0, TimeSpan.Zero));

        static IEnumerable<NoticeDraft> Again(CaseVerdict verdict) =>
            Enumerable
                .Range(1, 14)
                .SelectMany(days => verdict.Notices.Select(n => n with { Instance = $"{n.Instance}/again-{days}" }));
    }

    private static OrderSnapshot Written(OrderSnapshot order, CaseVerdict verdict) =>
        order.Telling(verdict.Notices, Now) with
        {
            OpenStalls =
            [
                .. verdict
                    .Assessments.Where(a => a.Level > StallLevel.Moving)
                    .Select(a => new OpenStall(a.Shipment.Id, a.Level, a.CountedFrom)),
            ],
        };

    /// <summary>What a decision at that moment, the parcels silent and the sources answering, has more than the first one.</summary>
    private static List<string> Changes(OrderSnapshot order, CaseVerdict before, DateTimeOffset then)
    {
        var after = Ladder.Decide(order.Answered(then), then);
        var changes = after.Notices.Select(n => n.Instance).Where(i => !order.Advised.ContainsKey(i)).ToList();
        if (after.Due?.Step != before.Due?.Step)
            changes.Add($"{before.Due?.Step} -> {after.Due?.Step}");
        if (after.Open != before.Open)
            changes.Add($"open: {after.Open}");
        foreach (var now in after.Assessments)
            if (before.Assessments.First(a => a.Shipment.Id == now.Shipment.Id).Level != now.Level)
                changes.Add($"level: {now.Level}");
        return changes;
    }

    private static Gen<OrderSnapshot> Snapshots() =>
        from zone in Gen.Elements(Zones)
        from shipped in MaybeDay(-60, 0)
        from promised in MaybeDay(-30, 40)
        from ordered in MaybeDay(-70, -5)
        from refund in MaybeDay(-20, 40)
        from country in Gen.Elements(null, "TR", "DE")
        from service in Gen.Elements<ShippingService?>(null, ShippingService.Choice, ShippingService.Economy)
        from shipments in Shipments().ListOf(2)
        from facts in Facts().ListOf().Where(f => f.Count < 5)
        select Some.Snapshot(
            Some.Order() with
            {
                Shipped = shipped,
                PromisedBy = promised,
                Ordered = ordered,
                RefundIfUndeliveredBy = refund,
                Service = service,
                ShipTo = country is null ? null : new Destination(country),
            },
            Some.Facts([.. facts]),
            [.. shipments.Select((s, i) => s with { Id = i + 1 })]
        ) with
        {
            Zone = Some.Zone(zone),
        };

    private static Gen<ShipmentView> Shipments() =>
        from leg in Gen.Elements(Enum.GetValues<Leg>())
        from silent in Gen.Choose(0, 45)
        from kind in Gen.Choose(0, 9)
        from held in Gen.Elements(false, false, true)
        let view = Some.Shipment(leg, Day(-silent)) with
        {
            ActionNeeded = held,
            LastAnswerAt = Now,
        }
        select kind switch
        {
            0 => Some.Unheard(Day(-silent)) with { LastAnswerAt = Now },
            1 => view with { Status = ParcelStatus.Delivered },
            2 => view with { Status = ParcelStatus.Returning },
            3 => view with { Status = ParcelStatus.Exception },
            4 => view with { EndsByDesign = true },
            5 => view with { LastAnswerAt = null },
            _ => view,
        };

    private static Gen<(Fact, DateOnly)> Facts() =>
        from past in Gen.Choose(-40, 0).Select(Day)
        from ahead in Gen.Choose(-20, 40).Select(Day)
        from step in Gen.Elements(Enum.GetValues<Step>())
        from fact in Gen.Elements<Fact>(
            new Fact.StepDone(step, past),
            new Fact.StepDone(Step.ContactSeller, past),
            new Fact.StepDone(Step.CheckNumber, past),
            new Fact.ProtectionEnds(ahead),
            new Fact.ProtectionEnds(ahead),
            new Fact.CustomsHold(ahead),
            new Fact.DisputeOpened(past),
            new Fact.DisputeDecided(DisputeOutcome.Refused, past),
            new Fact.RefundApproved(past),
            new Fact.Missing(past),
            new Fact.Snoozed(ahead)
        )
        select (fact, past);

    private static Gen<DateOnly?> MaybeDay(int from, int to) =>
        Gen.OneOf(Gen.Constant<DateOnly?>(null), Gen.Choose(from, to).Select(d => (DateOnly?)Day(d)));

    private static DateOnly Day(int ahead) => DateOnly.FromDateTime(Now.UtcDateTime).AddDays(ahead);
}
