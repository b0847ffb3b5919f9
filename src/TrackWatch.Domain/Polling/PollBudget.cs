namespace TrackWatch.Domain.Polling;

/// <summary>By how much shipments wait longer for their next question than they should, because the source's limit is short.</summary>
/// <param name="Urgent">Of stalled parcels, those out for delivery, and those with a last day near; 1 = not at all.</param>
/// <param name="Others">Of all the others.</param>
public readonly record struct PollStretch(double Urgent, double Others)
{
    public static readonly PollStretch None = new(1, 1);
}

/// <summary>Divides what a source allows among the shipments that want to ask it.</summary>
/// <param name="Shipments">How many ask it.</param>
/// <param name="Needed">Requests a day that they would make.</param>
/// <param name="Limit">Requests a day that it allows; null = as many as one likes.</param>
public sealed record PollBudget(int Shipments, double Needed, double? Limit, PollStretch Stretch)
{
    /// <summary>From this share of the limit on, people are told.</summary>
    public const double WarnAt = 0.8;

    /// <summary>Nobody waits longer than so many of their intervals: a source that is that short is as good as none.</summary>
    private const double Longest = 30;

    public bool IsTight => Limit is { } limit && Needed >= limit * WarnAt;

    public bool IsShort => Limit is { } limit && Needed > limit;

    /// <param name="urgent">Requests a day of the shipments that go first.</param>
    /// <param name="others">Requests a day of the rest.</param>
    public static PollBudget Divide(int shipments, double urgent, double others, double? limit)
    {
        var stretch = limit switch
        {
            null => PollStretch.None,
            { } all when urgent + others <= all => PollStretch.None,
            // The urgent leave the others a tenth, so that one that becomes urgent is noticed.
            { } all => new PollStretch(Factor(urgent, all * 0.9), Factor(others, Math.Max(all - urgent, all * 0.1))),
        };
        return new PollBudget(shipments, urgent + others, limit, stretch);
    }

    /// <summary>What a month's allowance leaves for each of its days that are left.</summary>
    /// <param name="perDay">null = no limit by the day.</param>
    /// <param name="perMonth">null = no limit by the month.</param>
    public static double? PerDay(int? perDay, int? perMonth, int usedThisMonth, DateOnly today)
    {
        var daysLeft = DateTime.DaysInMonth(today.Year, today.Month) - today.Day + 1;
        double? monthly = perMonth is { } month ? Math.Max(0, month - usedThisMonth) / (double)daysLeft : null;
        return perDay is { } day ? Math.Min(day, monthly ?? day) : monthly;
    }

    private static double Factor(double needed, double allowed) =>
        needed <= allowed ? 1
        : allowed <= 0 ? Longest
        : Math.Min(Longest, needed / allowed);
}
