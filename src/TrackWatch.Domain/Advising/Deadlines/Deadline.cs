using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Advising.Deadlines;

/// <summary>A day that a rule gives for one order, with what it rests on. Days without a word on it are in the person's zone.</summary>
public sealed record Deadline
{
    public required DayRule Rule { get; init; }

    /// <summary>Stable while the rule stands: role and rule, <c>dispute-last-day/AE-DISP-02</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The first day on which what the deadline is for can be done; null = not known, or at any time.</summary>
    public DateOnly? Opens { get; init; }

    /// <summary>As the source prints it, in the zone in which it prints.</summary>
    public required DateOnly LastDay { get; init; }

    /// <summary>The last whole day that counts wherever the person is.</summary>
    public required DateOnly LastSafeDay { get; init; }

    /// <summary>The end of the last day in the zone in which it is printed.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>As printed: a later reading, by which it may still be possible; null = there is none.</summary>
    public DateOnly? MaybeUntil { get; init; }

    /// <summary>The last whole day of <see cref="MaybeUntil"/> that counts wherever the person is.</summary>
    public DateOnly? MaybeSafeUntil { get; init; }

    /// <summary>The end of <see cref="MaybeUntil"/>, or of the last day.</summary>
    public required DateTimeOffset MaybeEndsAt { get; init; }

    /// <summary>It rests on a day that nobody stated.</summary>
    public bool Assumed { get; init; }

    /// <summary>The days it was reckoned from.</summary>
    public required IReadOnlyList<Ground> From { get; init; }

    /// <summary>How it was reckoned from them; null = the order itself names the day.</summary>
    public Period? Reckoned { get; init; }

    /// <summary>The key of the orders file whose day would sharpen it; null = none.</summary>
    public string? SharpenedBy { get; init; }

    /// <summary>Since when nobody can vouch for the rule; null = it was looked at lately.</summary>
    public DateOnly? NotVerifiedSince { get; init; }

    public DayRole Role => Rule.Role;
    public Step? Step => Rule.Step;

    /// <summary>It is the last day for something that the buyer may have to do.</summary>
    public bool IsForAction => ForAction.Contains(Role);

    /// <summary>The roles of last days for something that the buyer may have to do.</summary>
    public static readonly IReadOnlyList<DayRole> ForAction =
    [
        DayRole.ProtectionEnd,
        DayRole.DisputeLastDay,
        DayRole.DisputeEscalate,
        DayRole.ReturnGoods,
        DayRole.ChargebackLastDay,
        DayRole.ChargebackEscalate,
        DayRole.MissingLastDay,
        DayRole.CustomsHold,
    ];
}

/// <summary>A day that something rests on.</summary>
/// <param name="Fact">As the orders file calls it (<c>promised_by</c>), or what was seen (<c>first scan</c>).</param>
public sealed record Ground(string Fact, DateOnly Day, GroundOrigin Origin);

public enum GroundOrigin
{
    OrderFile,

    /// <summary>Told by a command or a mail.</summary>
    Told,

    /// <summary>A line of the parcel's history.</summary>
    Scan,

    /// <summary>Another day stands in for it.</summary>
    Assumed,
}
