using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>
/// The seller: when a leg stalls, the day after the promised delivery, where the number leads to another country, and where
/// the parcel goes back.
/// </summary>
internal static class SellerCauses
{
    public static bool IsCalledFor(Case c) =>
        (
            c.IsStalled
            || c.PromisePassed
            || c.LeadsElsewhere is not null
            || c.GoingBack is not null
            || c is { Missing: not null, MissingFrom: not null }
        ) && !c.IsDone(Step.ContactSeller);

    public static Cause? Of(Case c)
    {
        if (!IsCalledFor(c))
            return null;
        if (c.LeadsElsewhere is { } doubt)
            return new(
                Step.ContactSeller,
                new(
                    c.DeliveredElsewhere is null ? ReasonCode.OtherDestination : ReasonCode.DeliveredElsewhere,
                    Country: doubt.Country
                ),
                $"contact-seller/elsewhere/{doubt.Shipment.Id}",
                Channel.Alert,
                doubt.Shipment.Number
            );
        if (c.GoingBack is { } back)
            return new(
                Step.ContactSeller,
                new(ReasonCode.GoingBack, Date: c.GoingBackSince),
                $"contact-seller/going-back/{back.Id}",
                Channel.Alert,
                back.Number
            );
        if (c is { Missing: not null, MissingFrom: { } opens })
            return new(
                Step.ContactSeller,
                new(ReasonCode.MissingFrom, Date: opens),
                "contact-seller/missing",
                Channel.Alert,
                Rule: c.Dates.Of(DayRole.MissingOpens)?.Rule.Id
            );
        var silent = c.IsStalled;
        return new(
            Step.ContactSeller,
            silent
                ? new(ReasonCode.Silent, c.Worst!.SilentDays, Leg: c.Worst.Leg)
                : new(ReasonCode.PromisePassed, Date: c.Order.PromisedBy),
            silent
                ? $"contact-seller/{c.Episode(c.Worst)}"
                : $"contact-seller/promise/{Case.Iso(c.Order.PromisedBy!.Value)}",
            CustomsCauses.HasToldOfSeller(c, c.Worst) ? Channel.Digest : Channel.Alert,
            c.Worst?.Shipment.Number
        );
    }
}
