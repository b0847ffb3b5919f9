using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>
/// The seller: when a leg stalls, the day after the promised delivery, where the number leads to another country, and where
/// the parcel goes back.
/// </summary>
internal static class SellerCauses
{
    private const int AlertsApart = 3;

    public static bool IsCalledFor(Case c) =>
        (
            c.IsStalled
            || c.PromisePassed
            || c.LeadsElsewhere is not null
            || c.GoingBack is not null
            || c is { Missing: not null, MissingFrom: not null }
        ) && !c.IsDone(Step.ContactSeller);

    public static string AboutReturn(Assessing.ShipmentView back) => $"contact-seller/going-back/{back.Id}";

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
                AboutReturn(back),
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
        var occasion = silent
            ? $"contact-seller/{c.Episode(c.Worst)}"
            : $"contact-seller/promise/{Case.Iso(c.Order.PromisedBy!.Value)}";
        return new(
            Step.ContactSeller,
            silent
                ? new(ReasonCode.Silent, c.Worst!.SilentDays, Leg: c.Worst.Leg)
                : new(ReasonCode.PromisePassed, Date: c.Order.PromisedBy),
            occasion,
            CustomsCauses.HasToldOfSeller(c, c.Worst) || WasAskedFor(c, $"step/{occasion}")
                ? Channel.Digest
                : Channel.Alert,
            c.Worst?.Shipment.Number
        );
    }

    /// <summary>The same was asked for days ago for another reason: a second alert would only press.</summary>
    private static bool WasAskedFor(Case c, string instance) =>
        c.Advised.Any(told =>
            told.Key != instance
            && told.Key.StartsWith("step/contact-seller/", StringComparison.Ordinal)
            && c.Day(told.Value).AddDays(AlertsApart) > c.Today
        );
}
