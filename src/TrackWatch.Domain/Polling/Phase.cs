namespace TrackWatch.Domain.Polling;

/// <summary>How far along a journey an event stands: only to tell which of two events of the same second came later.</summary>
public static class Phase
{
    /// <summary>Announced, then origin, line haul, customs, local carrier, delivering, over; what says nothing stands below all.</summary>
    public static int RankOf(ParcelStatus status, Leg? leg) =>
        status switch
        {
            ParcelStatus.Returned => 100,
            ParcelStatus.Delivered => 92,
            ParcelStatus.Returning => 91,
            ParcelStatus.Expired => 90,
            ParcelStatus.AvailableForPickup => 82,
            ParcelStatus.AttemptFailed => 81,
            ParcelStatus.OutForDelivery => 80,
            _ when leg is { } known => 10 * (1 + (int)known),
            ParcelStatus.Unknown or ParcelStatus.NotFound => 0,
            ParcelStatus.InfoReceived => 10,
            _ => 15,
        };
}
