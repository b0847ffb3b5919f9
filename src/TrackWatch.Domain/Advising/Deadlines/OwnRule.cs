using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>Stands where an order names a day that no rule speaks of.</summary>
internal static class OwnRule
{
    public const string Pack = "order";

    public static DayRule For(DayRole role) =>
        new()
        {
            Id = "ORDER-DATE",
            Pack = Pack,
            Title = role switch
            {
                DayRole.ProtectionEnd => "Buyer protection ends",
                DayRole.RefundPromise => "Refund promised if nothing came",
                DayRole.LateCredit => "Credit promised if late",
                DayRole.CustomsHold => "Last day for papers or payment at customs",
                _ => "A day that the order names",
            },
            Role = role,
            Readings = [],
            Confidence = Confidence.Certain,
            Checked = DateOnly.MaxValue,
        };
}
