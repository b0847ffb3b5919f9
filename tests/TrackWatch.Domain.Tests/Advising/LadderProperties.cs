using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Tests.Advising;

/// <summary>Random orders lived through day by day: parcels move, get stuck and are delivered, buyers tell what happened.</summary>
public sealed class LadderProperties
{
    private const int Length = 260;
    private const int Runs = 100;

    /// <summary>Looking ahead from every day is slow.</summary>
    private const int Few = 8;
    private static readonly DateOnly First = new(2026, 5, 1);

    /// <summary>Something happens on a day: a parcel's history goes on, or something is told.</summary>
    private sealed record Happening(int Day, ParcelStatus? Status, Leg? Leg, Fact? Told)
    {
        public override string ToString() => Told is null ? $"{Day}: {Status} {Leg}" : $"{Day}: {Told}";
    }

    private sealed record Life(Order Order, string? Country, IReadOnlyList<Happening> Happenings)
    {
        public override string ToString() =>
            $"{Order.Marketplace} {Order.PaidWith} {Country} ordered {Order.Ordered:yyyy-MM-dd} promised {Order.PromisedBy:yyyy-MM-dd} "
            + $"refund {Order.RefundIfUndeliveredBy:yyyy-MM-dd}: {string.Join("; ", Happenings)}";
    }

    private sealed record Moment(
        DateOnly Day,
        CaseVerdict Verdict,
        IReadOnlyList<NoticeDraft> New,
        bool SomethingHappened
    );

    [Fact]
    public void Time_alone_takes_the_ladder_back_only_from_a_step_that_is_no_longer_possible() =>
        ForEveryLife(life =>
        {
            Moment? before = null;
            foreach (var moment in Live(life))
            {
                if (
                    before?.Verdict.Due is { } due
                    && !moment.SomethingHappened
                    && Height(moment.Verdict.Due?.Step) < Height(due.Step)
                )
                    // What is no longer possible says so; a dispute that closed unheard was opened all the same.
                    moment
                        .Verdict.Steps.Single(s => s.Step == due.Step)
                        .State.ShouldBeOneOf(
                            [StepState.NotApplicable, StepState.Done],
                            $"on {moment.Day:yyyy-MM-dd} {due.Step} ({due.Why!.Code}) gave way to {moment.Verdict.Due?.Step}: {life}"
                        );
                before = moment;
            }

            // The refund rules are read on the way: the seller and customs come before them.
            static int Height(Step? step) =>
                step switch
                {
                    null => 0,
                    Step.CheckNumber => 1,
                    Step.KnowRefundRules => 2,
                    { } other => (int)other + 1,
                };
        });

    [Fact]
    public void No_step_is_told_again_without_a_new_reason() =>
        ForEveryLife(life =>
        {
            var last = new Dictionary<Step, NoticeDraft>();
            var since = new HashSet<Step>();
            foreach (var moment in Live(life))
            {
                if (moment.SomethingHappened)
                    since.Clear();
                foreach (var told in moment.New.Where(IsFirst))
                {
                    if (since.Contains(told.Step!.Value))
                        What(told)
                            .ShouldNotBe(
                                What(last[told.Step.Value]),
                                $"{told.Instance} on {moment.Day:yyyy-MM-dd}: {life}"
                            );
                    last[told.Step.Value] = told;
                    since.Add(told.Step.Value);
                }
            }

            static (ReasonCode, DateOnly?, Step?) What(NoticeDraft n) => (n.Reason.Code, n.Reason.Date, n.With);

            static bool IsFirst(NoticeDraft n) =>
                n.Kind == NoticeKind.Step && !n.Instance.Contains("/again-", StringComparison.Ordinal);
        });

    [Fact]
    public void The_same_facts_give_the_same_notices_and_looking_only_when_something_may_change_misses_none() =>
        ForEveryLife(
            Few,
            life =>
            {
                var daily = Told(Live(life));
                Told(Live(life)).ShouldBe(daily);
                Told(Live(life, onlyWhenDue: true)).ShouldBe(daily, life.ToString());

                static List<string> Told(IEnumerable<Moment> moments) =>
                    [.. moments.SelectMany(m => m.New.Select(n => $"{m.Day:yyyy-MM-dd} {n.Instance}"))];
            }
        );

    [Fact]
    public void Deciding_twice_is_deciding_once() =>
        ForEveryLife(life =>
        {
            foreach (var (moment, order, now) in Steps(life, onlyWhenDue: false))
            {
                var again = Ladder.Decide(order, now);
                again.Due.ShouldBe(moment.Verdict.Due);
                again.Case.ShouldBe(moment.Verdict.Case);
                again.Steps.ShouldBe(moment.Verdict.Steps);
                again.Notices.Select(n => n.Instance).Except(order.Advised.Keys).ShouldBeEmpty(life.ToString());
            }
        });

    [Fact]
    public void A_case_that_has_nothing_to_say_is_not_open_and_one_that_asks_for_something_is() =>
        ForEveryLife(life =>
        {
            foreach (var moment in Live(life))
            {
                if (moment.Verdict.Due is not null)
                    moment.Verdict.Case!.State.ShouldBe(CaseState.Open, life.ToString());
                if (moment.Verdict.Case is { State: CaseState.Closed })
                    moment.Verdict.Open.ShouldBeFalse(life.ToString());
            }
        });

    private static IEnumerable<Moment> Live(Life life, bool onlyWhenDue = false) =>
        Steps(life, onlyWhenDue).Select(s => s.Moment);

    /// <returns>Each look at the order, with the order as it is written down after it.</returns>
    private static IEnumerable<(Moment Moment, OrderSnapshot Order, DateTimeOffset Now)> Steps(
        Life life,
        bool onlyWhenDue
    )
    {
        var order = Some.Snapshot(life.Order, null, Some.Shipment(Leg.Origin, First)) with
        {
            Buyer = Some.Person() with { Country = life.Country },
        };
        var told = new List<ToldFact>();
        var due = Some.Noon(First);
        for (var day = 0; day < Length; day++)
        {
            var today = First.AddDays(day);
            var now = Some.Noon(today);
            var happenings = life.Happenings.Where(h => h.Day == day).ToList();
            foreach (var happening in happenings)
                if (happening.Told is { } fact)
                    told.Add(new ToldFact(fact, FactOrigin.Command, now));
                else
                    order = order with { Shipments = [Moved(order.Shipments[0], happening, now)] };
            if (onlyWhenDue && happenings.Count == 0 && now < due)
                continue;
            order = (order with { Facts = OrderFacts.Unite(told) }).Answered(now);
            var verdict = Ladder.Decide(order, now);
            var fresh = verdict.Notices.Where(n => !order.Advised.ContainsKey(n.Instance)).ToList();
            if (onlyWhenDue)
                due = Ladder.NextChange(order, verdict, now) ?? DateTimeOffset.MaxValue;
            order = order.Telling(verdict.Notices, now) with
            {
                Case = verdict.Case,
                OpenStalls =
                [
                    .. verdict
                        .Assessments.Where(a => a.Level > StallLevel.Moving)
                        .Select(a => new OpenStall(a.Shipment.Id, a.Level, a.CountedFrom)),
                ],
            };
            yield return (new Moment(today, verdict, fresh, happenings.Count > 0), order, now);
        }
    }

    private static ShipmentView Moved(ShipmentView parcel, Happening to, DateTimeOffset now) =>
        parcel with
        {
            Status = to.Status!.Value,
            Leg = to.Leg,
            LastProgressAt = now,
            LastEventAt = now,
        };

    private static void ForEveryLife(Action<Life> check) => ForEveryLife(Runs, check);

    private static void ForEveryLife(int runs, Action<Life> check) =>
        Prop.ForAll(Lives().ToArbitrary(), check).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));

    private static Gen<Life> Lives() =>
        from marketplace in Gen.Elements("aliexpress", "temu", "ebay", "amazon", "etsy", "shein", "elsewhere")
        from paidWith in Gen.Elements(null, "visa", "mastercard", "paypal", "klarna", "other")
        from country in Gen.Elements(null, "TR", "DE", "GB", "US")
        from ordered in Gen.Choose(-20, 0)
        from promised in Maybe(5, 60)
        from refund in Maybe(30, 70)
        from moves in Moves().ListOf()
        from told in Facts().ListOf()
        select new Life(
            Some.Order() with
            {
                Marketplace = marketplace,
                PaidWith = paidWith,
                Ordered = First.AddDays(ordered),
                PaidOn = First.AddDays(ordered),
                PromisedBy = promised is { } p ? First.AddDays(p) : null,
                RefundIfUndeliveredBy = refund is { } r ? First.AddDays(r) : null,
            },
            country,
            [.. moves.Take(4).Concat(told.Take(4)).OrderBy(h => h.Day)]
        );

    private static Gen<int?> Maybe(int from, int to) =>
        Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(from, to).Select(day => (int?)day));

    private static Gen<Happening> Moves() =>
        from day in Gen.Choose(1, 120)
        from place in Gen.Elements(
            (ParcelStatus.InTransit, Leg.LineHaul),
            (ParcelStatus.Customs, Leg.ImportCustoms),
            (ParcelStatus.InTransit, Leg.LastMile),
            (ParcelStatus.OutForDelivery, Leg.PickupPoint),
            (ParcelStatus.AvailableForPickup, Leg.PickupPoint),
            (ParcelStatus.AttemptFailed, Leg.PickupPoint),
            (ParcelStatus.Exception, Leg.LastMile),
            (ParcelStatus.Delivered, Leg.PickupPoint),
            (ParcelStatus.Returning, Leg.LastMile)
        )
        select new Happening(day, place.Item1, place.Item2, null);

    private static Gen<Happening> Facts() =>
        from day in Gen.Choose(1, 150)
        from fact in Gen.Elements<Fact>(
            new Fact.StepDone(Step.CheckNumber),
            new Fact.StepDone(Step.ContactSeller),
            new Fact.StepDone(Step.CheckCustoms),
            new Fact.StepDone(Step.OpenDispute),
            new Fact.StepDone(Step.Chargeback),
            new Fact.StepDone(Step.ConsumerBody),
            new Fact.ProtectionEnds(First.AddDays(75)),
            new Fact.ProtectionEnds(First.AddDays(110)),
            new Fact.CustomsHold(First.AddDays(60)),
            new Fact.DisputeOpened(),
            new Fact.DisputeDecided(DisputeOutcome.Refused),
            new Fact.DisputeDecided(DisputeOutcome.Partial),
            new Fact.DisputeDecided(DisputeOutcome.Granted),
            new Fact.RefundApproved(),
            new Fact.RefundReceived(),
            new Fact.Missing(),
            new Fact.Snoozed(First.AddDays(80)),
            new Fact.Closed(ClosedWhy.Received)
        )
        select new Happening(day, null, null, fact);
}
