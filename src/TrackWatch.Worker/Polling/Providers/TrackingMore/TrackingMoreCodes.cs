using System.Collections.Frozen;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

/// <summary>What a status or sub-status of TrackingMore means in our words. The leg is null where it can stand on more than one.</summary>
internal sealed record TrackingMoreCode(ParcelStatus Status, Leg? Leg = null, bool CustomsTrouble = false);

/// <summary>The statuses, sub-statuses and couriers of facts.md 5.</summary>
internal static class TrackingMoreCodes
{
    public const string Landed = "TRANSIT004";
    public const string Cleared = "TRANSIT005";

    private static readonly FrozenDictionary<string, TrackingMoreCode> Table = new (
        TrackingMoreCode Meaning,
        string Codes
    )[]
    {
        (new(ParcelStatus.NotFound), "PENDING NOTFOUND NOTFOUND002 NOT_FOUND002"),
        (new(ParcelStatus.InfoReceived, Leg.Label), "INFORECEIVED INFORECEIVED001 NOTFOUND001 NOT_FOUND001"),
        (new(ParcelStatus.InTransit), $"TRANSIT TRANSIT001 TRANSIT002 {Cleared} TRANSIT006"),
        (new(ParcelStatus.InTransit, Leg.LineHaul), "TRANSIT007"),
        (new(ParcelStatus.InTransit, Leg.ImportCustoms), Landed),
        (new(ParcelStatus.InTransit, Leg.LastMile), "TRANSIT003"),
        // The status word serves both; without its number the one that waits for nobody is meant.
        (new(ParcelStatus.OutForDelivery, Leg.PickupPoint), "PICKUP PICKUP001 PICKUP003"),
        (new(ParcelStatus.AvailableForPickup, Leg.PickupPoint), "PICKUP002"),
        (new(ParcelStatus.Delivered, Leg.PickupPoint), "DELIVERED DELIVERED001 DELIVERED002 DELIVERED003 DELIVERED004"),
        (
            new(ParcelStatus.AttemptFailed, Leg.PickupPoint),
            "UNDELIVERED UNDELIVERED001 UNDELIVERED002 UNDELIVERED003 UNDELIVERED004"
        ),
        (new(ParcelStatus.Exception), "EXCEPTION EXCEPTION004 EXCEPTION005 EXCEPTION007 EXCEPTION008 EXCEPTION009"),
        (new(ParcelStatus.Exception, CustomsTrouble: true), "EXCEPTION006"),
        // Their pages disagree on which of the two has arrived; to call a parcel returned too early would end the watch.
        (new(ParcelStatus.Returning), "EXCEPTION010 EXCEPTION011"),
        (new(ParcelStatus.Expired), "EXPIRED EXPIRED001"),
    }
        .SelectMany(row => row.Codes.Split(' '), (row, code) => KeyValuePair.Create(code, row.Meaning))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string> Couriers = new (string Names, string Code)[]
    {
        ("cainiao aliexpress", "cainiao"),
        ("chinapost", "china-post"),
        ("yunexpress", "yunexpress"),
        ("yanwen", "yanwen"),
        ("fourpx 4px", "4px"),
        ("usps", "usps"),
        ("ups", "ups"),
        ("fedex", "fedex"),
        ("dhl dhlexpress", "dhl"),
        ("royalmail", "royal-mail"),
    }
        .SelectMany(row => row.Names.Split(' '), (row, name) => KeyValuePair.Create(name, row.Code))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null for a code nobody has seen.</summary>
    /// <param name="code">In normal form.</param>
    public static TrackingMoreCode? Meaning(string code) => Table.GetValueOrDefault(code);

    /// <summary>TrackingMore's code of a carrier; null for one that is not in the list, which TrackingMore has to be asked for.</summary>
    public static string? Courier(string? name) => Couriers.GetValueOrDefault(Words.Name(name));
}
