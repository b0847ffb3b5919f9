using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>The marketplace did not help: the bank, and after it, or where no bank can help, a consumer body.</summary>
internal static class BankCauses
{
    /// <summary>Banks want a dispute well before the scheme's last day.</summary>
    private const int BankAhead = 30;

    public static Cause? Of(Case c)
    {
        if (c.DoneOn(Step.Chargeback) is { } asked)
            return c.IsDone(Step.ConsumerBody) || c.Today < c.Waits.BankAnswer(asked)
                ? null
                : new(
                    Step.ConsumerBody,
                    new(
                        c.IsAboveAuthorityLimit ? ReasonCode.AboveAuthorityLimit : ReasonCode.BankDidNotHelp,
                        Date: asked
                    ),
                    $"consumer-body/{Case.Iso(asked)}",
                    Channel.Alert,
                    Rule: c.Dates.Of(DayRole.BankAnswer)?.Rule.Id
                );
        // While customs waits for the buyer the goods are not withheld: a bank would refuse, and rightly.
        if (c.IsDone(Step.Chargeback) || c.CustomsWaits)
            return null;
        return Refused(c) ?? RefundLate(c) ?? Unanswered(c) ?? WindowOver(c) ?? TimeRunsOut(c);
    }

    private static Cause? Refused(Case c)
    {
        if (
            c.Facts.Find<Fact.DisputeDecided>()
            is not { Fact: Fact.DisputeDecided { Outcome: not DisputeOutcome.Granted } decided } told
        )
            return null;
        var on = c.DayOf(told, decided.On);
        // A refund agreed to after a refusal comes first; after a partial grant it is only the part.
        return decided.Outcome == DisputeOutcome.Refused && c.RefundAgreedOn >= on
            ? null
            : GoOn(c, ReasonCode.DisputeRefused, on, "refused");
    }

    private static Cause? RefundLate(Case c) =>
        c.RefundAgreedOn is { } on && c.Today >= c.Waits.RefundLate(on)
            ? GoOn(c, ReasonCode.RefundLate, on, "refund")
            : null;

    private static Cause? Unanswered(Case c) =>
        c.DisputePendingSince is { } on && (c.Today >= c.Waits.Decision(on) || IsClosedUnheard(c, on))
            ? GoOn(c, ReasonCode.DisputeUnanswered, on, "unanswered")
            : null;

    /// <summary>Nobody asked the platform to step in while it could be asked.</summary>
    private static bool IsClosedUnheard(Case c, DateOnly opened) =>
        c.Dates.Of(DayRole.DisputeEscalate) is { } escalate && c.Now >= escalate.MaybeEndsAt && !c.IsHandedOn(opened);

    private static Cause? WindowOver(Case c) =>
        c.NoDispute is { Code: ReasonCode.TooLate, Date: { } over }
        && !c.PlatformWasAsked
        && !c.WaitsAtPickup
        && (c.IsInTrouble || c.Window is { Assumed: false })
            ? GoOn(c, ReasonCode.DisputeWindowOver, over, "window", c.Worst?.Shipment.Number)
            : null;

    /// <summary>
    /// The bank's own last day comes before the platform has decided: both are asked. A dispute that can still be opened goes
    /// first, and where the marketplace takes no claim beside a bank's, its decision is waited for.
    /// </summary>
    private static Cause? TimeRunsOut(Case c)
    {
        if (
            c.Dates.Of(DayRole.ChargebackLastDay) is not { } last
            // Where a first way to the bank has closed and a second is open, it stays as urgent as it was.
            || c.Today
                < c.Dates.All.Where(d => d.Role == DayRole.ChargebackLastDay)
                    .Min(d => d.LastSafeDay)
                    .AddDays(-BankAhead)
            || c.Today < c.Dates.Of(DayRole.ChargebackOpens)?.LastDay
            || (c.DisputePendingSince is not null && c.Order.PlatformExcludesBank)
            || (c.DisputePendingSince is null && (c.RefundAgreedOn is not null || !DisputeIsOver(c) || !c.IsInTrouble))
        )
            return null;
        return GoOn(
            c,
            ReasonCode.ChargebackEnding,
            last.LastDay,
            "deadline",
            left: Math.Max(0, last.LastDay.DayNumber - c.Today.DayNumber)
        );
    }

    private static bool DisputeIsOver(Case c) => c.Window is null || c.Now >= c.Window.ClosesAt;

    /// <summary>To the bank where one can help, else to a consumer body.</summary>
    private static Cause? GoOn(
        Case c,
        ReasonCode why,
        DateOnly on,
        string occasion,
        string? shipment = null,
        int? left = null
    )
    {
        var reason = new Reason(why, left, on);
        if (c.NoBank is not null)
            return c.IsDone(Step.ConsumerBody)
                ? null
                : new(Step.ConsumerBody, reason, $"consumer-body/{occasion}/{Case.Iso(on)}", Channel.Alert, shipment);
        var last = c.Dates.Of(DayRole.ChargebackLastDay);
        return new(
            Step.Chargeback,
            reason,
            $"chargeback/{occasion}/{Case.Iso(on)}",
            Channel.Alert,
            shipment,
            DoBy: c.Today <= last?.LastSafeDay ? last.LastSafeDay
                : c.Today <= last?.LastDay ? last.LastDay
                : null,
            Assumed: last is { Assumed: true },
            Rule: last?.Rule.Id
        );
    }
}
