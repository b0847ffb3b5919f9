using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>Customs: at once where it waits for the buyer, else when its leg stalls. The seller's step shares the mail.</summary>
internal static class CustomsCauses
{
    public static Cause? Of(Case c)
    {
        if (c.IsDone(Step.CheckCustoms))
            return null;
        var silence =
            c.Held ?? c.Assessments.FirstOrDefault(a => a is { Level: >= StallLevel.Stalled, Leg: Leg.ImportCustoms });
        if (silence is null && !c.CustomsWaits)
            return null;
        var hold = c.Facts.CustomsHold?.Until;
        var withSeller = SellerCauses.IsCalledFor(c);
        return new(
            Step.CheckCustoms,
            c.CustomsWaits
                ? new(ReasonCode.HeldAtCustoms, Date: hold, Leg: Leg.ImportCustoms)
                : new(ReasonCode.Silent, silence!.SilentDays, Leg: silence.Leg),
            // That the seller was written to meanwhile is no reason to ask about customs anew.
            withSeller || HasToldOfSeller(c, silence)
                ? SharedInstance(c, silence)
                : Instance(c, silence),
            Channel.Alert,
            silence?.Shipment.Number,
            With: withSeller ? Step.ContactSeller : null,
            DoBy: hold
        );
    }

    /// <summary>The seller's step of this silence was in a mail with the customs step.</summary>
    public static bool HasToldOfSeller(Case c, Assessment? silence) =>
        c.Advised.ContainsKey($"step/{SharedInstance(c, silence)}");

    private static string Instance(Case c, Assessment? silence) => $"check-customs/{c.Episode(silence)}";

    private static string SharedInstance(Case c, Assessment? silence) => $"{Instance(c, silence)}/with-seller";
}
