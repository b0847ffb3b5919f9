using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising;

/// <summary>
/// When a dispute with the marketplace can be opened: the end of its protection, and the last chance behind it. Where a
/// marketplace has no protection with an end of its own, its last day for a claim is the end. Days are as the order page
/// prints them unless they are called safe.
/// </summary>
public sealed record DisputeWindow
{
    /// <summary>Where no rule says when to prepare.</summary>
    private const int PlanAhead = 10;

    /// <summary>The printed last day of buyer protection.</summary>
    public required DateOnly Protection { get; init; }

    /// <summary>Nobody read the date off the order: it was worked out from the promise or the order date.</summary>
    public required bool Assumed { get; init; }

    /// <summary>The first day on which the dispute button works; null = not known.</summary>
    public DateOnly? OpensOn { get; init; }

    /// <summary>Ask the seller, collect evidence, try to open.</summary>
    public required DateOnly PlanBy { get; init; }

    public required DateOnly LastSafeDay { get; init; }

    /// <summary>The instant at which protection is over: midnight where the date is printed.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The last day of all; once the earliest reading is over, the later one by which it may still be possible.</summary>
    public required DateOnly LastChance { get; init; }

    public required DateOnly LastSafeChance { get; init; }

    /// <summary>The instant from which no dispute can be opened any more.</summary>
    public required DateTimeOffset ClosesAt { get; init; }

    /// <summary>Id of the rule that gives the last chance.</summary>
    public required string Rule { get; init; }

    /// <summary>If the button was refused before, it should work now.</summary>
    public DateOnly ActOn => Protection.AddDays(1);

    /// <returns>Null where the order says too little even to assume.</returns>
    public static DisputeWindow? Of(OrderDays days)
    {
        if (Ends(days) is not var (protection, last))
            return null;
        var isLater = days.Now >= last.EndsAt && last.MaybeUntil is not null;
        return new DisputeWindow
        {
            Protection = protection.LastDay,
            Assumed = protection.Assumed,
            OpensOn = days.Of(DayRole.DisputeOpens)?.LastDay,
            PlanBy = days.Of(DayRole.DisputePlan)?.LastDay ?? protection.LastDay.AddDays(-PlanAhead),
            LastSafeDay = protection.LastSafeDay,
            EndsAt = protection.EndsAt,
            LastChance = isLater ? last.MaybeUntil!.Value : last.LastDay,
            LastSafeChance = isLater ? last.MaybeSafeUntil!.Value : last.LastSafeDay,
            ClosesAt = last.MaybeEndsAt,
            Rule = last.Rule.Id,
        };
    }

    /// <summary>
    /// The first end and the last: of protection and of the time for claims, where the order and its marketplace name both.
    /// An order page may print a day behind that of the marketplace's rules; then neither goes unsaid.
    /// </summary>
    internal static (Deadline First, Deadline Last)? Ends(OrderDays days) =>
        (days.Of(DayRole.ProtectionEnd), days.Of(DayRole.DisputeLastDay)) switch
        {
            (null, null) => null,
            ({ } protection, null) => (protection, protection),
            (null, { } claim) => (claim, claim),
            ({ } protection, { } claim) when claim.EndsAt < protection.EndsAt => (claim, protection),
            ({ } protection, { } claim) => (protection, claim),
        };
}
