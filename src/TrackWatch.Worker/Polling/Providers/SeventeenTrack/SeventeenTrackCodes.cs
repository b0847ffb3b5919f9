using System.Collections.Frozen;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

/// <summary>What a code of 17TRACK means in our words.</summary>
internal sealed record SeventeenTrackCode(
    ParcelStatus Status,
    EventWeight Weight = EventWeight.Full,
    bool ActionNeeded = false
);

/// <summary>The statuses, sub-statuses, stages and carriers of facts.md 2.3 to 2.5.</summary>
internal static class SeventeenTrackCodes
{
    public const string PickedUp = "PICKEDUP";
    public const string Departure = "DEPARTURE";
    public const string Arrival = "ARRIVAL";

    private static readonly FrozenDictionary<string, SeventeenTrackCode> Table = new (
        ParcelStatus Status,
        string Codes
    )[]
    {
        (ParcelStatus.NotFound, "NOTFOUND NOTFOUND_OTHER NOTFOUND_INVALIDCODE"),
        (ParcelStatus.InfoReceived, "INFORECEIVED"),
        (
            ParcelStatus.InTransit,
            "INTRANSIT INTRANSIT_PICKEDUP INTRANSIT_OTHER INTRANSIT_DEPARTURE INTRANSIT_ARRIVAL INTRANSIT_CUSTOMSRELEASED "
                + $"{PickedUp} {Departure} {Arrival}"
        ),
        (ParcelStatus.Customs, "INTRANSIT_CUSTOMSPROCESSING"),
        (ParcelStatus.AvailableForPickup, "AVAILABLEFORPICKUP AVAILABLEFORPICKUP_OTHER"),
        (ParcelStatus.OutForDelivery, "OUTFORDELIVERY OUTFORDELIVERY_OTHER"),
        (
            ParcelStatus.AttemptFailed,
            "DELIVERYFAILURE DELIVERYFAILURE_OTHER DELIVERYFAILURE_NOBODY DELIVERYFAILURE_SECURITY "
                + "DELIVERYFAILURE_REJECTED DELIVERYFAILURE_INVALIDADDRESS"
        ),
        (ParcelStatus.Delivered, "DELIVERED DELIVERED_OTHER"),
        (
            ParcelStatus.Exception,
            "EXCEPTION EXCEPTION_OTHER EXCEPTION_NOBODY EXCEPTION_SECURITY EXCEPTION_DAMAGE EXCEPTION_REJECTED "
                + "EXCEPTION_LOST EXCEPTION_DESTROYED EXCEPTION_CANCEL"
        ),
        (ParcelStatus.Returning, "RETURNING EXCEPTION_RETURNING"),
        (ParcelStatus.Returned, "RETURNED EXCEPTION_RETURNED"),
        (ParcelStatus.Expired, "EXPIRED EXPIRED_OTHER"),
    }
        .SelectMany(
            row => row.Codes.Split(' '),
            (row, code) => KeyValuePair.Create(code, new SeventeenTrackCode(row.Status))
        )
        .Append(
            new(
                "INTRANSIT_CUSTOMSREQUIRINGINFORMATION",
                new SeventeenTrackCode(ParcelStatus.Customs, ActionNeeded: true)
            )
        )
        // A delay is no trouble that anybody could do something about: it is shown and moves nothing.
        .Append(new("EXCEPTION_DELAYED", new SeventeenTrackCode(ParcelStatus.Exception, EventWeight.Vague)))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> Carriers = new (string Names, int Key)[]
    {
        ("chinapost", 3011),
        ("cainiao", 190271),
        ("aliexpress", 190625),
        ("yunexpress", 190008),
        ("yanwen", 190012),
        ("fourpx 4px", 190094),
        ("sunyou", 190072),
        ("jnet", 190082),
        ("yto ytoexpress", 190157),
        ("ptt", 20111),
        ("usps", 21051),
        ("royalmail", 11031),
        ("laposte colissimo", 6051),
        ("dhl dhlexpress", 100001),
        ("dhlde dhlpaket", 7041),
        ("deutschepost", 7044),
        ("ups", 100002),
        ("fedex", 100003),
        ("gls", 100005),
        ("dpdde", 100007),
        ("hermes", 100031),
        ("evri", 100331),
    }
        .SelectMany(row => row.Names.Split(' '), (row, name) => KeyValuePair.Create(name, row.Key))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null for a code nobody has seen.</summary>
    /// <param name="code">In normal form.</param>
    public static SeventeenTrackCode? Meaning(string code) => Table.GetValueOrDefault(code);

    /// <summary>17TRACK's key of a carrier; null for one not in the list, which 17TRACK then has to find by the number.</summary>
    public static int? CarrierKey(string? name) => Carriers.TryGetValue(Words.Name(name), out var key) ? key : null;
}
