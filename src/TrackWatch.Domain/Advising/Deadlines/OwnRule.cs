using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>Stands where an order names a day that no rule of its marketplace or country speaks of.</summary>
internal static class OwnRule
{
    public const string Pack = "order";

    public static readonly IReadOnlyList<DayRule> All =
    [
        Of(DayRole.ProtectionEnd, "ORDER-PROTECTION", "End of buyer protection", ClockEvent.ProtectionEnd, 0),
        Of(
            DayRole.RefundPromise,
            "ORDER-REFUND",
            "The order's own promise of a refund",
            ClockEvent.RefundIfUndelivered,
            0
        ),
        Of(DayRole.LateCredit, "ORDER-COUPON", "The order's own promise of a coupon", ClockEvent.CouponIfDelayed, 1),
        Of(DayRole.CustomsHold, "ORDER-HOLD", "Last day for papers or payment at customs", null, 0),
    ];

    private static DayRule Of(DayRole role, string id, string title, ClockEvent? clock, int days) =>
        new()
        {
            Id = id,
            Pack = Pack,
            Title = title,
            Role = role,
            Readings = clock is { } known
                ? [new Reading(new Period(days, PeriodUnit.CalendarDays), [new Clock(known)])]
                : [],
            Confidence = Confidence.Certain,
            // It says what the order says, which nobody has to check.
            Checked = DateOnly.MaxValue,
        };
}
