using TrackWatch.Domain.Advising.Causes;
using TrackWatch.Domain.Advising.Deadlines;
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
    /// <summary>How far ahead a change is looked for: beyond the longest silence that a rule knows.</summary>
    private const int Horizon = 120;

    public static CaseVerdict Decide(OrderSnapshot order, DateTimeOffset now) =>
        Decide(order, new ApplicableRules(order), now);

    private static CaseVerdict Decide(OrderSnapshot order, ApplicableRules rules, DateTimeOffset now)
    {
        var c = new Case(order, rules, now);
        if (order.Facts.AreFinal)
            return new CaseVerdict(false, null, States(c, null), c.Assessments, c.Window, [])
            {
                Doubts = c.Doubts,
                Case = CaseLife.Next(order.Case, Why(c), now),
                Deadlines = c.Dates.All,
            };

        var cause = Cause.Of(c);
        var deadlines = DeadlineNotices.Of(c).ToList();
        var news = ParcelNews.Of(c).ToList();
        var open =
            cause is not null
            || deadlines.Count > 0
            || c.Worst is { Level: > StallLevel.Moving }
            || (c.PlatformWasAsked && c.WaitsForParcel)
            || news.Any(n => n.Channel == Channel.Alert);
        return new CaseVerdict(
            open,
            cause is null ? null : new StepVerdict(cause.Step, StepState.Due, cause.Reason, cause.DoBy),
            States(c, cause),
            c.Assessments,
            c.Window,
            [.. StepNotices.Of(c, cause), .. deadlines, .. news]
        )
        {
            Deadlines = c.Dates.All,
            Doubts = c.Doubts,
            Awaited = c.Waits.Of(c),
            Case = CaseLife.Next(order.Case, open ? null : Why(c), now),
        };
    }

    /// <summary>Why nothing is wrong, where nothing is.</summary>
    private static CaseEnd Why(Case c) =>
        c.Facts.Closed is { Why: not ClosedWhy.Refunded } ? CaseEnd.ClosedByBuyer
        : c.Facts.AreFinal ? CaseEnd.Refunded
        : c.WaitsForParcel ? CaseEnd.Moving
        : CaseEnd.Delivered;

    /// <summary>
    /// The first later moment at which the verdict would ask for more, if the parcels stay silent and sources answer;
    /// null = never. Looked up by deciding day after day, so it can never disagree with the decision. Where a case is
    /// open, or a day that the order names lies beyond the horizon, it is the moment to look again.
    /// </summary>
    public static DateTimeOffset? NextChange(OrderSnapshot order, CaseVerdict verdict, DateTimeOffset now)
    {
        if (order.Facts.AreFinal)
            return null;
        var told = verdict.Notices.Select(n => n.Instance).Concat(order.Advised.Keys).ToHashSet();
        var levels = verdict.Assessments.Select(a => a.Level).ToList();
        var written = order.Telling(verdict.Notices, now) with
        {
            Case = verdict.Case,
            OpenStalls =
            [
                .. verdict
                    .Assessments.Where(a => a.Level > StallLevel.Moving)
                    .Select(a => new OpenStall(a.Shipment.Id, a.Level, a.CountedFrom)),
            ],
        };
        var rules = new ApplicableRules(order);
        foreach (var then in Moments(written, verdict, now))
        {
            var next = Decide(SilentUntil(written, then), rules, then);
            if (
                next.Open != verdict.Open
                || next.Case?.State != verdict.Case?.State
                || next.Due?.Step != verdict.Due?.Step
                || next.Notices.Any(n => !told.Contains(n.Instance))
                || !next.Assessments.Select(a => a.Level).SequenceEqual(levels)
            )
                return then;
        }
        var end = Days.In(order.Zone, now).AddDays(Horizon);
        return verdict.Case is { State: CaseState.Open } || LastKnownDay(order, verdict) > end
            ? Days.StartOf(end, order.Zone)
            : null;
    }

    /// <summary>
    /// Verdicts change with the day in the order's zone, where a day ends that is printed in another zone, and where a case has
    /// settled.
    /// </summary>
    private static IEnumerable<DateTimeOffset> Moments(OrderSnapshot order, CaseVerdict verdict, DateTimeOffset now)
    {
        var today = Days.In(order.Zone, now);
        var end = Days.StartOf(today.AddDays(Horizon), order.Zone);
        return Enumerable
            .Range(1, Horizon)
            .Select(ahead => Days.StartOf(today.AddDays(ahead), order.Zone))
            .Concat(
                verdict
                    .Deadlines.SelectMany(d => new DateTimeOffset?[] { d.EndsAt, d.MaybeEndsAt })
                    .Append(verdict.Case?.SettlesAt)
                    .OfType<DateTimeOffset>()
                    .Where(turn => turn > now && turn < end)
            )
            .Distinct()
            .Order();
    }

    /// <summary>The same order as it will be if its parcels stay silent and their sources answer.</summary>
    public static OrderSnapshot SilentUntil(OrderSnapshot order, DateTimeOffset then) =>
        order with
        {
            Shipments = [.. order.Shipments.Select(s => s.LastAnswerAt is null ? s : s with { LastAnswerAt = then })],
        };

    private static DateOnly? LastKnownDay(OrderSnapshot order, CaseVerdict verdict)
    {
        DateOnly?[] days = [verdict.LastUsableDay, order.Order.PromisedBy, order.Facts.Snoozed?.Until];
        return days.Max();
    }

    private static IReadOnlyList<StepVerdict> States(Case c, Cause? cause) =>
        [.. Steps.All.Select(s => State(c, cause, s))];

    private static StepVerdict State(Case c, Cause? cause, Step step) =>
        step == cause?.Step ? new(step, StepState.Due, cause.Reason, cause.DoBy)
        : c.IsDone(step) ? new(step, StepState.Done)
        : step == cause?.With ? new(step, StepState.Due, cause.Reason, cause.DoBy)
        : Impossible(c, step) is { } why ? new(step, StepState.NotApplicable, why)
        : step < cause?.Step ? new(step, StepState.Skipped, cause.Reason)
        : new(step, StepState.Pending);

    private static Reason? Impossible(Case c, Step step) =>
        step switch
        {
            Step.CheckCustoms => c.Shipments.All(s => s.Leg is not (Leg.LineHaul or Leg.ImportCustoms))
                ? new(ReasonCode.NotAtCustoms)
                : null,
            Step.OpenDispute => c.NoDispute,
            Step.Chargeback => c.NoBank,
            _ => null,
        };
}
