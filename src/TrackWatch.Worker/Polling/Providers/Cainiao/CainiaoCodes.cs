using System.Collections.Frozen;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

/// <summary>What a code of Cainiao means in our words. The leg is null where a code can stand on more than one.</summary>
internal sealed record CainiaoCode(
    ParcelStatus Status,
    Leg? Leg,
    EventWeight Weight = EventWeight.Full,
    bool ActionNeeded = false,
    bool CustomsTrouble = false
);

/// <summary>The action codes, groups and status tokens of facts.md 1.6, 1.8 and 1.9.</summary>
internal static class CainiaoCodes
{
    private static readonly FrozenDictionary<string, CainiaoCode> Exact = Table()
        .SelectMany(row => row.Codes.Split(' '), (row, code) => KeyValuePair.Create(code, row.Meaning))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The longest first.</summary>
    private static readonly (string Prefix, CainiaoCode Meaning)[] Prefixes =
    [
        ("RT_LM_DELIVERY_", new(ParcelStatus.Returning, null)),
        ("RT_TRANSWH_", new(ParcelStatus.Returning, null)),
        ("LH_TRANS_", new(ParcelStatus.InTransit, Leg.LineHaul)),
        ("SC_TRANS_", new(ParcelStatus.InTransit, Leg.Origin)),
        ("TRANSFER_", new(ParcelStatus.InTransit, null)),
        ("RT_SC_", new(ParcelStatus.Returning, null)),
        ("RT_WH_", new(ParcelStatus.Returning, null)),
    ];

    private static readonly CainiaoCode AddressChange = new(ParcelStatus.InTransit, Leg.LastMile);
    private static readonly CainiaoCode Trouble = new(ParcelStatus.Exception, null);
    private static readonly CainiaoCode TroubleAtCustoms = new(ParcelStatus.Exception, null, CustomsTrouble: true);

    /// <inheritdoc cref="Words.Code"/>
    public static string Normal(string? code) => Words.Code(code);

    /// <summary>The exact code, else the longest prefix, else the ending; null for a code nobody has seen.</summary>
    /// <param name="code">In normal form.</param>
    public static CainiaoCode? Meaning(string code)
    {
        if (Exact.TryGetValue(code, out var exact))
            return exact;
        foreach (var (prefix, meaning) in Prefixes)
            if (code.StartsWith(prefix, StringComparison.Ordinal))
                return meaning;
        if (
            code.EndsWith("TO_DOOR", StringComparison.Ordinal)
            || (
                code.StartsWith("GTMS_STA_", StringComparison.Ordinal)
                && code.Contains("CHANGE", StringComparison.Ordinal)
            )
        )
            return AddressChange;
        if (code.EndsWith("_FAILURE", StringComparison.Ordinal) || code.EndsWith("_FAIL", StringComparison.Ordinal))
            return IsCustoms(code) ? TroubleAtCustoms : Trouble;
        return null;
    }

    /// <summary>What an event's group says, for codes nobody has seen. Groups are not reliable, so they place it on no leg.</summary>
    public static ParcelStatus? OfGroup(string? node, string code) =>
        node?.ToUpperInvariant() switch
        {
            null => null,
            var n when n.EndsWith("_DELIVERED", StringComparison.Ordinal) => ParcelStatus.Delivered,
            var n when n.EndsWith("_CLEARING_CUSTOMS", StringComparison.Ordinal) => IsComplete(code)
                ? ParcelStatus.InTransit
                : ParcelStatus.Customs,
            "AE_GROUP_WH_PROCESSING"
            or "AE_GROUP_PU_PROCESSING"
            or "AE_GROUP_SC_PROCESSING"
            or "AE_GROUP_CW_PROCESSING"
            or "AE_GROUP_LH_PROCESSING"
            or "AE_GROUP_LH_ARRIVE"
            or "AE_GROUP_DES_PROCESSING"
            or "AE_GROUP_DELIVERING" => ParcelStatus.InTransit,
            _ => null,
        };

    /// <summary>The parcel's own token; null where it says nothing that can be trusted.</summary>
    /// <param name="newestCode">The newest code that counts: the customs token stays set after clearance is over.</param>
    public static ParcelStatus? OfToken(string? token, string? newestCode) =>
        token?.ToUpperInvariant() switch
        {
            "SELLER_PREPARING" or "WAIT_SELLER_SEND_GOODS" => ParcelStatus.InfoReceived,
            // The whole transport from pick-up on, not "out for delivery".
            "DELIVERING" or "SELLER_SEND_GOODS" or "WAIT_BUYER_ACCEPT_GOODS" => ParcelStatus.InTransit,
            "CLEAR_CUSTOMS" when newestCode is not null && IsCustoms(newestCode) => ParcelStatus.Customs,
            "DELIVERED" or "SIGN" => ParcelStatus.Delivered,
            "FAILED" => ParcelStatus.Exception,
            "RETURNED" => ParcelStatus.Returned,
            _ => null,
        };

    public static bool IsCustoms(string code) =>
        code.StartsWith("CC_", StringComparison.Ordinal)
        || code.StartsWith("CUS_", StringComparison.Ordinal)
        || code.StartsWith("CIQ_", StringComparison.Ordinal);

    private static bool IsComplete(string code) =>
        code.Contains("SUCCESS", StringComparison.Ordinal)
        || code.Contains("COMPLETE", StringComparison.Ordinal)
        || code.Contains("FINISH", StringComparison.Ordinal);

    private static IEnumerable<(CainiaoCode Meaning, string Codes)> Table()
    {
        const ParcelStatus moving = ParcelStatus.InTransit;

        yield return (
            new(ParcelStatus.InfoReceived, Leg.Label),
            "CONSIGN OM_CONSIGN GTMS_ASN GWMS_ACCEPT GWMS_PICK GWMS_PACKAGE WMS_CONFIRMED PRE_READY_TO_SHIP CREATE_ORDER_CES"
        );

        yield return (new(moving, null, EventWeight.Advisory), "LAST_MILE_ASN_NOTIFY");
        yield return (new(moving, Leg.LineHaul, EventWeight.Advisory), "TRANSIT_PORT_REROUTE_CALLBACK");
        yield return (
            new(ParcelStatus.Customs, Leg.ImportCustoms, EventWeight.Advisory),
            "CUSTOMS_ARRIVED_IN_AREA_CALLBACK"
        );

        // Seller's warehouse, pick-up, sorting in the origin country. SC_OUTBOUND_FAILURE: the live wording is only a delay.
        yield return (
            new(moving, Leg.Origin),
            "GWMS_OUTBOUND GWMS_HANDOVER PU_PICKUP_SUCCESS PU_SIGN_IN_SUCCESS CW_INBOUND CW_OUTBOUND CW_COMMON_PROCESSING1 "
                + "CW_SIGN_IN_SUCCESS SC_INBOUND SC_INBOUND_SUCCESS SC_OUTBOUND SC_OUTBOUND_SUCCESS SC_HO_OUT_SUCCESS "
                + "SC_SIGN_IN_SUCCESS SC_SORTING SC_OUTBOUND_FAILURE LH_HO_IN_SUCCESS CC_EX_SUCCESS"
        );

        // Hubs and words that occur at both ends.
        yield return (
            new(moving, null),
            "TD_TRANS_ARRIVE TD_TRANS_ARRIVE_C TD_TRANS_DEPART TD_TRANS_DEPART_C TD_TRANSWH_OUTBOUND TD_TRANS_ARRIVE_DCP "
                + "GOT DEPARTURE ARRIVAL COMMON_ACCEPT COMMON_DEPART"
        );

        // GTMS_OE_DEPART: an exchange office is left, on the way out as well as on the way in; see CainiaoReading.
        // LH_POST_COLLECTION: a failure in the Alibaba table, "accepted by the postal service" in the live text.
        yield return (
            new(moving, Leg.LineHaul),
            "LH_HO_AIRLINE LH_DEPART LH_OTHER LH_POST_COLLECTION GTMS_OE_DEPART CC_TRANS_SUCCESS"
        );
        yield return (new(moving, Leg.ImportCustoms), "LH_ARRIVE CIQ_SUCCESS");
        yield return (new(moving, Leg.Handover), "CC_IM_SUCCESS CC_HO_OUT_SUCCESS LH_HO_OUT_SUCCESS CUS_SUCCESS");
        yield return (
            new(moving, Leg.LastMile),
            "GTMS_ACCEPT SL_ACCEPT GTMS_SC_ARRIVE GTMS_SC_DEPART GTMS_DO_ARRIVE GTMS_STATION_IN GTMS_STATION_OUT "
                + "GTMS_RELABEL GTMS_OTHER GSTAHUB_INBOUND"
        );
        yield return (new(moving, null, EventWeight.Vague), "COMMON_INTRANSIT");

        yield return (new(ParcelStatus.Customs, Leg.Origin), "CC_EX_START");
        yield return (new(ParcelStatus.Customs, Leg.LineHaul), "CC_TRANS_START");
        yield return (
            new(ParcelStatus.Customs, Leg.ImportCustoms),
            "CC_IM_START CC_IM_PROCESS CC_HO_IN_SUCCESS CUS_DECLARE"
        );
        yield return (new(ParcelStatus.Customs, Leg.ImportCustoms, ActionNeeded: true), "CUS_TAX");
        yield return (new(ParcelStatus.Exception, Leg.Origin, CustomsTrouble: true), "CC_EX_FAILURE");
        yield return (new(ParcelStatus.Exception, Leg.LineHaul, CustomsTrouble: true), "CC_TRANS_FAILURE");
        yield return (
            new(ParcelStatus.Exception, Leg.ImportCustoms, CustomsTrouble: true),
            "CC_IM_FAILURE CC_IM_EXCEPTION CUS_FAILURE CIQ_FAILURE"
        );

        yield return (
            new(ParcelStatus.OutForDelivery, Leg.PickupPoint),
            "GTMS_DO_DEPART GTMS_DELIVERING GTMS_RE_DELIVERING SENT_SCAN LM_DELIVERY_DEPART"
        );
        // GTMS_STA_SIGNED: the station has signed for it; the buyer has nothing yet.
        yield return (
            new(ParcelStatus.AvailableForPickup, Leg.PickupPoint),
            "GTMS_STA_SIGNED GTMS_WAIT_SELF_PICK GSTA_INBOUND GSTA_INFORM_BUYER POSTMAN_POST GTMS_PUDO_INBOUND PUDO_INBOUND "
                + "PUDO_DELIVERY"
        );
        yield return (new(ParcelStatus.AttemptFailed, Leg.PickupPoint), "GTMS_DEL_FAILURE LM_DELIVERY_FAILURE FAILED");
        yield return (
            new(ParcelStatus.Delivered, Leg.PickupPoint),
            "GTMS_SIGNED SIGNED GSTA_SIGN GSTA_BUYER_SIGN STA_SIGN LM_SIGN_SUCCESS PUDO_SIGN_SUCCESS GTMS_PUDO_SIGNED "
                + "COMMON_SIGNED"
        );

        // The two TRANS failures stand here because their prefixes would call them transport.
        yield return (
            new(ParcelStatus.Exception, null),
            "GTMS_SIGN_FAILURE GTMS_STA_SIGN_FAILURE GTMS_FAILURE GWMS_REJECT GWMS_EXCEPTION GWMS_CANCEL REJECT EXCEPTION "
                + "LM_PARCEL_EXCEPTION RT_DESTROY RT_WH_DESTROY SC_TRANS_FAILURE LH_TRANS_FAILURE"
        );
        yield return (
            new(ParcelStatus.Returning, null),
            "RT_INBOUND RT_OUTBOUND RT_HO_OUT RT_TMS_ACCEPT PUDO_OVERDUE LM_UNREACHABLE_RETURN"
        );
        yield return (new(ParcelStatus.Returned, null), "RETURNED RT_LM_SIGN_SUCCESS");
    }
}
