using System.Globalization;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Advising;

/// <summary>
/// The seven steps: one is due at a time, in order, but last days compress the order. Causes come from the silence's level,
/// the leg, the promise, the protection date and what the buyer has told; every cause carries the step it calls for.
/// </summary>
public static class Ladder
{
    /// <summary>How long each step's addressee is given before the next step is due.</summary>
    private const int SellerWait = 5;
    private const int DisputeWait = 30;
    private const int BankWait = 60;

    /// <summary>20 business days: when a refund that was approved is late (AE-REF-01).</summary>
    private const int RefundWait = 28;

    private static readonly int[] AlertDays = [7, 3, 1];

    /// <summary>A step that stays undone is said again in digests after so many days.</summary>
    private static readonly int[] RepeatDays = [3, 7, 14];

    public static CaseVerdict Decide(OrderSnapshot order, DateTimeOffset now)
    {
        var today = Days.In(order.Zone, now);
        var assessments = order
            .Shipments.Select(s =>
                StallAssessor.Assess(
                    order.Order,
                    order.Facts,
                    s,
                    order.OpenStalls.FirstOrDefault(o => o.ShipmentId == s.Id),
                    order.DefaultLimits,
                    order.Zone,
                    now
                )
            )
            .OfType<Assessment>()
            .OrderByDescending(a => a.Level)
            .ThenByDescending(a => a.SilentDays)
            .ToList();
        var case_ = new Case(order, assessments, today);
        if (case_.IsOver)
            return new CaseVerdict(false, null, case_.States(null), assessments, case_.Window, []);

        var cause = case_.Cause();
        var due = cause is null ? null : new StepVerdict(cause.Step, StepState.Due, cause.Reason, cause.DoBy);
        var notices = new List<NoticeDraft>();
        if (cause is not null && !case_.IsSnoozed)
            notices.AddRange(case_.StepNotices(cause));
        notices.AddRange(case_.DeadlineNotices(cause));
        notices.AddRange(case_.News());
        return new CaseVerdict(
            cause is not null || assessments.Any(a => a.Level > StallLevel.Moving),
            due,
            case_.States(cause),
            assessments,
            case_.Window,
            notices
        );
    }

    /// <summary>
    /// The first later moment at which the verdict would ask for more, if the parcels stay silent and sources answer;
    /// null = never within the horizon. Looked up by deciding day after day, so it can never disagree with the decision.
    /// </summary>
    public static DateTimeOffset? NextChange(OrderSnapshot order, CaseVerdict verdict, DateTimeOffset now)
    {
        if (order.Facts.Closed is not null)
            return null;
        var today = Days.In(order.Zone, now);
        var told = verdict.Notices.Select(n => n.Instance).ToHashSet();
        for (var ahead = 1; ahead <= Horizon; ahead++)
        {
            var then = Days.StartOf(today.AddDays(ahead), order.Zone);
            var next = Decide(SilentUntil(order, then), then);
            if (
                next.Open != verdict.Open
                || next.Due?.Step != verdict.Due?.Step
                || next.Notices.Any(n => !told.Contains(n.Instance))
                || next.Assessments.Zip(verdict.Assessments).Any(pair => pair.First.Level != pair.Second.Level)
            )
                return then;
        }
        return null;
    }

    /// <summary>The same order as it will be if its parcels stay silent and their sources answer.</summary>
    public static OrderSnapshot SilentUntil(OrderSnapshot order, DateTimeOffset then) =>
        order with
        {
            Shipments = [.. order.Shipments.Select(s => s.LastAnswerAt is null ? s : s with { LastAnswerAt = then })],
        };

    /// <summary>Beyond the longest window a rule knows today.</summary>
    private const int Horizon = 120;

    /// <summary>Why a step is called for.</summary>
    private sealed record Cause(
        Step Step,
        Reason Reason,
        string Instance,
        Channel Channel,
        Assessment? Stall = null,
        Step? With = null,
        DateOnly? DoBy = null,
        bool Assumed = false
    );

    private sealed class Case
    {
        private readonly OrderSnapshot order;
        private readonly DateOnly today;
        private readonly Assessment? worst;
        private readonly bool anyHeld;
        private readonly bool waitsForParcel;

        public Case(OrderSnapshot order, List<Assessment> assessments, DateOnly today)
        {
            this.order = order;
            this.today = today;
            worst = assessments.FirstOrDefault();
            anyHeld = assessments.Any(a => a.Held);
            waitsForParcel =
                order.Facts.Find<Fact.Missing>() is not null || order.Shipments.Any(s => !s.Status.IsFinal());
            var firstScan = order.Shipments.Select(s => s.FirstScanAt).Min();
            Window = DisputeWindow.Of(
                order.Order,
                order.Facts,
                firstScan is { } scan ? Days.In(order.Zone, scan) : null
            );
        }

        public DisputeWindow? Window { get; }

        private OrderFacts Facts => order.Facts;

        public bool IsOver => Facts.Closed is not null || Facts.Find<Fact.RefundReceived>() is not null;

        public bool IsSnoozed => Facts.Snoozed is { } snoozed && today <= snoozed.Until;

        /// <summary>Marked done by hand, or implied by something that comes after it.</summary>
        private bool IsDone(Step step) =>
            Facts.Done(step) is not null
            || (step == Step.OpenDispute && Facts.Find<Fact.DisputeOpened>() is not null)
            || (step < Step.OpenDispute && DisputeIsUnderWay)
            || (step < Step.Chargeback && Facts.Done(Step.Chargeback) is not null)
            || (step < Step.ConsumerBody && Facts.Done(Step.ConsumerBody) is not null);

        private bool DisputeIsUnderWay =>
            Facts.Find<Fact.DisputeOpened>() is not null
            || Facts.Find<Fact.DisputeDecided>() is not null
            || Facts.Done(Step.OpenDispute) is not null;

        private bool DisputeCanOpen => Window?.OpensOn is not { } opens || today >= opens;

        private bool DisputeIsOver => Window is { } w && today > w.LastChance;

        private DateOnly DayOf(ToldFact told, DateOnly? said) => said ?? Days.In(order.Zone, told.ToldAt);

        private string Episode =>
            worst is null ? "order" : $"{worst.Shipment.Id}/{Day(Days.In(order.Zone, worst.CountedFrom))}";

        private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

        /// <summary>The one cause that decides: the furthest up the ladder that is not done, since later steps include earlier ones.</summary>
        public Cause? Cause()
        {
            if (!waitsForParcel)
                return null;
            return Bodies() ?? Dispute() ?? SellerAndCustoms() ?? Rules() ?? Number();
        }

        private Cause? Bodies()
        {
            if (Facts.Done(Step.Chargeback) is { } asked)
            {
                var askedOn = DayOf(asked, (asked.Fact as Fact.StepDone)?.On);
                if (!IsDone(Step.ConsumerBody) && today >= askedOn.AddDays(BankWait))
                    return new(
                        Step.ConsumerBody,
                        new(ReasonCode.BankDidNotHelp, Date: askedOn),
                        $"consumer-body/{Day(askedOn)}",
                        Channel.Alert
                    );
                return null;
            }
            // While customs waits for the buyer the goods are not withheld: a bank would refuse, and rightly.
            if (anyHeld)
                return null;
            if (
                Facts.Find<Fact.DisputeDecided>() is
                { Fact: Fact.DisputeDecided { Outcome: not DisputeOutcome.Granted } decided } refusal
            )
            {
                var on = DayOf(refusal, decided.On);
                return new(
                    Step.Chargeback,
                    new(ReasonCode.DisputeRefused, Date: on),
                    $"chargeback/refused/{Day(on)}",
                    Channel.Alert
                );
            }
            if (Facts.Find<Fact.RefundApproved>() is { Fact: Fact.RefundApproved approved } refund)
            {
                var on = DayOf(refund, approved.On);
                return today >= on.AddDays(RefundWait)
                    ? new(
                        Step.Chargeback,
                        new(ReasonCode.RefundLate, Date: on),
                        $"chargeback/refund/{Day(on)}",
                        Channel.Alert
                    )
                    : null;
            }
            if (
                Facts.Find<Fact.DisputeDecided>() is null
                && OpenedDispute() is { } opened
                && today >= opened.AddDays(DisputeWait)
            )
                return new(
                    Step.Chargeback,
                    new(ReasonCode.DisputeUnanswered, Date: opened),
                    $"chargeback/unanswered/{Day(opened)}",
                    Channel.Alert
                );
            if (!DisputeIsUnderWay && DisputeIsOver && worst is { Level: >= StallLevel.Stalled })
                return new(
                    Step.Chargeback,
                    new(ReasonCode.DisputeWindowOver, Date: Window!.LastChance),
                    $"chargeback/window/{Day(Window.LastChance)}",
                    Channel.Alert,
                    worst
                );
            return null;
        }

        private DateOnly? OpenedDispute()
        {
            if (Facts.Find<Fact.DisputeOpened>() is { Fact: Fact.DisputeOpened opened } told)
                return DayOf(told, opened.On);
            return Facts.Done(Step.OpenDispute) is { Fact: Fact.StepDone done } step ? DayOf(step, done.On) : null;
        }

        private Cause? Dispute()
        {
            if (IsDone(Step.OpenDispute) || DisputeIsOver)
                return null;
            if (Facts.Find<Fact.Missing>() is { } missing)
                return Open(
                    new(ReasonCode.DeliveredButMissing, Date: DayOf(missing, ((Fact.Missing)missing.Fact).On)),
                    "missing"
                );
            if (Window is { } w && today >= w.ActOn)
                return worst is { Level: >= StallLevel.Notice } || PromisePassed
                    ? Open(
                        new(ReasonCode.ProtectionEnded, Date: w.Protection, Assumed: w.Assumed),
                        $"act-on/{Day(w.Protection)}"
                    )
                    : null;
            if (Window is { } plan && today >= plan.PlanBy && !plan.Assumed)
                return Open(
                    new(ReasonCode.ProtectionEnding, plan.Protection.DayNumber - today.DayNumber, plan.Protection),
                    "open"
                );
            if (
                Window is { } assumed
                && today >= assumed.PlanBy
                && (worst is { Level: >= StallLevel.Notice } || PromisePassed)
            )
                return Open(
                    new(
                        ReasonCode.ProtectionEnding,
                        assumed.Protection.DayNumber - today.DayNumber,
                        assumed.Protection,
                        Assumed: true
                    ),
                    "open"
                );
            if (!DisputeCanOpen)
                return null;
            if (worst is { Level: StallLevel.Critical, Held: false })
                return Open(new(ReasonCode.Silent, worst.SilentDays, Leg: worst.Leg), "open");
            if (
                SellerAskedOn is { } asked
                && today >= asked.AddDays(SellerWait)
                && (PromisePassed || worst is { Level: >= StallLevel.Stalled, Held: false })
            )
                return Open(new(ReasonCode.SellerDidNotHelp, Date: asked), "open");
            return null;

            Cause Open(Reason reason, string instance) =>
                new(
                    Step.OpenDispute,
                    reason,
                    $"open-dispute/{instance}",
                    Channel.Alert,
                    worst,
                    With: Step.KnowRefundRules,
                    DoBy: Window is null ? null
                        : today <= Window.LastSafeDay ? Window.LastSafeDay
                        : Window.LastSafeChance,
                    Assumed: Window?.Assumed ?? false
                );
        }

        private bool PromisePassed => order.Order.PromisedBy is { } promised && today > promised;

        private DateOnly? SellerAskedOn =>
            Facts.Done(Step.ContactSeller) is { Fact: Fact.StepDone done } told ? DayOf(told, done.On) : null;

        private Cause? SellerAndCustoms()
        {
            var stalled = worst is { Level: >= StallLevel.Stalled };
            var customs = anyHeld || (stalled && worst!.Leg == Leg.ImportCustoms);
            var seller = (stalled || PromisePassed) && !IsDone(Step.ContactSeller);
            if (customs && !IsDone(Step.CheckCustoms))
            {
                var hold = Facts.CustomsHold?.Until;
                var reason = anyHeld
                    ? new Reason(ReasonCode.HeldAtCustoms, Date: hold, Leg: Leg.ImportCustoms)
                    : new Reason(ReasonCode.Silent, worst!.SilentDays, Leg: worst.Leg);
                return new(
                    Step.CheckCustoms,
                    reason,
                    $"check-customs/{Episode}",
                    Channel.Alert,
                    worst,
                    With: seller ? Step.ContactSeller : null,
                    DoBy: hold
                );
            }
            if (!seller)
                return null;
            return stalled
                ? new(
                    Step.ContactSeller,
                    new(ReasonCode.Silent, worst!.SilentDays, Leg: worst.Leg),
                    $"contact-seller/{Episode}",
                    Channel.Alert,
                    worst
                )
                : new(
                    Step.ContactSeller,
                    new(ReasonCode.PromisePassed, Date: order.Order.PromisedBy),
                    $"contact-seller/promise/{Day(order.Order.PromisedBy!.Value)}",
                    Channel.Alert,
                    worst
                );
        }

        private Cause? Rules()
        {
            if (
                IsDone(Step.KnowRefundRules)
                || Window is not { Assumed: false } w
                || today < w.Protection.AddDays(-21)
                || today > w.Protection
            )
                return null;
            return new(
                Step.KnowRefundRules,
                new(ReasonCode.ProtectionEnding, w.Protection.DayNumber - today.DayNumber, w.Protection),
                $"know-refund-rules/{Day(w.Protection)}",
                Channel.Digest,
                worst,
                DoBy: w.LastSafeDay
            );
        }

        private Cause? Number()
        {
            if (IsDone(Step.CheckNumber))
                return null;
            if (order.Shipments.FirstOrDefault(s => s.NumberLooksWrong && s.FirstEventAt is null) is { } typo)
                return new(
                    Step.CheckNumber,
                    new(ReasonCode.NumberWrong),
                    $"check-number/typo/{typo.Id}",
                    Channel.Alert,
                    new Assessment(
                        typo,
                        StallLevel.Notice,
                        Leg.Label,
                        false,
                        0,
                        typo.RegisteredAt,
                        StallRules.For(Leg.Label, false, null),
                        false,
                        [],
                        null,
                        false
                    )
                );
            if (worst is not { Level: StallLevel.Notice })
                return null;
            var reason = worst.Shipment.FirstEventAt is null
                ? new Reason(ReasonCode.NumberUnknown, worst.SilentDays)
                : new Reason(ReasonCode.Silent, worst.SilentDays, Leg: worst.Leg);
            return new(Step.CheckNumber, reason, $"check-number/{Episode}", Channel.Digest, worst);
        }

        /// <summary>The step itself, and what is left of it in later digests while nobody has done it.</summary>
        public IEnumerable<NoticeDraft> StepNotices(Cause cause)
        {
            var first = new NoticeDraft(
                $"step/{cause.Instance}",
                NoticeKind.Step,
                cause.Channel,
                cause.Reason,
                cause.Step,
                cause.With,
                cause.DoBy,
                cause.Assumed,
                TellBy: cause.DoBy,
                Shipment: cause.Stall?.Shipment.Number,
                Rule: cause.Step is Step.OpenDispute or Step.KnowRefundRules ? DisputeWindow.RuleId : StallRules.Id
            );
            yield return first;
            if (!order.Advised.TryGetValue(first.Instance, out var at))
                yield break;
            var waited = today.DayNumber - Days.In(order.Zone, at).DayNumber;
            var mark = RepeatDays.Where(d => d <= waited).DefaultIfEmpty(0).Max();
            if (mark > 0)
                yield return first with
                {
                    Instance = $"{first.Instance}/again-{mark.ToString(CultureInfo.InvariantCulture)}",
                    Channel = Channel.Digest,
                    TellBy = null,
                };
        }

        /// <summary>The warnings of the protection date and of the last chance: the latest one that is due, by its own day.</summary>
        public IEnumerable<NoticeDraft> DeadlineNotices(Cause? cause)
        {
            if (!waitsForParcel || DisputeIsUnderWay || Window is not { } w)
                yield break;
            if (order.Order.RefundIfUndeliveredBy is { } refund && today >= refund && today <= refund.AddDays(14))
                yield return new(
                    $"deadline/refund-promise/{Day(refund)}",
                    NoticeKind.Deadline,
                    Channel.Alert,
                    new(ReasonCode.RefundPromiseDue, Date: refund),
                    Step.KnowRefundRules,
                    TellBy: refund,
                    Rule: "AE-PROT-03"
                );

            if (
                Warning(w.Protection, [14, .. AlertDays], "protection", ReasonCode.ProtectionEnding, w.LastSafeDay)
                    is { } ending
                && (!w.Assumed || cause is not null)
            )
                yield return ending;
            if (
                today > w.Protection
                && cause is not null
                && Warning(w.LastChance, AlertDays, "last-chance", ReasonCode.LastChance, w.LastSafeChance) is { } last
            )
                yield return last;
        }

        private NoticeDraft? Warning(DateOnly lastDay, int[] days, string name, ReasonCode code, DateOnly lastSafe)
        {
            var left = lastDay.DayNumber - today.DayNumber;
            if (left < 0 || left > days[0])
                return null;
            var mark = days.Where(d => d >= left).Min();
            return new(
                $"deadline/{name}/{Day(lastDay)}/{mark.ToString(CultureInfo.InvariantCulture)}",
                NoticeKind.Deadline,
                AlertDays.Contains(mark) ? Channel.Alert : Channel.Digest,
                new Reason(code, left, lastDay, Assumed: Window!.Assumed),
                Step.OpenDispute,
                DoBy: lastSafe,
                DoByAssumed: Window.Assumed,
                TellBy: lastSafe,
                Rule: DisputeWindow.RuleId
            );
        }

        /// <summary>News of the parcel that asks for little: delivered (asked once, and once more), trouble, on its way back.</summary>
        public IEnumerable<NoticeDraft> News()
        {
            foreach (var s in order.Shipments)
            {
                var day = s.LastEventAt is { } at ? Days.In(order.Zone, at) : today;
                switch (s.Status)
                {
                    case ParcelStatus.Delivered when Facts.Find<Fact.Missing>() is null:
                        yield return Tell(s, "delivered", ReasonCode.Delivered, day, Channel.Digest);
                        if (today >= day.AddDays(5))
                            yield return Tell(s, "delivered-again", ReasonCode.Delivered, day, Channel.Digest);
                        break;
                    case ParcelStatus.Exception:
                        yield return Tell(s, "trouble", ReasonCode.Trouble, day, Channel.Alert);
                        break;
                    case ParcelStatus.Returning or ParcelStatus.Returned:
                        yield return Tell(s, "going-back", ReasonCode.GoingBack, day, Channel.Alert);
                        break;
                }
            }
        }

        private static NoticeDraft Tell(ShipmentView s, string what, ReasonCode code, DateOnly day, Channel channel) =>
            new($"news/{s.Id}/{what}/{Day(day)}", NoticeKind.News, channel, new(code, Date: day), Shipment: s.Number);

        public IReadOnlyList<StepVerdict> States(Cause? cause) =>
            [
                .. Steps.All.Select(step =>
                    IsDone(step) ? new StepVerdict(step, StepState.Done)
                    : cause?.Step == step || cause?.With == step ? new(step, StepState.Due, cause.Reason, cause.DoBy)
                    : step == Step.CheckCustoms
                    && order.Shipments.All(s => s.Leg is not (Leg.LineHaul or Leg.ImportCustoms))
                        ? new(step, StepState.NotApplicable)
                    : cause is not null && step < cause.Step ? new(step, StepState.Skipped, cause.Reason)
                    : new(step, StepState.Pending)
                ),
            ];
    }
}
