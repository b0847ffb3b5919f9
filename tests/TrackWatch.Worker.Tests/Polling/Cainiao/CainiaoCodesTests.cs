using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Tests.Polling.Cainiao;

public sealed class CainiaoCodesTests
{
    [Theory]
    [InlineData(
        ParcelStatus.InfoReceived,
        "CONSIGN OM_CONSIGN GTMS_ASN GWMS_ACCEPT GWMS_PICK GWMS_PACKAGE WMS_CONFIRMED PRE_READY_TO_SHIP CREATE_ORDER_CES"
    )]
    [InlineData(
        ParcelStatus.InTransit,
        "GWMS_OUTBOUND GWMS_HANDOVER PU_PICKUP_SUCCESS PU_SIGN_IN_SUCCESS CW_INBOUND CW_OUTBOUND CW_COMMON_PROCESSING1 CW_SIGN_IN_SUCCESS"
    )]
    [InlineData(
        ParcelStatus.InTransit,
        "SC_INBOUND SC_INBOUND_SUCCESS SC_OUTBOUND SC_OUTBOUND_SUCCESS SC_HO_OUT_SUCCESS SC_SIGN_IN_SUCCESS SC_SORTING SC_TRANS_X SC_OUTBOUND_FAILURE TD_TRANS_ARRIVE TD_TRANS_ARRIVE_C TD_TRANS_DEPART TD_TRANS_DEPART_C TD_TRANSWH_OUTBOUND TD_TRANS_ARRIVE_DCP TRANSFER_X"
    )]
    [InlineData(
        ParcelStatus.InTransit,
        "LH_HO_IN_SUCCESS LH_HO_AIRLINE LH_DEPART LH_ARRIVE LH_HO_OUT_SUCCESS LH_TRANS_X LH_OTHER LH_POST_COLLECTION"
    )]
    [InlineData(
        ParcelStatus.InTransit,
        "CC_EX_SUCCESS CC_IM_SUCCESS CC_HO_OUT_SUCCESS CC_TRANS_SUCCESS CUS_SUCCESS CIQ_SUCCESS"
    )]
    [InlineData(
        ParcelStatus.InTransit,
        "GTMS_ACCEPT SL_ACCEPT GTMS_SC_ARRIVE GTMS_SC_DEPART GTMS_DO_ARRIVE GTMS_OE_DEPART GTMS_STATION_IN GTMS_STATION_OUT GTMS_RELABEL GTMS_OTHER GSTAHUB_INBOUND GOT DEPARTURE ARRIVAL COMMON_ACCEPT COMMON_DEPART GTMS_STA_ADDRESS_CHANGED STATION_TO_DOOR COMMON_INTRANSIT"
    )]
    [InlineData(
        ParcelStatus.Customs,
        "CC_EX_START CC_IM_START CC_IM_PROCESS CC_HO_IN_SUCCESS CC_TRANS_START CUS_DECLARE CUS_TAX"
    )]
    [InlineData(
        ParcelStatus.Exception,
        "CC_EX_FAILURE CC_IM_FAILURE CC_TRANS_FAILURE CUS_FAILURE CIQ_FAILURE CC_IM_EXCEPTION"
    )]
    [InlineData(
        ParcelStatus.OutForDelivery,
        "GTMS_DO_DEPART GTMS_DELIVERING GTMS_RE_DELIVERING SENT_SCAN LM_DELIVERY_DEPART"
    )]
    [InlineData(
        ParcelStatus.AvailableForPickup,
        "GTMS_STA_SIGNED GTMS_WAIT_SELF_PICK GSTA_INBOUND GSTA_INFORM_BUYER POSTMAN_POST GTMS_PUDO_INBOUND PUDO_INBOUND PUDO_DELIVERY"
    )]
    [InlineData(ParcelStatus.AttemptFailed, "GTMS_DEL_FAILURE LM_DELIVERY_FAILURE FAILED")]
    [InlineData(
        ParcelStatus.Delivered,
        "GTMS_SIGNED SIGNED GSTA_SIGN GSTA_BUYER_SIGN STA_SIGN LM_SIGN_SUCCESS PUDO_SIGN_SUCCESS GTMS_PUDO_SIGNED COMMON_SIGNED"
    )]
    [InlineData(
        ParcelStatus.Exception,
        "GTMS_SIGN_FAILURE GTMS_STA_SIGN_FAILURE GTMS_FAILURE GWMS_REJECT GWMS_EXCEPTION GWMS_CANCEL REJECT PU_X_FAILURE SC_X_FAILURE SC_TRANS_FAILURE LH_X_FAILURE LH_TRANS_FAILURE EXCEPTION LM_PARCEL_EXCEPTION RT_DESTROY RT_WH_DESTROY ZZ_FAILURE ZZ_FAIL"
    )]
    [InlineData(
        ParcelStatus.Returning,
        "RT_INBOUND RT_OUTBOUND RT_HO_OUT RT_WH_X RT_TRANSWH_X RT_TMS_ACCEPT RT_SC_X RT_LM_DELIVERY_X RT_LM_DELIVERY_FAILURE PUDO_OVERDUE LM_UNREACHABLE_RETURN"
    )]
    [InlineData(ParcelStatus.Returned, "RETURNED RT_LM_SIGN_SUCCESS")]
    public void Every_code_of_the_table_means_what_the_table_says(ParcelStatus status, string codes)
    {
        foreach (var code in codes.Split(' '))
            CainiaoCodes.Meaning(code)?.Status.ShouldBe(status, code);
        codes.Split(' ').Where(code => CainiaoCodes.Meaning(code) is null).ShouldBeEmpty();
    }

    [Fact]
    public void Weights_and_flags_stand_where_the_table_has_them()
    {
        foreach (
            var code in new[]
            {
                "LAST_MILE_ASN_NOTIFY",
                "TRANSIT_PORT_REROUTE_CALLBACK",
                "CUSTOMS_ARRIVED_IN_AREA_CALLBACK",
            }
        )
            CainiaoCodes.Meaning(code)!.Weight.ShouldBe(EventWeight.Advisory, code);
        CainiaoCodes.Meaning("COMMON_INTRANSIT")!.Weight.ShouldBe(EventWeight.Vague);
        CainiaoCodes.Meaning("CUS_TAX")!.ActionNeeded.ShouldBeTrue();
        foreach (
            var code in new[] { "CC_EX_FAILURE", "CC_IM_EXCEPTION", "CUS_FAILURE", "CIQ_FAILURE", "CC_ZZ_FAILURE" }
        )
            CainiaoCodes.Meaning(code)!.CustomsTrouble.ShouldBeTrue(code);
        CainiaoCodes.Meaning("LH_X_FAILURE")!.CustomsTrouble.ShouldBeFalse();
    }

    [Theory]
    [InlineData("ZZ_NEW_CODE")]
    [InlineData("RT_UNHEARD_OF")]
    [InlineData("GTMS_STA_NEW")]
    [InlineData("")]
    public void A_code_nobody_has_seen_means_nothing(string code) => CainiaoCodes.Meaning(code).ShouldBeNull();

    [Theory]
    [InlineData(" gtms_signed ", "GTMS_SIGNED")]
    [InlineData("gtms \t signed", "GTMS_SIGNED")]
    [InlineData(null, "")]
    public void Codes_are_brought_into_one_form(string? code, string normal) =>
        CainiaoCodes.Normal(code).ShouldBe(normal);
}
