using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>A dispute: at a critical silence, when the seller did not help, and in any case when protection is about to end.</summary>
internal static class DisputeCauses
{
    private const int SellerWait = 5;

    public static Cause? Of(Case c)
    {
        if (c.IsDone(Step.OpenDispute) || c.Now >= c.Window?.ClosesAt)
            return null;
        if (c.Missing is { Fact: Fact.Missing missing } report)
            return Open(
                c,
                c.DeliveredElsewhere is { } elsewhere
                    ? new(ReasonCode.DeliveredElsewhere, Country: elsewhere.Country)
                    : new(ReasonCode.DeliveredButMissing, Date: c.DayOf(report, missing.On)),
                "missing"
            );
        if (
            c.LeadsElsewhere is { } doubt
            && c.SellerAskedOn is { } told
            && c.Today >= told.AddDays(SellerWait)
            && !(c.Today < c.Window?.OpensOn)
        )
            return Open(
                c,
                new(
                    c.DeliveredElsewhere is null ? ReasonCode.OtherDestination : ReasonCode.DeliveredElsewhere,
                    Country: doubt.Country
                ),
                $"elsewhere/{doubt.Shipment.Id}"
            );
        return ByTheWindow(c) ?? (c.Today < c.Window?.OpensOn ? null : BySilence(c));
    }

    private static Cause? ByTheWindow(Case c)
    {
        // An assumed date alone does not send anybody to a dispute while all goes well; its warnings go out all the same.
        if (c.Window is not { } window || (window.Assumed && !c.IsInTrouble))
            return null;
        if (c.Now >= window.EndsAt)
            return Open(
                c,
                new(ReasonCode.ProtectionEnded, Date: window.Protection, Assumed: window.Assumed),
                $"act-on/{Case.Iso(window.Protection)}"
            );
        if (c.Today < window.PlanBy)
            return null;
        var left = Math.Max(0, window.Protection.DayNumber - c.Today.DayNumber);
        return Open(c, new(ReasonCode.ProtectionEnding, left, window.Protection, Assumed: window.Assumed), Silence(c));
    }

    private static Cause? BySilence(Case c)
    {
        if (c.Worst is { Level: StallLevel.Critical } silent)
            return Open(c, new(ReasonCode.Silent, silent.SilentDays, Leg: silent.Leg), Silence(c));
        return
            c.SellerAskedOn is { } asked
            && c.Today >= asked.AddDays(SellerWait)
            && (c.PromisePassed || (c.IsStalled && !c.CustomsWaits))
            ? Open(c, new(ReasonCode.SellerDidNotHelp, Date: asked), Silence(c))
            : null;
    }

    /// <summary>One alert per silence, however many reasons for a dispute it collects.</summary>
    private static string Silence(Case c) => c.IsStalled ? c.Episode(c.Worst) : "open";

    private static Cause Open(Case c, Reason reason, string occasion) =>
        new(
            Step.OpenDispute,
            reason,
            $"open-dispute/{occasion}",
            Channel.Alert,
            c.Worst?.Shipment.Number,
            With: Step.KnowRefundRules,
            DoBy: c.Window is not { } window ? null
                : c.Today <= window.LastSafeDay ? window.LastSafeDay
                : c.Today <= window.LastSafeChance ? window.LastSafeChance
                : window.LastChance,
            Assumed: c.Window is { Assumed: true }
        );
}
