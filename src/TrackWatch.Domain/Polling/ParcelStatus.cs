namespace TrackWatch.Domain.Polling;

/// <summary>What every provider's own words are reduced to: one closed set.</summary>
public enum ParcelStatus
{
    /// <summary>Nothing is known that can be put into words; never replaces a status that was known before.</summary>
    Unknown,

    /// <summary>The provider answered and knows nothing of the number (yet).</summary>
    NotFound,

    /// <summary>Announced: a label exists, no carrier has scanned the parcel.</summary>
    InfoReceived,
    InTransit,
    Customs,
    OutForDelivery,

    /// <summary>Waits at a pick-up point or locker; the buyer does not have it.</summary>
    AvailableForPickup,
    AttemptFailed,
    Delivered,

    /// <summary>Something went wrong that the transport will not mend by itself.</summary>
    Exception,
    Returning,
    Returned,

    /// <summary>The provider has given the number up.</summary>
    Expired,
}

/// <summary>Sets of statuses that rules speak of.</summary>
public static class ParcelStatuses
{
    /// <summary>True where the journey is over, one way or the other.</summary>
    public static bool IsFinal(this ParcelStatus status) => status is ParcelStatus.Delivered or ParcelStatus.Returned;

    /// <summary>True where a carrier has had the parcel in its hands.</summary>
    public static bool IsScanned(this ParcelStatus status) =>
        status is not (ParcelStatus.Unknown or ParcelStatus.NotFound or ParcelStatus.InfoReceived);
}
