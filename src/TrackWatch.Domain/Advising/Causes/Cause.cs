using TrackWatch.Domain.Notifying;

namespace TrackWatch.Domain.Advising.Causes;

/// <summary>Why a step is called for.</summary>
/// <param name="Instance">Names this occasion: the same occasion is told once, however often it is found.</param>
/// <param name="With">A second step that shares the mail.</param>
/// <param name="Rule">Id of the rule that calls for it; null = the stall limits, or the window's.</param>
/// <param name="Shipment">Number of the parcel it is about; null = the order as a whole.</param>
internal sealed record Cause(
    Step Step,
    Reason Reason,
    string Instance,
    Channel Channel,
    string? Shipment = null,
    Step? With = null,
    DateOnly? DoBy = null,
    bool Assumed = false,
    string? Rule = null
)
{
    /// <summary>The one cause that decides: the furthest up the ladder, since later steps include earlier ones.</summary>
    public static Cause? Of(Case c) =>
        !c.WaitsForParcel ? null
        : c.WaitsAtPickup ? BankCauses.Of(c)
        : BankCauses.Of(c)
            ?? DisputeCauses.Of(c)
            ?? CustomsCauses.Of(c)
            ?? SellerCauses.Of(c)
            ?? RulesCauses.Of(c)
            ?? NumberCauses.Of(c);
}
