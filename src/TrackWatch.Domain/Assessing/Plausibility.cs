using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Assessing;

public enum DoubtKind
{
    /// <summary>The history, or its beginning, is older than the order: the number was used before, or is not the order's.</summary>
    OlderThanOrder,

    /// <summary>The source names another destination than the order's, or scanned the parcel in another country's last mile.</summary>
    OtherDestination,

    /// <summary>Delivered, though nothing was ever scanned in the destination country.</summary>
    DeliveredUnseen,

    /// <summary>The number belongs to the post of a country that is neither the carrier's nor the destination's.</summary>
    OtherCarrier,

    /// <summary>The seller put it in the place of another number, and it has not arrived in the country yet.</summary>
    Swapped,
}

/// <summary>Something about a number that does not fit its order.</summary>
/// <param name="Country">ISO 3166: the country that does not fit; null = none is in question.</param>
/// <param name="Day">The day that does not fit.</param>
public sealed record Doubt(ShipmentView Shipment, DoubtKind Kind, string? Country = null, DateOnly? Day = null);

/// <summary>
/// Finds numbers that look fake or foreign. Only what the order itself says counts against a number, and a name that cannot
/// be read is no evidence: a false alarm would send a buyer after an honest seller.
/// </summary>
public static class Plausibility
{
    /// <summary>Clocks and zones put an honest first event up to a day before the order.</summary>
    private const int ClockDays = 1;

    /// <summary>Posts that an order may name as its carrier, with their countries.</summary>
    private static readonly Dictionary<string, string> Posts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["royal_mail"] = "GB",
        ["la_poste"] = "FR",
        ["deutsche_post"] = "DE",
        ["ptt"] = "TR",
        ["postnl"] = "NL",
        ["correos"] = "ES",
        ["usps"] = "US",
        ["canada_post"] = "CA",
        ["australia_post"] = "AU",
    };

    /// <summary>A history that ended before the order was placed belongs to somebody else's parcel: to this order the number is unheard of.</summary>
    public static ShipmentView SetAside(Order order, ShipmentView shipment, TimeZoneInfo zone) =>
        IsOlder(order, shipment.LastEventAt, zone)
            ? shipment with
            {
                Status = ParcelStatus.NotFound,
                Leg = null,
                ActionNeeded = false,
                CustomsTrouble = false,
                EndsByDesign = false,
                FirstEventAt = null,
                FirstScanAt = null,
                LastEventAt = null,
                LastProgressAt = null,
                LastText = null,
                LastPlace = null,
            }
            : shipment;

    /// <summary>Worst first.</summary>
    public static IEnumerable<Doubt> Of(Order order, ShipmentView shipment, TimeZoneInfo zone)
    {
        var older = IsOlder(order, shipment.FirstEventAt, zone);
        // What happened to another parcel says nothing of this one.
        var anothers = IsOlder(order, shipment.LastEventAt, zone);
        if (!anothers && OtherDestination(order, shipment) is { } country)
            yield return new Doubt(shipment, DoubtKind.OtherDestination, country);
        if (older)
            yield return new Doubt(
                shipment,
                DoubtKind.OlderThanOrder,
                Day: Days.In(zone, shipment.FirstEventAt!.Value)
            );
        if (anothers)
            yield break;
        if (shipment is { Status: ParcelStatus.Delivered, SeenInDestination: false, EndsByDesign: false })
            yield return new Doubt(shipment, DoubtKind.DeliveredUnseen);
        var tracked = order.Tracking.FirstOrDefault(t => t.Number == shipment.Number);
        if (OtherPost(order, shipment.Number, tracked?.Carrier) is { } post)
            yield return new Doubt(shipment, DoubtKind.OtherCarrier, post);
        if (tracked?.Replaces is not null && !shipment.Status.IsFinal() && shipment.Leg is null or < Leg.ImportCustoms)
            yield return new Doubt(shipment, DoubtKind.Swapped);
    }

    private static bool IsOlder(Order order, DateTimeOffset? at, TimeZoneInfo zone) =>
        at is { } instant && order.Ordered is { } ordered && Days.In(zone, instant) < ordered.AddDays(-ClockDays);

    /// <summary>What the source says of the destination; else, where the local carrier has it, the country it was scanned in.</summary>
    private static string? OtherDestination(Order order, ShipmentView shipment)
    {
        if (order.ShipTo?.Country is not { } wanted)
            return null;
        var told = CountryNames.Find(shipment.Destination);
        if (told is not null)
            return CountryNames.AreSame(told, wanted) ? null : told;
        var scanned = shipment.Leg >= Leg.LastMile ? CountryNames.Find(shipment.LastPlace) : null;
        return scanned is null || CountryNames.AreSame(scanned, wanted) ? null : scanned;
    }

    private static string? OtherPost(Order order, string number, string? carrier) =>
        carrier is not null
        && Posts.TryGetValue(carrier, out var post)
        && NumberCheck.IssuerOf(number) is { } issuer
        && issuer != post
        // A destination's post carries the numbers of every other post.
        && order.ShipTo?.Country is { } wanted
        && !CountryNames.AreSame(post, wanted)
            ? issuer
            : null;
}
