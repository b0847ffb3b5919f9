using System.Globalization;
using TrackWatch.Domain.Advising.Causes;
using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising;

/// <summary>The step that is due, and what is said of it again in later digests while nobody has done it.</summary>
internal static class StepNotices
{
    /// <summary>A source is asked daily at least: after two days without an answer it does not give any.</summary>
    private static readonly TimeSpan NoAnswer = TimeSpan.FromDays(2);

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
                    IsAboutSilence(cause)
                        ? (c.Assessments.FirstOrDefault(a => a.Shipment.Number == cause.Shipment) ?? c.Worst)?.Rule.Id
                        : null
                )
        );
        yield return first;
        // A gap that is often normal asks for nothing today, and is not brought up again.
        if (cause is { Step: Step.CheckNumber, Channel: Channel.Digest })
            yield break;
        if (!c.Advised.TryGetValue(first.Instance, out var told) || (IsAboutSilence(cause) && IsUnseen(c, cause)))
            yield break;
        var waited = c.Today.DayNumber - c.Day(told).DayNumber;
        var mark = c.Reminding.RepeatAfter.Where(days => days <= waited).DefaultIfEmpty().Max();
        if (mark > 0)
            yield return first with
            {
                Instance = $"{first.Instance}/again-{mark.ToString(CultureInfo.InvariantCulture)}",
                Channel = Channel.Digest,
                TellBy = null,
            };
    }

    private static bool IsAboutSilence(Cause cause) =>
        cause.Reason.Code is ReasonCode.Silent or ReasonCode.NumberUnknown;

    /// <summary>Nobody knows whether it is silent still.</summary>
    private static bool IsUnseen(Case c, Cause cause) =>
        c.Shipments.FirstOrDefault(s => s.Number == cause.Shipment)?.LastAnswerAt < c.Now - NoAnswer;
}
