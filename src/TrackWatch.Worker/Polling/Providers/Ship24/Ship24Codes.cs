using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Providers.Ship24;

/// <summary>What a code of Ship24 means in our words.</summary>
internal sealed record Ship24Code(
    ParcelStatus Status,
    Leg? Leg = null,
    bool ActionNeeded = false,
    bool CustomsTrouble = false
);

/// <summary>The milestones and status codes of facts.md 1.</summary>
internal static class Ship24Codes
{
    public const string Landed = "DESTINATION_ARRIVAL";
    public const string CustomsCleared = "CUSTOMS_CLEARED";

    /// <summary>By the status code where a table has it, else by the milestone, which is always sent; null where neither is known.</summary>
    /// <param name="statusCode">In normal form, like <paramref name="milestone"/>.</param>
    public static Ship24Code? Meaning(string statusCode, string milestone) =>
        OfStatusCode(statusCode) ?? OfMilestone(milestone);

    public static Ship24Code? OfStatusCode(string statusCode) =>
        statusCode switch
        {
            "DATA_ORDER_CREATED" => new(ParcelStatus.InfoReceived, Leg.Label),
            "DATA_ORDER_CANCELLED" => new(ParcelStatus.Exception),
            "DATA_DELIVERY_PROPOSED" or "DATA_DELIVERY_DECIDED" or "TRANSIT_HANDOVER" or CustomsCleared => new(
                ParcelStatus.InTransit
            ),
            "TRANSIT_ORIGIN_COUNTRY_DEPARTURE" => new(ParcelStatus.InTransit, Leg.LineHaul),
            Landed => new(ParcelStatus.InTransit, Leg.ImportCustoms),
            "CUSTOMS_RECEIVED" => new(ParcelStatus.Customs),
            "CUSTOMS_EXCEPTION" => new(ParcelStatus.Customs, ActionNeeded: true),
            "CUSTOMS_REJECTED" => new(ParcelStatus.Exception, CustomsTrouble: true),
            "DELIVERY_OUT_FOR_DELIVERY" => new(ParcelStatus.OutForDelivery, Leg.PickupPoint),
            "DELIVERY_ATTEMPTED" => new(ParcelStatus.AttemptFailed, Leg.PickupPoint),
            "DELIVERY_REFUSED" or "DELIVERY_EXCEPTION" => new(ParcelStatus.Exception),
            "DELIVERY_AVAILABLE_FOR_PICKUP" => new(ParcelStatus.AvailableForPickup, Leg.PickupPoint),
            "DELIVERY_DELIVERED" => new(ParcelStatus.Delivered, Leg.PickupPoint),
            "EXCEPTION_RETURN" => new(ParcelStatus.Returning),
            "EXCEPTION_LOST" or "EXCEPTION_DISCARDED" => new(ParcelStatus.Exception),
            _ => null,
        };

    public static Ship24Code? OfMilestone(string milestone) =>
        milestone switch
        {
            "PENDING" => new(ParcelStatus.NotFound),
            "INFO_RECEIVED" => new(ParcelStatus.InfoReceived, Leg.Label),
            "IN_TRANSIT" => new(ParcelStatus.InTransit),
            "OUT_FOR_DELIVERY" => new(ParcelStatus.OutForDelivery, Leg.PickupPoint),
            "FAILED_ATTEMPT" => new(ParcelStatus.AttemptFailed, Leg.PickupPoint),
            "AVAILABLE_FOR_PICKUP" => new(ParcelStatus.AvailableForPickup, Leg.PickupPoint),
            "DELIVERED" => new(ParcelStatus.Delivered, Leg.PickupPoint),
            "EXCEPTION" => new(ParcelStatus.Exception),
            _ => null,
        };
}
