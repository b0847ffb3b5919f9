using System.Globalization;
using TrackWatch.Domain.Advising.Causes;
using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising;

/// <summary>The step that is due, and what is said of it again in later digests while nobody has done it.</summary>
internal static class StepNotices
{
    private static readonly int[] RepeatDays = [3, 7, 14];

    public static IEnumerable<NoticeDraft> Of(Case c, Cause? cause)
    {
        if (cause is null || c.IsSnoozed)
            yield break;
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
            Shipment: cause.Shipment,
            Rule: cause.Rule
                ?? (cause.Step is Step.OpenDispute or Step.KnowRefundRules ? c.Window?.Rule : null)
                ?? (
                    cause.Reason.Code is ReasonCode.Silent or ReasonCode.NumberUnknown
                        ? (c.Assessments.FirstOrDefault(a => a.Shipment.Number == cause.Shipment) ?? c.Worst)?.Rule.Id
                        : null
                )
        );
        yield return first;
        // A gap that is often normal asks for nothing today, and is not brought up again.
        if (cause is { Step: Step.CheckNumber, Channel: Channel.Digest })
            yield break;
        if (!c.Advised.TryGetValue(first.Instance, out var told))
            yield break;
        var waited = c.Today.DayNumber - c.Day(told).DayNumber;
        var mark = RepeatDays.LastOrDefault(days => days <= waited);
        if (mark > 0)
            yield return first with
            {
                Instance = $"{first.Instance}/again-{mark.ToString(CultureInfo.InvariantCulture)}",
                Channel = Channel.Digest,
                TellBy = null,
            };
    }
}
