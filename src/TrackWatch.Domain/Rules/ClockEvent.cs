namespace TrackWatch.Domain.Rules;

/// <summary>What a period of a rule is counted from. Rule packs write the names in snake_case.</summary>
public enum ClockEvent
{
    OrderPlaced,
    PaymentMade,

    /// <summary>The day of the order unless another is known.</summary>
    ContractConcluded,

    /// <summary>The order was marked as shipped.</summary>
    SellerShipped,
    FirstCarrierScan,
    LastScan,

    /// <summary>The end of the delivery window that was shown at checkout.</summary>
    PromisedLatest,

    /// <summary>The end of buyer protection as the order page prints it.</summary>
    ProtectionEnd,

    /// <summary>The order's own dated promise of a refund.</summary>
    RefundIfUndelivered,

    /// <summary>The order's own dated promise of a late-delivery coupon.</summary>
    CouponIfDelayed,

    /// <summary>The scan that says delivered.</summary>
    CarrierDelivered,

    /// <summary>The buyer has the goods in hand.</summary>
    GoodsReceived,
    ConfirmedReceipt,

    /// <summary>The buyer told that a parcel scanned as delivered is not there.</summary>
    ReportedMissing,
    SellerAsked,
    DisputeOpened,
    DisputeDecided,
    RefundApproved,
    WithdrawalSent,
    TerminationReceived,

    /// <summary>The card payment was posted; the day of payment stands in for it.</summary>
    TxnPosted,
    StatementSent,
    BankAsked,
    CustomsNotice,
    HandedToCustoms,

    /// <summary>The customs declaration; the scan of arrival in the destination country stands in for it.</summary>
    ImportDeclared,

    /// <summary>A decision of an authority was served.</summary>
    DecisionNotified,

    /// <summary>The day on which the question is asked.</summary>
    Today,
}
