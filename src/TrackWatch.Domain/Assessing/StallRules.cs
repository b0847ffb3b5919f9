using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Assessing;

/// <summary>Days of silence at which each level begins.</summary>
public sealed record LevelLimits(int Notice, int Stalled, int Critical);

/// <summary>A reason for which today's limits are longer or shorter than the table's.</summary>
/// <param name="Since">The first day it applies; null = it has always applied.</param>
public sealed record LimitFactor(string Id, decimal Factor, DateOnly? Since);

/// <summary>
/// The stall limits per leg and service with their modifiers: our proposal, not a published rule (notice = upper end of
/// normal, stalled = twice the normal gap, critical = where guides call it lost). Sources: carriers' and marketplaces'
/// published transit times, checked 2026-11-22; confidence likely.
/// </summary>
public static class StallRules
{
    public const string Id = "STALL-LEG-01";
    public static readonly DateOnly Checked = new(2026, 11, 22);

    /// <summary>The most that modifiers together may lengthen a limit.</summary>
    private const decimal FactorCap = 2.0m;

    private static readonly Dictionary<Leg, (LevelLimits Fast, LevelLimits Standard, LevelLimits Slow)> Limits = new()
    {
        [Leg.Label] = (new(3, 5, 8), new(5, 8, 12), new(7, 10, 15)),
        [Leg.Origin] = (new(3, 5, 9), new(4, 7, 12), new(7, 12, 20)),
        [Leg.LineHaul] = (new(4, 7, 12), new(8, 14, 21), new(14, 25, 35)),
        [Leg.ImportCustoms] = (new(2, 4, 8), new(4, 7, 14), new(7, 14, 21)),
        [Leg.Handover] = (new(2, 4, 7), new(4, 7, 10), new(7, 12, 20)),
        [Leg.LastMile] = (new(2, 4, 7), new(3, 5, 9), new(5, 10, 15)),
        [Leg.PickupPoint] = (new(1, 2, 4), new(1, 3, 5), new(2, 4, 6)),
    };

    private static readonly (LevelLimits Fast, LevelLimits Standard, LevelLimits Slow) Held = (
        new(0, 2, 7),
        new(0, 2, 7),
        new(0, 3, 9)
    );

    /// <summary>First days of the Chinese New Year.</summary>
    private static readonly DateOnly[] NewYears =
    [
        new(2026, 2, 17),
        new(2027, 2, 6),
        new(2028, 1, 26),
        new(2029, 2, 13),
    ];

    private static readonly HashSet<string> SlowImports = ["TR", "BR", "IL", "UA", "KZ"];

    private static readonly HashSet<string> EuropeanUnion =
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ];

    /// <summary>A number that no source knows is questioned this many days after the seller shipped.</summary>
    private const int NotFoundNotice = 7;

    /// <summary>The table's limits for a leg; <paramref name="held"/> = customs wants something of the buyer.</summary>
    public static LevelLimits For(Leg leg, bool held, ShippingService? service)
    {
        var (fast, standard, slow) = held ? Held : Limits[leg];
        return service switch
        {
            ShippingService.Choice or ShippingService.Premium => fast,
            ShippingService.Saver or ShippingService.Economy => slow,
            _ => standard,
        };
    }

    /// <summary>A number that no source knows: the label's limits, but the number is questioned first and the seller after it.</summary>
    public static LevelLimits ForUnknown(ShippingService? service)
    {
        var label = For(Leg.Label, held: false, service);
        var notice = Math.Max(label.Notice, NotFoundNotice);
        var stalled = Math.Max(label.Stalled, notice + 1);
        return new LevelLimits(notice, stalled, Math.Max(label.Critical, stalled));
    }

    /// <summary>What lengthens or shortens the limits of a leg on a day. Nothing does while held or at the door.</summary>
    public static IReadOnlyList<LimitFactor> FactorsOn(
        DateOnly day,
        Leg leg,
        bool held,
        string? destination,
        DateOnly? promisedBy
    )
    {
        var factors = new List<LimitFactor>();
        if (held || leg == Leg.PickupPoint)
            return factors;

        var peakStart = new DateOnly(day.Month == 1 ? day.Year - 1 : day.Year, 11, 11);
        if (day >= peakStart && day <= new DateOnly(peakStart.Year + 1, 1, 5))
            factors.Add(new LimitFactor("peak-season", 1.4m, peakStart));

        foreach (var newYear in NewYears)
            if (leg <= Leg.LineHaul && day >= newYear.AddDays(-5) && day <= newYear.AddDays(14))
                factors.Add(new LimitFactor("chinese-new-year", 1.8m, newYear.AddDays(-5)));

        if (leg <= Leg.Origin && day is { Month: 10, Day: <= 8 })
            factors.Add(new LimitFactor("golden-week", 1.5m, new DateOnly(day.Year, 10, 1)));

        if (leg == Leg.ImportCustoms && destination is not null)
        {
            if (SlowImports.Contains(destination))
                factors.Add(new LimitFactor("formal-import", 1.5m, null));
            var newDuty = new DateOnly(2026, 7, 1);
            if (EuropeanUnion.Contains(destination) && day >= newDuty)
                factors.Add(new LimitFactor("eu-duty-since-2026-07", 1.2m, newDuty));
        }

        if (promisedBy is { } promised && day > promised)
            factors.Add(new LimitFactor("promise-passed", 0.7m, promised.AddDays(1)));
        return factors;
    }

    /// <summary>The factors' product on stalled and critical, rounded up; notice stays.</summary>
    public static LevelLimits Apply(LevelLimits limits, IReadOnlyList<LimitFactor> factors)
    {
        if (factors.Count == 0)
            return limits;
        var product = Math.Min(FactorCap, factors.Aggregate(1m, (all, f) => all * f.Factor));
        return new LevelLimits(limits.Notice, Longer(limits.Stalled), Longer(limits.Critical));

        int Longer(int days) => (int)decimal.Ceiling(days * product);
    }
}
