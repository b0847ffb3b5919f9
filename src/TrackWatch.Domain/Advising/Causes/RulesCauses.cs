using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>The refund rules: once the promise has passed, or three weeks before a protection date that was read off the order.</summary>
internal static class RulesCauses
{
    private const int DaysAhead = 21;

    public static Cause? Of(Case c)
    {
        if (c.IsDone(Step.KnowRefundRules))
            return null;
        if (c.PromisePassed)
            return Know(
                c,
                new(ReasonCode.PromisePassed, Date: c.Order.PromisedBy),
                $"promise/{Case.Iso(c.Order.PromisedBy!.Value)}"
            );
        if (c.Window is not { Assumed: false, Protection: var end })
            return null;
        var left = end.DayNumber - c.Today.DayNumber;
        return left is >= 0 and <= DaysAhead
            ? Know(c, new(ReasonCode.ProtectionEnding, left, end), Case.Iso(end))
            : null;
    }

    private static Cause Know(Case c, Reason reason, string occasion) =>
        new(
            Step.KnowRefundRules,
            reason,
            $"know-refund-rules/{occasion}",
            Channel.Digest,
            c.Worst?.Shipment.Number,
            DoBy: c.Window?.LastSafeDay is { } last && last >= c.Today ? last : null,
            Assumed: c.Window is { Assumed: true }
        );
}
