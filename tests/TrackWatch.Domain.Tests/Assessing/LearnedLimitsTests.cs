using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit;

namespace TrackWatch.Domain.Tests.Assessing;

public sealed class LearnedLimitsTests
{
    private static readonly LevelLimits Rule = new(8, 14, 21);

    [Theory]
    [InlineData("30 legs of 5 days", "5x30", 30, 5)]
    [InlineData("one leg too few", "5x29", 30, null)]
    [InlineData("off", "5x1000", 0, null)]
    [InlineData("nothing known", "", 1, null)]
    [InlineData("a single leg", "7x1", 1, 7)]
    [InlineData("95 of 100 are at most 4", "4x95 9x5", 30, 4)]
    [InlineData("94 of 100 are at most 4", "4x94 9x6", 30, 9)]
    [InlineData("19 of 20 are at most 3", "3x19 40x1", 20, 3)]
    [InlineData("the order of days does not matter", "9x6 4x94", 30, 9)]
    public void The_95th_percentile_is_the_least_day_that_95_of_100_legs_do_not_go_beyond(
        string what,
        string histogram,
        int learnAfter,
        int? days
    ) => (LearnedLimits.Of(Read(histogram), learnAfter)?.Days).ShouldBe(days, what);

    [Fact]
    public void It_is_exactly_that_of_all_legs_in_a_row() =>
        Prop.ForAll(
                Gen.Choose(0, 60).NonEmptyListOf().ToArbitrary(),
                days =>
                {
                    var row = days.Order().ToList();
                    var histogram = days.CountBy(d => d);
                    var gap = LearnedLimits.Of(histogram, 1)!;
                    var rank = (int)Math.Ceiling(row.Count * 95 / 100m);
                    return gap == new LearnedGap(row[rank - 1], row.Count);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, 4, 14, 21)]
    [InlineData(4, 4, 14, 21)]
    [InlineData(6, 6, 14, 21)]
    [InlineData(8, 8, 14, 21)]
    [InlineData(15, 15, 15, 21)]
    [InlineData(16, 16, 16, 21)]
    [InlineData(90, 16, 16, 21)]
    public void Notice_is_learned_between_half_and_twice_the_rules_and_the_other_levels_never_lie_below(
        int learned,
        int notice,
        int stalled,
        int critical
    ) => LearnedLimits.Apply(Rule, new LearnedGap(learned, 30)).ShouldBe(new LevelLimits(notice, stalled, critical));

    [Fact]
    public void Half_of_an_odd_limit_is_rounded_up_and_nothing_learned_is_the_rule()
    {
        LearnedLimits.Apply(new(1, 3, 5), new LearnedGap(0, 30)).Notice.ShouldBe(1);
        LearnedLimits.Apply(new(5, 8, 12), new LearnedGap(0, 30)).Notice.ShouldBe(3);
        LearnedLimits.Apply(Rule, null).ShouldBeSameAs(Rule);
    }

    [Fact]
    public void What_is_counted_leg_by_leg_as_they_are_completed_is_what_the_whole_history_says() =>
        Prop.ForAll(
                Journeys().ToArbitrary(),
                journey =>
                {
                    var (learned, counted) = (0, new Dictionary<Leg, int>());
                    for (var known = 1; known <= journey.Count; known++)
                    {
                        var history = History.NewestFirst(journey.Take(known).Reverse());
                        var completed = LearnedLimits.Completed(history[0].Status, history[0].Leg);
                        foreach (var (leg, days) in LearnedLimits.LongestSilences(history, TimeZoneInfo.Utc))
                            if ((int)leg >= learned && (int)leg < completed)
                                counted.Add(leg, days);
                        learned = Math.Max(learned, completed);
                    }
                    var whole = LearnedLimits
                        .LongestSilences(History.NewestFirst(journey.AsEnumerable().Reverse()), TimeZoneInfo.Utc)
                        .Where(leg => (int)leg.Key < learned);
                    return counted.OrderBy(c => c.Key).SequenceEqual(whole.OrderBy(c => c.Key));
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_leg_lasts_until_the_next_one_begins_and_waiting_for_the_buyer_is_no_silence_of_the_way()
    {
        ReportedEvent[] journey =
        [
            Event(1, Leg.Origin),
            Event(3, Leg.LineHaul),
            Event(14, Leg.ImportCustoms),
            Event(15, Leg.ImportCustoms) with
            {
                ActionNeeded = true,
            },
            Event(35, Leg.ImportCustoms),
            Event(37, Leg.LastMile),
        ];

        LearnedLimits
            .LongestSilences(History.NewestFirst(journey.Reverse()), TimeZoneInfo.Utc)
            .ShouldBe([new(Leg.Origin, 2), new(Leg.LineHaul, 11), new(Leg.ImportCustoms, 2)]);
    }

    [Theory]
    [InlineData(ParcelStatus.InfoReceived, null, 0)]
    [InlineData(ParcelStatus.InTransit, Leg.LineHaul, 2)]
    [InlineData(ParcelStatus.Delivered, Leg.LastMile, 7)]
    [InlineData(ParcelStatus.Returned, Leg.LastMile, 5)]
    public void Legs_behind_a_parcel_are_completed_and_all_of_them_once_it_is_delivered(
        ParcelStatus status,
        Leg? leg,
        int completed
    ) => LearnedLimits.Completed(status, leg).ShouldBe(completed);

    [Fact]
    public void A_lane_goes_by_what_the_order_says_and_else_by_the_sources_words()
    {
        var shipment = Some.Shipment() with { Origin = "Mainland China", Destination = "Turkey" };

        Lane.Of(Some.Order() with { ShipTo = null, Service = null }, shipment, Leg.LineHaul)
            .ShouldBe(new Lane("CN", "TR", ShippingService.Standard, Leg.LineHaul));
        Lane.Of(
                Some.Order() with
                {
                    ShipTo = new Destination("DE"),
                    Service = ShippingService.Choice,
                },
                shipment with
                {
                    Origin = null,
                },
                Leg.Origin
            )
            .ShouldBe(new Lane("", "DE", ShippingService.Choice, Leg.Origin));
    }

    [Theory]
    [InlineData(11, StallLevel.Moving)]
    [InlineData(12, StallLevel.Notice)]
    [InlineData(14, StallLevel.Stalled)]
    public void A_parcel_on_a_learned_lane_is_noticed_when_its_lane_says_so(int silent, StallLevel level)
    {
        var there = After(silent, Some.Shipment() with { Learned = new LearnedGap(12, 40) })!;

        (there.Level, there.Learned).ShouldBe((level, new LearnedGap(12, 40)));
        there.Limits.ShouldBe(new LevelLimits(12, 14, 21));
    }

    [Fact]
    public void A_limit_of_the_buyers_own_stands_before_the_learned_one_and_a_held_parcel_is_on_no_lane()
    {
        var shipment = Some.Shipment() with { Learned = new LearnedGap(12, 40) };
        var own = Some.Order() with
        {
            Thresholds = new ThresholdOverrides(new LevelDays(Notice: 3), new Dictionary<Leg, LevelDays>()),
        };

        After(5, shipment, own)!.Limits.Notice.ShouldBe(3);
        var held = After(5, shipment with { ActionNeeded = true })!;
        (held.Limits.Notice, held.Learned).ShouldBe((0, null));
    }

    private static Assessment? After(int silent, ShipmentView shipment, Order? order = null)
    {
        var now = Some.Noon(Some.May(1 + silent));
        return StallAssessor.Assess(
            order ?? Some.Order(),
            OrderFacts.None,
            shipment with
            {
                LastAnswerAt = now,
            },
            null,
            TestRules.Book.Stalls,
            new LevelDays(),
            TimeZoneInfo.Utc,
            now
        );
    }

    /// <summary>Histories that go from leg to leg, some legs left out, some delivered.</summary>
    private static Gen<List<ReportedEvent>> Journeys() =>
        from steps in (
            from leg in Gen.Choose(0, 1)
            from days in Gen.Choose(0, 20)
            from waits in Gen.Choose(0, 9)
            select (Leg: leg, Days: days, Waits: waits == 0)
        ).NonEmptyListOf()
        from delivered in Gen.Elements(true, false)
        select Journey(steps, delivered);

    private static List<ReportedEvent> Journey(IReadOnlyList<(int Leg, int Days, bool Waits)> steps, bool delivered)
    {
        var (leg, day, events) = (0, 0, new List<ReportedEvent>());
        foreach (var step in steps)
        {
            leg = Math.Min(leg + step.Leg, (int)Leg.PickupPoint);
            day += step.Days;
            events.Add(Event(day, (Leg)leg, events.Count) with { ActionNeeded = step.Waits });
        }
        if (delivered)
            events.Add(Event(day + 1, Leg.PickupPoint, events.Count) with { Status = ParcelStatus.Delivered });
        return events;
    }

    private static ReportedEvent Event(int day, Leg leg, int nth = 0)
    {
        var at = Some.Noon(Some.May(1)).AddDays(day).AddMinutes(nth);
        return new ReportedEvent
        {
            Code = $"C{day}-{nth}",
            TimeAsSent = at.ToString("O"),
            Wall = at.UtcDateTime,
            At = at,
            Quality = TimeQuality.Exact,
            Status = ParcelStatus.InTransit,
            Leg = leg,
        };
    }

    private static IEnumerable<KeyValuePair<int, int>> Read(string histogram) =>
        histogram
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(bar => bar.Split('x').Select(int.Parse).ToArray())
            .Select(bar => KeyValuePair.Create(bar[0], bar[1]));
}
