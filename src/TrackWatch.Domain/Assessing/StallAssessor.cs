using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;

namespace TrackWatch.Domain.Assessing;

/// <summary>An open stall as it was last written down.</summary>
public sealed record OpenStall(long ShipmentId, StallLevel Level, DateTimeOffset LastProgressAt);

/// <summary>Where one shipment of one order stands, and the way to that verdict.</summary>
/// <param name="CountedFrom">The last progress, or for a parcel without a scan the day the seller shipped (day granularity).</param>
/// <param name="Rule">The limits of the leg before anything changes them.</param>
/// <param name="SilentDays">Whole calendar days in the order's zone from <paramref name="CountedFrom"/> to the last answer.</param>
/// <param name="Since">When the level became true, not when it was noticed; null while moving.</param>
/// <param name="Blind">No answer has come today: a longer silence may be there, but nobody looked.</param>
/// <param name="Learned">What the notice limit was learned from, before limits of the buyer's own; null = the rule's stands.</param>
public sealed record Assessment(
    ShipmentView Shipment,
    StallLevel Level,
    Leg Leg,
    bool Held,
    int SilentDays,
    DateTimeOffset CountedFrom,
    StallLimitsRule Rule,
    LevelLimits Limits,
    bool LimitsAreOverridden,
    IReadOnlyList<LimitFactor> Factors,
    DateTimeOffset? Since,
    bool Blind,
    LearnedGap? Learned = null
);

/// <summary>Holds a shipment's silence against the limits of its leg and the order's service.</summary>
public static class StallAssessor
{
    /// <returns>Null where silence means nothing: delivered, returned or on its way back, tracking ended by design, or never answered about.</returns>
    public static Assessment? Assess(
        Order order,
        OrderFacts facts,
        ShipmentView shipment,
        OpenStall? open,
        StallRules rules,
        LevelDays defaults,
        TimeZoneInfo zone,
        DateTimeOffset now
    )
    {
        if (
            shipment.Status.IsFinal()
            || shipment.Status == ParcelStatus.Returning
            || shipment.EndsByDesign
            || shipment.LastAnswerAt is not { } answered
        )
            return null;

        var unknown = shipment.Status is ParcelStatus.NotFound or ParcelStatus.Unknown && shipment.FirstEventAt is null;
        var leg = unknown ? Leg.Label : shipment.Leg ?? Leg.Origin;
        var countedFrom = CountFrom(order, shipment, leg, zone);
        var fromDay = Days.In(zone, countedFrom);
        // While the source is blind nothing new is assessed: neither more silence nor another day's limits.
        var asOf = Days.In(zone, answered > now ? now : answered);
        var today = LimitsOn(asOf);
        var level = LevelOn(asOf);
        // A season that ends mends nothing: only progress closes a stall or takes its level back.
        if (open is not null && open.LastProgressAt == countedFrom && open.Level > level)
            level = open.Level;

        return new Assessment(
            shipment,
            level,
            leg,
            today.Held,
            SilentDaysOn(asOf),
            countedFrom,
            today.Rule,
            today.Limits,
            today.AreOverridden,
            today.Factors,
            level == StallLevel.Moving ? null : Since(),
            Blind: asOf < Days.In(zone, now),
            Learns(today.Held)
        );

        int SilentDaysOn(DateOnly day) => Math.Max(0, day.DayNumber - fromDay.DayNumber);

        (
            StallLimitsRule Rule,
            LevelLimits Limits,
            bool AreOverridden,
            IReadOnlyList<LimitFactor> Factors,
            bool Held
        ) LimitsOn(DateOnly day)
        {
            var held = IsHeldOn(day);
            var factors = rules.FactorsOn(day, leg, held, order.ShipTo?.Country, order.PromisedBy);
            var rule = rules.For(leg, held, day);
            var table = rule.For(order.Service);
            if (unknown)
                table = StallRules.ForUnknown(table);
            var learned = LearnedLimits.Apply(StallRules.Apply(table, factors), Learns(held));
            var (limits, overridden) = Override(learned, order.Thresholds, defaults, leg);
            return (rule, limits, overridden, factors, held);
        }

        // A parcel that waits for the buyer, or that nobody has heard of, is on no lane.
        LearnedGap? Learns(bool held) => held || unknown ? null : shipment.Learned;

        // What the buyer told of customs holds from the day it was told, what the tracking says from its event on.
        bool IsHeldOn(DateOnly day) =>
            shipment.ActionNeeded
                ? leg is >= Leg.LineHaul and <= Leg.Handover
                : leg is Leg.LineHaul or Leg.ImportCustoms
                    && facts.Find<Fact.CustomsHold>() is { } told
                    && day >= Days.In(zone, told.ToldAt);

        StallLevel LevelOn(DateOnly day)
        {
            var silent = SilentDaysOn(day);
            var limits = LimitsOn(day).Limits;
            return silent >= limits.Critical ? StallLevel.Critical
                : silent >= limits.Stalled ? StallLevel.Stalled
                : silent >= limits.Notice ? StallLevel.Notice
                : StallLevel.Moving;
        }

        // The first day on which it was true by that day's own limits: never before the fact that made it true.
        DateTimeOffset Since()
        {
            var day = fromDay;
            while (day < asOf && LevelOn(day) < level)
                day = day.AddDays(1);
            var at = Days.StartOf(day, zone);
            return at > now ? now : at;
        }
    }

    private static DateTimeOffset CountFrom(Order order, ShipmentView shipment, Leg leg, TimeZoneInfo zone)
    {
        // A number that took another's place was announced when it came, not when the order was shipped.
        var isReplacement = order.Tracking.Any(t => t.Number == shipment.Number && t.Replaces is not null);
        if (leg == Leg.Label && !isReplacement && order.Shipped is { } shipped)
        {
            var start = Days.StartOf(shipped, zone);
            return shipment.LastProgressAt is { } scan && scan > start && shipment.Status.IsScanned() ? scan : start;
        }
        return shipment.LastProgressAt ?? shipment.FirstEventAt ?? shipment.RegisteredAt;
    }

    private static (LevelLimits, bool) Override(
        LevelLimits rules,
        ThresholdOverrides order,
        LevelDays defaults,
        Leg leg
    )
    {
        var own = order.PerLeg.GetValueOrDefault(leg, new LevelDays());
        var notice = own.Notice ?? order.All.Notice ?? defaults.Notice;
        var stalled = own.Stalled ?? order.All.Stalled ?? defaults.Stalled;
        var critical = own.Critical ?? order.All.Critical ?? defaults.Critical;
        if (notice is null && stalled is null && critical is null)
            return (rules, false);
        // One limit set alone must not overtake its neighbours.
        var s = stalled ?? Math.Min(Math.Max(rules.Stalled, notice ?? 0), critical ?? int.MaxValue);
        var n = notice ?? Math.Min(rules.Notice, s);
        return (new LevelLimits(n, s, critical ?? Math.Max(rules.Critical, s)), true);
    }
}
