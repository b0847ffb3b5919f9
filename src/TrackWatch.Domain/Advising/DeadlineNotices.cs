using System.Globalization;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising;

/// <summary>
/// Warnings of last days. They go on while an order is snoozed or its source is blind, and end with what they are for. Of
/// several marks of one deadline only the newest is told, so that a first sight is one warning.
/// </summary>
internal static class DeadlineNotices
{
    /// <summary>How long a day is still spoken of that nobody was told of when it came.</summary>
    private const int StillNews = 14;

    // Days before a last day on which it is warned of, where its rule names none.
    private static readonly int[] Usual = [14, 7, 3, 1];
    private static readonly int[] Short = [7, 3, 1];
    private static readonly int[] ForTheBank = [30, 14, 7, 3, 1];

    public static IEnumerable<NoticeDraft> Of(Case c)
    {
        NoticeDraft?[] every =
        [
            RefundPromise(c),
            .. Dispute(c),
            Escalation(c),
            MissingClaim(c),
            CustomsHold(c),
            Bank(c),
            WalletClaim(c),
            RefundExpected(c),
            LateCredit(c),
            AuthorityLimit(c),
        ];
        return every.OfType<NoticeDraft>();
    }

    private static NoticeDraft? RefundPromise(Case c) =>
        !c.PlatformWasAsked && c.WaitsForParcel
            ? OnceFrom(
                c,
                DayRole.RefundPromise,
                "refund-promise",
                Channel.Alert,
                ReasonCode.RefundPromiseDue,
                Step.KnowRefundRules
            )
            : null;

    /// <summary>The end of protection and the last chance behind it; where both are one day, that day once.</summary>
    private static IEnumerable<NoticeDraft?> Dispute(Case c)
    {
        if (c.PlatformWasAsked || !c.WaitsForParcel || c.Window is not { } window)
            yield break;
        var (first, last) = DisputeWindow.Ends(c.Dates)!.Value;
        yield return Of(first, Usual, ReasonCode.ProtectionEnding);
        if (window.LastChance != first.LastDay)
            yield return Of(
                last with
                {
                    LastDay = window.LastChance,
                    LastSafeDay = window.LastSafeChance,
                },
                Short,
                first == last ? ReasonCode.ProtectionEnding : ReasonCode.LastChance
            );

        NoticeDraft? Of(Deadline end, int[] usual, ReasonCode code) =>
            Warning(
                c,
                end,
                Marks(end, usual),
                end.Role == DayRole.ProtectionEnd ? "protection" : "last-chance",
                code,
                Step.OpenDispute,
                // An end of protection matters for the dispute that it ends.
                end.Role == DayRole.ProtectionEnd
                    ? window.Rule
                    : end.Rule.Id
            );
    }

    /// <summary>A dispute that nobody has decided closes for good unless the platform is asked to step in.</summary>
    private static NoticeDraft? Escalation(Case c) =>
        c.Facts.Find<Fact.DisputeDecided>() is null
        && c.RefundAgreedOn is null
        && c.Dates.Clock(ClockEvent.DisputeOpened) is not null
        && c.Dates.Of(DayRole.DisputeEscalate) is { } escalate
            ? Warning(c, escalate, Marks(escalate, Short), "escalate", ReasonCode.EscalationEnding, null)
            : null;

    private static NoticeDraft? MissingClaim(Case c) =>
        !c.PlatformWasAsked && c.Dates.Of(DayRole.MissingLastDay) is { } claim
            ? Warning(c, claim, Marks(claim, Short), "missing", ReasonCode.MissingClaimEnding, Step.OpenDispute)
            : null;

    /// <summary>At half-time, because papers take days to get, and then as usual.</summary>
    private static NoticeDraft? CustomsHold(Case c)
    {
        if (!c.CustomsWaits || c.RefundAgreedOn is not null || c.Dates.Of(DayRole.CustomsHold) is not { } hold)
            return null;
        var since = c.Dates.Clock(ClockEvent.CustomsNotice) ?? c.Dates.Clock(ClockEvent.HandedToCustoms);
        var half = (hold.LastDay.DayNumber - since?.DayNumber) / 2 ?? 0;
        int[] marks = half > 3 ? [half, 3, 1] : [3, 1];
        return Warning(c, hold, marks, "customs-hold", ReasonCode.HoldEnding, Step.CheckCustoms);
    }

    /// <summary>The bank or the wallet: until it was asked, while the buyer has neither goods nor money.</summary>
    private static NoticeDraft? Bank(Case c) =>
        c.WaitsForParcel && !c.IsDone(Step.Chargeback) && c.Dates.Of(DayRole.ChargebackLastDay) is { } bank
            ? Warning(c, bank, Marks(bank, ForTheBank), "chargeback", ReasonCode.ChargebackEnding, Step.Chargeback)
            : null;

    private static NoticeDraft? WalletClaim(Case c) =>
        c.WaitsForParcel && c.Dates.Of(DayRole.ChargebackEscalate) is { } claim
            ? Warning(c, claim, Marks(claim, Short), "wallet-claim", ReasonCode.WalletClaimEnding, null)
            : null;

    /// <summary>A word on the day the money should be there; once it is late the ladder speaks of it.</summary>
    private static NoticeDraft? RefundExpected(Case c) =>
        c.Today < c.Dates.Of(DayRole.RefundLate)?.LastDay
            ? OnceFrom(c, DayRole.RefundExpected, "refund-expected", Channel.Digest, ReasonCode.RefundExpected, null)
            : null;

    /// <summary>Only where the order names the day: a coupon that nobody promised is not worth a line.</summary>
    private static NoticeDraft? LateCredit(Case c) =>
        c.WaitsForParcel && c.Order.CouponIfDelayedBy is not null
            ? OnceFrom(c, DayRole.LateCredit, "late-credit", Channel.Digest, ReasonCode.LateCreditDue, null)
            : null;

    /// <summary>A consumer body's limits change with the year, which a case that is about to go there should know.</summary>
    private static NoticeDraft? AuthorityLimit(Case c)
    {
        var isNear = c.WaitsForParcel && (c.Facts.Done(Step.Chargeback) is not null || c.IsDone(Step.OpenDispute));
        var changed = isNear
            ? c
                .Dates.Rules.OfType<MoneyRule>()
                .Where(rule => rule.Role == MoneyRole.AuthorityLimit)
                .SelectMany(rule => new[] { (rule, On: rule.EffectiveFrom), (rule, On: rule.EffectiveTo?.AddDays(1)) })
                .Where(change => change.On <= c.Today && c.Today < change.On?.AddDays(StillNews))
                .OrderByDescending(change => change.rule.EffectiveFrom)
                .FirstOrDefault()
            : default;
        return changed is { rule: { } limit, On: { } on }
            ? new(
                $"deadline/authority-limit/{Case.Iso(on)}",
                NoticeKind.Deadline,
                Channel.Digest,
                new(ReasonCode.AuthorityLimitChanged, Date: on),
                Rule: limit.Id
            )
            : null;
    }

    /// <summary>Something can be asked for from a day on: told then, or as soon as it is known within two weeks.</summary>
    private static NoticeDraft? OnceFrom(
        Case c,
        DayRole role,
        string name,
        Channel channel,
        ReasonCode code,
        Step? step
    ) =>
        c.Dates.Of(role) is { LastDay: var day } due && c.Today >= day && c.Today <= day.AddDays(StillNews)
            ? new(
                $"deadline/{name}/{Case.Iso(day)}",
                NoticeKind.Deadline,
                channel,
                new(code, Date: day, Assumed: due.Assumed),
                step,
                TellBy: channel == Channel.Alert ? day : null,
                Rule: due.Rule.Id
            )
            : null;

    /// <summary>The rule's own marks, or the usual ones; three days and one day ahead go with every rule.</summary>
    private static IReadOnlyCollection<int> Marks(Deadline deadline, IReadOnlyCollection<int> usual) =>
        deadline.Rule.WarnBefore is { Count: > 0 } own ? [.. own.Union([3, 1])] : usual;

    /// <summary>Marks count from the printed day; the day to act by is the last safe one.</summary>
    /// <param name="own">The days of warning where no setting names others.</param>
    private static NoticeDraft? Warning(
        Case c,
        Deadline deadline,
        IReadOnlyCollection<int> own,
        string name,
        ReasonCode code,
        Step? step,
        string? rule = null
    )
    {
        var marks = c.Reminding.Marks(own);
        var left = deadline.LastDay.DayNumber - c.Today.DayNumber;
        // A last day that falls into an absence is told of before the buyer leaves.
        var departure = c.Buyer.AwayOn(deadline.LastSafeDay)?.From.AddDays(-1);
        var beforeDeparture = deadline.LastDay.DayNumber - departure?.DayNumber;
        if (beforeDeparture is { } eve)
            marks = marks.Append(eve);
        if (left < 0 || marks.Where(days => days >= left).Cast<int?>().Min() is not { } mark)
            return null;
        // On the printed day itself the safe day is gone, the chance may not be.
        var by = c.Today > deadline.LastSafeDay ? deadline.LastDay : deadline.LastSafeDay;
        return new(
            $"deadline/{name}/{Case.Iso(deadline.LastDay)}/{mark.ToString(CultureInfo.InvariantCulture)}",
            NoticeKind.Deadline,
            c.Reminding.IsAlert(mark) || mark == beforeDeparture ? Channel.Alert : Channel.Digest,
            new(code, left, deadline.LastDay, Assumed: deadline.Assumed),
            step,
            DoBy: by,
            DoByAssumed: deadline.Assumed,
            TellBy: mark == beforeDeparture ? departure : by,
            Rule: rule ?? deadline.Rule.Id
        );
    }
}
