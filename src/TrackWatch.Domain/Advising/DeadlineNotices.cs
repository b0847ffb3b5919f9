using System.Globalization;
using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising;

/// <summary>
/// Warnings of last days. They go on while an order is snoozed or its source is blind, and end with the dispute. Of several
/// that are due only the newest is told, so that a first sight is one warning.
/// </summary>
internal static class DeadlineNotices
{
    /// <summary>Further ahead than these a warning goes by digest.</summary>
    private static readonly int[] AlertDays = [7, 3, 1];

    /// <summary>How long a promised refund is still spoken of that nobody was told of on its day.</summary>
    private const int RefundPromiseDays = 14;

    public static IEnumerable<NoticeDraft> Of(Case c)
    {
        if (!c.WaitsForParcel || c.PlatformWasAsked)
            yield break;
        if (
            c.Order.RefundIfUndeliveredBy is { } refund
            && c.Today >= refund
            && c.Today <= refund.AddDays(RefundPromiseDays)
        )
            yield return new(
                $"deadline/refund-promise/{Case.Iso(refund)}",
                NoticeKind.Deadline,
                Channel.Alert,
                new(ReasonCode.RefundPromiseDue, Date: refund),
                Step.KnowRefundRules,
                TellBy: refund,
                Rule: "AE-PROT-03"
            );
        if (c.Window is not { } window)
            yield break;
        if (Warning(c, window.Protection, [1, 3, 7, 14], "protection", ReasonCode.ProtectionEnding) is { } ending)
            yield return ending;
        else if (Warning(c, window.LastChance, [1, 3, 7], "last-chance", ReasonCode.LastChance) is { } last)
            yield return last;
    }

    /// <param name="lastDay">As printed; the day before is the last safe one.</param>
    private static NoticeDraft? Warning(Case c, DateOnly lastDay, int[] marks, string name, ReasonCode code)
    {
        var left = lastDay.DayNumber - c.Today.DayNumber;
        if (left < 0 || left > marks[^1])
            return null;
        var mark = marks.First(days => days >= left);
        // On the printed day itself the safe day is gone, the chance may not be.
        var by = left == 0 ? lastDay : lastDay.AddDays(-1);
        return new(
            $"deadline/{name}/{Case.Iso(lastDay)}/{mark.ToString(CultureInfo.InvariantCulture)}",
            NoticeKind.Deadline,
            AlertDays.Contains(mark) ? Channel.Alert : Channel.Digest,
            new(code, left, lastDay, Assumed: c.Window!.Assumed),
            Step.OpenDispute,
            DoBy: by,
            DoByAssumed: c.Window.Assumed,
            TellBy: by,
            Rule: DisputeWindow.RuleId
        );
    }
}
