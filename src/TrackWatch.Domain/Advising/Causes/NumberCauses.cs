using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>
/// The number: at once where its check digit is wrong and nothing is known of it, or where it looks fake or foreign; else at
/// the first unusual silence.
/// </summary>
internal static class NumberCauses
{
    public static Cause? Of(Case c)
    {
        if (c.IsDone(Step.CheckNumber))
            return null;
        if (c.Shipments.FirstOrDefault(s => s.NumberLooksWrong && s.FirstEventAt is null) is { } typo)
            return new(
                Step.CheckNumber,
                new(ReasonCode.NumberWrong),
                $"check-number/typo/{typo.Id}",
                Channel.Alert,
                typo.Number
            );
        if (c.Doubts.FirstOrDefault(d => d.Kind != DoubtKind.DeliveredUnseen) is { } doubt)
            return Question(doubt);
        if (c.Worst is not { Level: StallLevel.Notice } silence)
            return null;
        return new(
            Step.CheckNumber,
            silence.Shipment.FirstEventAt is null
                ? new(ReasonCode.NumberUnknown, silence.SilentDays)
                : new(ReasonCode.Silent, silence.SilentDays, Leg: silence.Leg),
            $"check-number/{c.Episode(silence)}",
            Channel.Digest,
            silence.Shipment.Number
        );
    }

    private static Cause Question(Doubt doubt)
    {
        var (code, occasion) = doubt.Kind switch
        {
            DoubtKind.OtherDestination => (ReasonCode.OtherDestination, "destination"),
            DoubtKind.OlderThanOrder => (ReasonCode.OlderThanOrder, "older"),
            DoubtKind.OtherCarrier => (ReasonCode.OtherCarrier, "carrier"),
            DoubtKind.Swapped => (ReasonCode.NumberSwapped, "swapped"),
            _ => throw new ArgumentOutOfRangeException(nameof(doubt), doubt, "no question to ask about it"),
        };
        return new(
            Step.CheckNumber,
            new(code, Date: doubt.Day, Country: doubt.Country),
            $"check-number/{occasion}/{doubt.Shipment.Id}",
            // A swapped number is common and mostly right.
            doubt.Kind == DoubtKind.Swapped
                ? Channel.Digest
                : Channel.Alert,
            doubt.Shipment.Number
        );
    }
}
