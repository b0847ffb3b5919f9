namespace TrackWatch.Domain.Polling;

/// <summary>The part of the journey a parcel is on, in the order of travel (G0 … G6 of the stall thresholds).</summary>
public enum Leg
{
    /// <summary>A label was made, no carrier scan.</summary>
    Label,

    /// <summary>Accepted in the origin country, not exported.</summary>
    Origin,

    /// <summary>Handed to the airline or on its way, not landed.</summary>
    LineHaul,

    /// <summary>Landed; import customs not finished.</summary>
    ImportCustoms,

    /// <summary>Cleared, waiting for the local carrier.</summary>
    Handover,

    /// <summary>The local carrier is moving it.</summary>
    LastMile,

    /// <summary>Out for delivery, after a failed attempt, or at a pick-up point.</summary>
    PickupPoint,
}

/// <summary>The legs' ids, as files and JSON write them.</summary>
public static class Legs
{
    public static string Id(this Leg leg) =>
        leg switch
        {
            Leg.Label => "label",
            Leg.Origin => "origin",
            Leg.LineHaul => "line-haul",
            Leg.ImportCustoms => "import-customs",
            Leg.Handover => "handover",
            Leg.LastMile => "last-mile",
            Leg.PickupPoint => "pickup-point",
            _ => throw new ArgumentOutOfRangeException(nameof(leg), leg, "no such leg"),
        };
}
