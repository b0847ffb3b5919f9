using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>A dispute: at a critical silence, when the seller did not help, and in any case when protection is about to end.</summary>
internal static class DisputeCauses
{
    /// <summary>How long a parcel that goes back waits for a word of the buyer before the dispute is called for anyway.</summary>
    private const int ReturnDays = 5;

    public static Cause? Of(Case c)
    {
        if (Unanswered(c) is { } unanswered)
            return unanswered;
        if (c.IsDone(Step.OpenDispute) || c.NoDispute is not null)
            return null;
        if (c.Missing is not null)
            return Missing(c);
        return Elsewhere(c) ?? ByTheWindow(c) ?? (c.Today < c.Window?.OpensOn ? null : Return(c) ?? BySilence(c));
    }

    /// <summary>The seller let the dispute lie, and the platform takes it over only if it is asked to.</summary>
    private static Cause? Unanswered(Case c) =>
        c.DisputePendingSince is { } opened
        && c.Dates.Of(DayRole.DisputeEscalate) is { } escalate
        && c.Today >= c.Waits.DisputeAnswer(opened)
        && c.Now < escalate.MaybeEndsAt
        && !c.IsHandedOn(opened)
            ? new(
                Step.OpenDispute,
                new(ReasonCode.DisputeNotAnswered, Date: opened),
                $"open-dispute/hand-on/{Case.Iso(opened)}",
                Channel.Alert,
                DoBy: c.Today <= escalate.LastSafeDay ? escalate.LastSafeDay : escalate.LastDay,
                Assumed: escalate.Assumed,
                Rule: escalate.Rule.Id
            )
            : null;

    /// <summary>Some platforms want a few days after the delivery scan; if those days cross the last safe one, nobody waits.</summary>
    private static Cause? Missing(Case c)
    {
        if (c.DeliveredElsewhere is { } doubt)
            return Open(c, new(ReasonCode.DeliveredElsewhere, Country: doubt.Country), "missing");
        return c.MissingFrom is not null
            ? null
            : Open(
                c,
                new(ReasonCode.DeliveredButMissing, Date: c.DayOf(c.Missing!, (c.Missing!.Fact as Fact.Missing)!.On)),
                "missing"
            );
    }

    private static Cause? Elsewhere(Case c) =>
        c.LeadsElsewhere is { } doubt
        && c.SellerAskedOn is { } asked
        && c.Today >= c.Waits.Seller(asked)
        && !(c.Today < c.Window?.OpensOn)
            ? Open(
                c,
                new(
                    c.DeliveredElsewhere is null ? ReasonCode.OtherDestination : ReasonCode.DeliveredElsewhere,
                    Country: doubt.Country
                ),
                $"elsewhere/{doubt.Shipment.Id}"
            )
            : null;

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
        return Open(
            c,
            new(ReasonCode.ProtectionEnding, left, window.Protection, Assumed: window.Assumed),
            Occasion(c, $"window/{Case.Iso(window.Protection)}")
        );
    }

    private static Cause? BySilence(Case c)
    {
        if (c.Worst is { Level: StallLevel.Critical } silent)
            return Open(c, new(ReasonCode.Silent, silent.SilentDays, Leg: silent.Leg), Occasion(c, c.Episode(silent)));
        return
            c.SellerAskedOn is { } asked
            && c.Today >= c.Waits.Seller(asked)
            && (c.PromisePassed || (c.IsStalled && !c.CustomsWaits))
            ? Open(c, new(ReasonCode.SellerDidNotHelp, Date: asked), Occasion(c, Asked(asked)))
            : null;
    }

    /// <summary>One alert per trouble, however many reasons for a dispute it collects: the name it was first told by stays.</summary>
    private static string Occasion(Case c, string otherwise) =>
        c.SellerAskedOn is { } asked && IsTold(c, Asked(asked)) ? Asked(asked)
        : IsTold(c, otherwise) || !c.IsStalled ? otherwise
        : c.Episode(c.Worst);

    private static Cause? Return(Case c) =>
        c.GoingBackSince is { } since
        && c.Today >= (c.SellerAskedOn is { } asked ? c.Waits.Seller(asked) : since.AddDays(ReturnDays))
            ? Open(c, new(ReasonCode.GoingBack, Date: since), $"going-back/{c.GoingBack!.Id}")
            : null;

    private static string Asked(DateOnly seller) => $"asked/{Case.Iso(seller)}";

    private static bool IsTold(Case c, string occasion) => c.Advised.ContainsKey($"step/open-dispute/{occasion}");

    private static Cause Open(Case c, Reason reason, string occasion) =>
        new(
            Step.OpenDispute,
            reason,
            $"open-dispute/{occasion}",
            Channel.Alert,
            c.Worst?.Shipment.Number,
            With: Step.KnowRefundRules,
            DoBy: DoBy(c),
            Assumed: c.Window is { Assumed: true }
        );

    private static DateOnly? DoBy(Case c)
    {
        DateOnly? window =
            c.Window is not { } w ? null
            : c.Today <= w.LastSafeDay ? w.LastSafeDay
            : c.Today <= w.LastSafeChance ? w.LastSafeChance
            : w.LastChance;
        // A missing parcel has a day of its own; once that is over the window still is a chance.
        var missing = c.Dates.Of(DayRole.MissingLastDay)?.LastSafeDay;
        return missing >= c.Today && !(missing > window) ? missing : window;
    }
}
