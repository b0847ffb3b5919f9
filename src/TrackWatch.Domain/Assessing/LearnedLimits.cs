using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Domain.Assessing;

/// <summary>A leg of a way that parcels go: what is usual on it is learned from those that went it.</summary>
/// <param name="Origin">ISO 3166; empty = not known.</param>
/// <param name="Destination">ISO 3166; empty = not known.</param>
public sealed record Lane(string Origin, string Destination, ShippingService Service, Leg Leg)
{
    /// <summary>Of the leg that a silence is held against, as <see cref="StallAssessor"/> takes it.</summary>
    public static Lane Of(Order order, ShipmentView shipment) => Of(order, shipment, shipment.Leg ?? Leg.Origin);

    /// <summary>What the order says stands before the source's words; a service that it does not say is the standard one.</summary>
    public static Lane Of(Order order, ShipmentView shipment, Leg leg) =>
        new(
            CountryNames.Find(shipment.Origin) ?? "",
            order.ShipTo?.Country ?? CountryNames.Find(shipment.Destination) ?? "",
            order.Service ?? ShippingService.Standard,
            leg
        );
}

/// <summary>What was usual on the completed legs of a lane.</summary>
/// <param name="Days">So long or shorter was the longest silence on 95 of 100 legs.</param>
/// <param name="Legs">How many legs it was learned from.</param>
public sealed record LearnedGap(int Days, int Legs);

/// <summary>
/// Learns from own history after how many silent days a parcel is worth a look. A leg counts once, when it is completed,
/// with the longest silence on it: a lane is how many legs had a longest silence of 0, 1, 2, … days, and nothing else.
/// </summary>
public static class LearnedLimits
{
    private const int PerCent = 95;

    /// <summary>How many legs, from the first on, lie behind a parcel; all of them once it is delivered.</summary>
    public static int Completed(ParcelStatus status, Leg? leg) =>
        status == ParcelStatus.Delivered ? (int)Leg.PickupPoint + 1 : (int)(leg ?? Leg.Label);

    /// <summary>The longest silence on each leg of a history, in whole days; a leg on which none ended is left out.</summary>
    /// <param name="newestFirst">As <see cref="History.NewestFirst"/> orders them.</param>
    /// <param name="zone">In which days are counted.</param>
    public static IEnumerable<KeyValuePair<Leg, int>> LongestSilences(
        IReadOnlyList<ReportedEvent> newestFirst,
        TimeZoneInfo zone
    ) =>
        Progress
            .Silences(newestFirst, until: null, zone)
            // How long a buyer takes for papers and duties says nothing of the way.
            .Where(s => s is { Leg: not null, After.ActionNeeded: false })
            .GroupBy(s => s.Leg!.Value)
            .Select(leg => KeyValuePair.Create(leg.Key, leg.Max(s => s.Days)));

    /// <param name="legsByDays">How many legs had a longest silence of so many days.</param>
    /// <param name="learnAfter">So many legs it takes; 0 = nothing is learned.</param>
    /// <returns>Null where too few legs are known.</returns>
    public static LearnedGap? Of(IEnumerable<KeyValuePair<int, int>> legsByDays, int learnAfter)
    {
        var sorted = legsByDays.Where(d => d.Value > 0).OrderBy(d => d.Key).ToList();
        var legs = sorted.Sum(d => d.Value);
        if (learnAfter == 0 || legs < learnAfter)
            return null;
        // Nearest rank, in whole numbers: the smallest day that 95 of 100 legs do not go beyond.
        var below = 0;
        var days = sorted.First(d => (below += d.Value) * 100L >= (long)legs * PerCent).Key;
        return new LearnedGap(days, legs);
    }

    /// <summary>Notice as it was learned, between half and twice the rule's; stalled and critical stay, but never below notice.</summary>
    public static LevelLimits Apply(LevelLimits rule, LearnedGap? learned)
    {
        if (learned is null)
            return rule;
        var notice = Math.Clamp(learned.Days, (rule.Notice + 1) / 2, rule.Notice * 2);
        var stalled = Math.Max(rule.Stalled, notice);
        return new LevelLimits(notice, stalled, Math.Max(rule.Critical, stalled));
    }
}
