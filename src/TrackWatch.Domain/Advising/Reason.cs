using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Advising;

/// <summary>Why something is said now. A mail puts it into words of the person's language.</summary>
/// <param name="Days">Days of silence, or days left; by the code.</param>
/// <param name="Date">The day that the reason names.</param>
/// <param name="Assumed">The day was worked out, not read off the order.</param>
/// <param name="Country">ISO 3166: the country that the reason names.</param>
public sealed record Reason(
    ReasonCode Code,
    int? Days = null,
    DateOnly? Date = null,
    Leg? Leg = null,
    bool Assumed = false,
    string? Country = null
);

public enum ReasonCode
{
    /// <summary>No progress for longer than the leg's limit (Days, Leg).</summary>
    Silent,

    /// <summary>No source knows the number (Days since the seller shipped).</summary>
    NumberUnknown,

    /// <summary>The check digit does not fit.</summary>
    NumberWrong,

    /// <summary>The number's history begins on Date, before the order.</summary>
    OlderThanOrder,

    /// <summary>The number leads to another country (Country) than the order's.</summary>
    OtherDestination,

    /// <summary>The number belongs to the post of another country (Country) than the carrier's.</summary>
    OtherCarrier,

    /// <summary>The seller put this number in the place of another one.</summary>
    NumberSwapped,

    /// <summary>The promised delivery (Date) has passed.</summary>
    PromisePassed,

    /// <summary>Customs or the carrier waits for papers or a payment (Date = last day, where known).</summary>
    HeldAtCustoms,

    /// <summary>The seller was asked (Date) and nothing moved since.</summary>
    SellerDidNotHelp,

    /// <summary>Buyer protection ends on Date (Days left).</summary>
    ProtectionEnding,

    /// <summary>Buyer protection ended on Date; a dispute should open now.</summary>
    ProtectionEnded,

    /// <summary>The last chance for a dispute is Date (Days left).</summary>
    LastChance,

    /// <summary>The platform refused, or granted only a part (Date).</summary>
    DisputeRefused,

    /// <summary>A dispute opened on Date has had no decision.</summary>
    DisputeUnanswered,

    /// <summary>The dispute window is over (Date).</summary>
    DisputeWindowOver,

    /// <summary>The seller has not answered the dispute opened on Date; the platform takes it over only if asked.</summary>
    DisputeNotAnswered,

    /// <summary>Not applicable: no parcel is at customs or on its way there.</summary>
    NotAtCustoms,

    /// <summary>Not applicable: the way of payment knows no dispute.</summary>
    PaymentUnprotected,

    /// <summary>Not applicable: the last day (Date) is over.</summary>
    TooLate,

    /// <summary>Not applicable: the bank was asked, and the marketplace takes no claim beside it.</summary>
    BarredByChargeback,

    /// <summary>The bank was asked on Date without effect, and the amount is above what the consumer body takes on.</summary>
    AboveAuthorityLimit,

    /// <summary>Waiting: the seller answers by Date.</summary>
    SellerAnswersBy,

    /// <summary>Waiting: the platform decides by Date.</summary>
    DecisionBy,

    /// <summary>Waiting: the bank answers by Date.</summary>
    BankAnswersBy,

    /// <summary>Waiting: the refund arrives by Date.</summary>
    RefundBy,

    /// <summary>Waiting: a missing parcel can be reported from Date on.</summary>
    MissingFrom,

    /// <summary>A refund approved on Date has not arrived.</summary>
    RefundLate,

    /// <summary>The bank was asked on Date and nothing came of it.</summary>
    BankDidNotHelp,

    /// <summary>The last day for a dispute with the bank or wallet is Date (Days left).</summary>
    ChargebackEnding,

    /// <summary>A dispute with the wallet has to be made a claim by Date (Days left).</summary>
    WalletClaimEnding,

    /// <summary>The platform has to be asked to step in by Date (Days left).</summary>
    EscalationEnding,

    /// <summary>A parcel that is scanned as delivered has to be reported missing by Date (Days left).</summary>
    MissingClaimEnding,

    /// <summary>Customs or the carrier sends the parcel back after Date (Days left).</summary>
    HoldEnding,

    /// <summary>A refund that was agreed to should have come by Date.</summary>
    RefundExpected,

    /// <summary>Nothing came by Date: the coupon or credit that the order promises can be asked for.</summary>
    LateCreditDue,

    /// <summary>From Date on a consumer body takes on other amounts.</summary>
    AuthorityLimitChanged,

    /// <summary>The order promises a refund if nothing came before Date.</summary>
    RefundPromiseDue,

    /// <summary>The scan says delivered on Date.</summary>
    Delivered,

    /// <summary>Delivered on Date by the scan, but the buyer says it is missing.</summary>
    DeliveredButMissing,

    /// <summary>Delivered by the scan, in another country (Country) than the order's.</summary>
    DeliveredElsewhere,

    /// <summary>Delivered on Date by the scan, though nothing was scanned in the destination country before.</summary>
    DeliveredUnseen,

    /// <summary>The parcel can be fetched at a pick-up point (since Date).</summary>
    ReadyForPickup,

    /// <summary>The parcel has lain at the pick-up point for Days and goes back soon (Date = last day, where known).</summary>
    PickupClosing,

    /// <summary>The carrier stood at the door (Date) and nobody took the parcel.</summary>
    AttemptFailed,

    /// <summary>The source has given the number up (Date of its last line).</summary>
    GivenUp,

    /// <summary>Customs has stopped the parcel.</summary>
    CustomsTrouble,

    /// <summary>Progress after a silence of Days.</summary>
    MovingAgain,

    /// <summary>The carrier reports trouble.</summary>
    Trouble,

    /// <summary>The parcel is on its way back.</summary>
    GoingBack,
}
