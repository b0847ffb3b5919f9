using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>The marketplace did not help: the bank, and after it a consumer body.</summary>
internal static class BankCauses
{
    /// <summary>Mediation takes up to about 30 days (AE-DISP-06).</summary>
    private const int DisputeWait = 30;

    /// <summary>20 business days: when a refund that was approved is late (AE-REF-01).</summary>
    private const int RefundWait = 28;

    private const int BankWait = 60;

    public static Cause? Of(Case c)
    {
        if (c.DoneOn(Step.Chargeback) is { } asked)
            return c.Today >= asked.AddDays(BankWait) && !c.IsDone(Step.ConsumerBody)
                ? new(
                    Step.ConsumerBody,
                    new(ReasonCode.BankDidNotHelp, Date: asked),
                    $"consumer-body/{Case.Iso(asked)}",
                    Channel.Alert
                )
                : null;
        // While customs waits for the buyer the goods are not withheld: a bank would refuse, and rightly.
        if (c.IsDone(Step.Chargeback) || c.CustomsWaits)
            return null;
        return Refused(c) ?? RefundLate(c) ?? Unanswered(c) ?? WindowOver(c);
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
            : Chargeback(ReasonCode.DisputeRefused, on, "refused");
    }

    private static Cause? RefundLate(Case c) =>
        c.RefundAgreedOn is { } on && c.Today >= on.AddDays(RefundWait)
            ? Chargeback(ReasonCode.RefundLate, on, "refund")
            : null;

    private static Cause? Unanswered(Case c)
    {
        if (c.Facts.Find<Fact.DisputeDecided>() is not null || c.RefundAgreedOn is not null)
            return null;
        var opened = c.Facts.Find<Fact.DisputeOpened>() is { Fact: Fact.DisputeOpened dispute } told
            ? c.DayOf(told, dispute.On)
            : c.DoneOn(Step.OpenDispute);
        return opened is { } on && c.Today >= on.AddDays(DisputeWait)
            ? Chargeback(ReasonCode.DisputeUnanswered, on, "unanswered")
            : null;
    }

    private static Cause? WindowOver(Case c) =>
        c.Window is { } window && c.Now >= window.ClosesAt && !c.PlatformWasAsked && (c.IsInTrouble || !window.Assumed)
            ? Chargeback(ReasonCode.DisputeWindowOver, window.LastChance, "window", c.Worst?.Shipment.Number)
            : null;

    private static Cause Chargeback(ReasonCode why, DateOnly on, string occasion, string? shipment = null) =>
        new(Step.Chargeback, new(why, Date: on), $"chargeback/{occasion}/{Case.Iso(on)}", Channel.Alert, shipment);
}
