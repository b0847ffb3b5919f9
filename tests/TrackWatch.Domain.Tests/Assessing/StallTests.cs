using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit;

namespace TrackWatch.Domain.Tests.Assessing;

public sealed class StallTests
{
    private static readonly LevelDays Unset = new();

    /// <summary>The reference's table to the letter: notice / stalled / critical for fast, standard and slow services.</summary>
    private static readonly (Leg Leg, bool Held, int[] Fast, int[] Standard, int[] Slow)[] Table =
    [
        (Leg.Label, false, [3, 5, 8], [5, 8, 12], [7, 10, 15]),
        (Leg.Origin, false, [3, 5, 9], [4, 7, 12], [7, 12, 20]),
        (Leg.LineHaul, false, [4, 7, 12], [8, 14, 21], [14, 25, 35]),
        (Leg.ImportCustoms, false, [2, 4, 8], [4, 7, 14], [7, 14, 21]),
        (Leg.ImportCustoms, true, [0, 2, 7], [0, 2, 7], [0, 3, 9]),
        (Leg.Handover, false, [2, 4, 7], [4, 7, 10], [7, 12, 20]),
        (Leg.LastMile, false, [2, 4, 7], [3, 5, 9], [5, 10, 15]),
        (Leg.PickupPoint, false, [1, 2, 4], [1, 3, 5], [2, 4, 6]),
    ];

    public static TheoryData<Leg, bool, ShippingService?, StallLevel, int> Limits()
    {
        var rows = new TheoryData<Leg, bool, ShippingService?, StallLevel, int>();
        foreach (var (leg, held, fast, standard, slow) in Table)
        foreach (var (service, days) in Services(fast, standard, slow))
            for (var level = StallLevel.Notice; level <= StallLevel.Critical; level++)
                rows.Add(leg, held, service, level, days[(int)level - 1]);
        return rows;

        static IEnumerable<(ShippingService?, int[])> Services(int[] fast, int[] standard, int[] slow) =>
            [
                (ShippingService.Choice, fast),
                (ShippingService.Premium, fast),
                (ShippingService.Standard, standard),
                (null, standard),
                (ShippingService.Saver, slow),
                (ShippingService.Economy, slow),
            ];
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void A_level_begins_on_its_day_and_not_the_day_before(
        Leg leg,
        bool held,
        ShippingService? service,
        StallLevel level,
        int days
    )
    {
        var order = Some.Order() with { Service = service };
        var shipment = Some.Shipment(leg) with { ActionNeeded = held };

        var there = After(days, shipment, order)!;
        there.Level.ShouldBe(level);
        there.SilentDays.ShouldBe(days);
        there.Since.ShouldBe(days == 0 ? Some.Noon(Some.May(1)).AddHours(-12) : At(Some.May(1 + days)));
        if (days > 0)
            After(days - 1, shipment, order)!.Level.ShouldBe(level - 1);
    }

    [Theory]
    [InlineData("2026-11-10", Leg.LastMile, null, 5, 9)]
    [InlineData("2026-11-11", Leg.LastMile, null, 7, 13)] // 5 and 9 times 1.4, rounded up
    [InlineData("2027-01-05", Leg.LastMile, null, 7, 13)]
    [InlineData("2027-01-06", Leg.LastMile, null, 5, 9)]
    [InlineData("2027-01-31", Leg.LineHaul, null, 14, 21)]
    [InlineData("2027-02-01", Leg.LineHaul, null, 26, 38)] // 1.8
    [InlineData("2027-02-20", Leg.LineHaul, null, 26, 38)]
    [InlineData("2027-02-21", Leg.LineHaul, null, 14, 21)]
    [InlineData("2027-02-10", Leg.ImportCustoms, null, 7, 14)]
    [InlineData("2028-01-21", Leg.Label, null, 15, 22)]
    [InlineData("2026-09-30", Leg.Origin, null, 7, 12)]
    [InlineData("2026-10-01", Leg.Origin, null, 11, 18)] // 1.5
    [InlineData("2026-10-08", Leg.Label, null, 12, 18)]
    [InlineData("2026-10-09", Leg.Label, null, 8, 12)]
    [InlineData("2026-10-05", Leg.LineHaul, null, 14, 21)]
    [InlineData("2026-05-05", Leg.ImportCustoms, "TR", 11, 21)] // 1.5
    [InlineData("2026-05-05", Leg.Handover, "TR", 7, 10)]
    [InlineData("2026-06-30", Leg.ImportCustoms, "DE", 7, 14)]
    [InlineData("2026-07-01", Leg.ImportCustoms, "DE", 9, 17)] // 1.2
    [InlineData("2026-07-01", Leg.ImportCustoms, "US", 7, 14)]
    [InlineData("2026-12-01", Leg.ImportCustoms, "TR", 14, 28)] // 1.4 times 1.5 is capped at 2.0
    [InlineData("2026-12-01", Leg.ImportCustoms, "DE", 12, 24)] // 1.4 times 1.2
    [InlineData("2026-12-01", Leg.PickupPoint, "TR", 3, 5)]
    public void Seasons_and_destinations_lengthen_stalled_and_critical_and_leave_notice(
        string day,
        Leg leg,
        string? country,
        int stalled,
        int critical
    )
    {
        var factors = TestRules.Book.Stalls.FactorsOn(Some.Day(day), leg, held: false, country, promisedBy: null);
        var table = TestRules.Book.Stalls.For(leg, held: false, Some.Day(day)).Standard;

        StallRules.Apply(table, factors).ShouldBe(new LevelLimits(table.Notice, stalled, critical));
    }

    [Fact]
    public void While_held_by_customs_no_modifier_counts() =>
        TestRules
            .Book.Stalls.FactorsOn(Some.Day("2026-12-01"), Leg.ImportCustoms, held: true, "TR", Some.Day("2026-11-01"))
            .ShouldBeEmpty();

    [Fact]
    public void A_passed_promise_shortens_the_limits_from_the_day_after_and_dates_the_stall_by_itself()
    {
        // 14 days times 0.7 is 10 whole days: reached on the 11th, but the promise stood until the 12th.
        var order = Some.Order() with
        {
            PromisedBy = Some.May(12),
        };

        After(11, Some.Shipment(), order)!.Level.ShouldBe(StallLevel.Notice);
        var late = After(12, Some.Shipment(), order)!;
        late.Level.ShouldBe(StallLevel.Stalled);
        late.Limits.ShouldBe(new LevelLimits(8, 10, 15));
        late.Since.ShouldBe(At(Some.May(13)));
        After(16, Some.Shipment(), order)!.Since.ShouldBe(At(Some.May(16)));
    }

    [Fact]
    public void A_stall_that_a_seasons_end_brings_is_dated_by_that_end()
    {
        var shipment = Some.Shipment(Leg.LineHaul, Some.Day("2026-12-20"));

        After(16, shipment)!.Level.ShouldBe(StallLevel.Notice);
        var after = After(17, shipment)!;
        after.Level.ShouldBe(StallLevel.Stalled);
        after.Since.ShouldBe(At(Some.Day("2027-01-06")));
    }

    [Fact]
    public void A_level_once_written_down_does_not_fall_when_a_season_begins()
    {
        var shipment = Some.Shipment(Leg.LastMile, Some.Day("2026-11-05"));
        var open = new OpenStall(1, StallLevel.Stalled, shipment.LastProgressAt!.Value);

        After(6, shipment)!.Level.ShouldBe(StallLevel.Notice);
        var kept = After(6, shipment, open: open)!;
        kept.Level.ShouldBe(StallLevel.Stalled);
        kept.Since.ShouldBe(At(Some.Day("2026-11-10")));
        After(6, shipment, open: open with { LastProgressAt = open.LastProgressAt.AddDays(-1) })!
            .Level.ShouldBe(StallLevel.Notice);
    }

    [Theory]
    [InlineData(null, null, null, 8, 14, 21, false)]
    [InlineData(null, 10, null, 8, 10, 21, true)]
    [InlineData(null, 5, null, 5, 5, 21, true)]
    [InlineData(null, 30, null, 8, 30, 30, true)]
    [InlineData(2, null, null, 2, 14, 21, true)]
    [InlineData(16, null, null, 16, 16, 21, true)]
    [InlineData(null, null, 10, 8, 10, 10, true)]
    [InlineData(null, null, 5, 5, 5, 5, true)]
    [InlineData(1, 2, 3, 1, 2, 3, true)]
    public void An_order_may_set_one_level_alone_and_its_neighbours_give_way(
        int? notice,
        int? stalled,
        int? critical,
        int n,
        int s,
        int c,
        bool overridden
    )
    {
        var own = new LevelDays(notice, stalled, critical);
        var verdict = After(1, order: Some.Order() with { Thresholds = ThresholdOverrides.None with { All = own } })!;

        verdict.Limits.ShouldBe(new LevelLimits(n, s, c));
        verdict.LimitsAreOverridden.ShouldBe(overridden);
        After(1, defaults: own)!.Limits.ShouldBe(new LevelLimits(n, s, c));
    }

    [Fact]
    public void A_limit_for_one_leg_beats_the_one_for_all_and_that_the_settings()
    {
        var order = Some.Order() with
        {
            Thresholds = new ThresholdOverrides(
                new LevelDays(Stalled: 11),
                new Dictionary<Leg, LevelDays> { [Leg.ImportCustoms] = new(Stalled: 5) }
            ),
        };
        var settings = new LevelDays(Stalled: 13, Critical: 40);

        After(1, Some.Shipment(Leg.ImportCustoms), order, defaults: settings)!.Limits.ShouldBe(new(4, 5, 40));
        After(1, Some.Shipment(Leg.LineHaul), order, defaults: settings)!.Limits.ShouldBe(new(8, 11, 40));
    }

    [Fact]
    public void A_limit_that_the_order_sets_is_not_stretched_by_a_season()
    {
        var order = Some.Order() with
        {
            Thresholds = ThresholdOverrides.None with { All = new LevelDays(Stalled: 10) },
        };

        After(10, Some.Shipment(Leg.LineHaul, Some.Day("2026-11-20")), order)!.Level.ShouldBe(StallLevel.Stalled);
    }

    [Fact]
    public void Silence_counts_to_the_last_answer_and_a_blind_source_stalls_nothing()
    {
        var shipment = Some.Shipment() with { LastAnswerAt = Some.Noon(Some.May(10)) };
        var order = Some.Order() with { PromisedBy = Some.May(12) };

        var blind = StallAssessor.Assess(
            order,
            OrderFacts.None,
            shipment,
            null,
            TestRules.Book.Stalls,
            Unset,
            TimeZoneInfo.Utc,
            Some.Noon(Some.May(31))
        )!;

        (blind.Level, blind.SilentDays, blind.Blind).ShouldBe((StallLevel.Notice, 9, true));
        blind.Factors.ShouldBeEmpty();

        // One good answer proves the blind days too, and the stall is dated by when it began.
        var seen = After(30, shipment, order)!;
        (seen.Level, seen.Blind, seen.Since).ShouldBe((StallLevel.Critical, false, At(Some.May(16))));
    }

    [Theory]
    [InlineData("Pacific/Auckland", "2026-05-01T11:59Z", "2026-05-01T12:01Z", 1)] // midnight there
    [InlineData("America/Los_Angeles", "2026-05-01T06:59Z", "2026-05-01T07:01Z", 1)]
    [InlineData("UTC", "2026-05-01T11:59Z", "2026-05-01T12:01Z", 0)]
    [InlineData("Europe/Berlin", "2026-03-28T22:30Z", "2026-03-29T22:30Z", 2)] // 23 hours long: Sunday ends at 22:00
    [InlineData("Europe/Berlin", "2026-10-24T22:30Z", "2026-10-25T22:30Z", 0)] // 25 hours long: Sunday ends at 23:00
    public void Days_of_silence_are_calendar_days_in_the_zone_of_the_person(
        string zone,
        string progress,
        string answer,
        int days
    )
    {
        var shipment = Some.Shipment() with { LastProgressAt = Instant(progress), LastAnswerAt = Instant(answer) };

        StallAssessor
            .Assess(
                Some.Order(),
                OrderFacts.None,
                shipment,
                null,
                TestRules.Book.Stalls,
                Unset,
                Some.Zone(zone),
                Instant(answer)
            )!
            .SilentDays.ShouldBe(days);

        static DateTimeOffset Instant(string iso) =>
            DateTimeOffset.Parse(iso, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_label_counts_from_the_day_the_seller_shipped_until_a_newer_scan()
    {
        var order = Some.Order() with { Shipped = Some.May(3) };
        var label = Some.Shipment(Leg.Label);

        After(10, label, order)!.SilentDays.ShouldBe(8);
        After(10, label)!.SilentDays.ShouldBe(10);
        After(10, label with { Status = ParcelStatus.InTransit }, order)!.SilentDays.ShouldBe(8);
        After(10, label with { Status = ParcelStatus.InTransit }, order with { Shipped = Some.May(-9) })!
            .SilentDays.ShouldBe(10);
    }

    [Theory]
    [InlineData(ShippingService.Choice, 7, 8, 8)]
    [InlineData(ShippingService.Standard, 7, 8, 12)]
    [InlineData(ShippingService.Economy, 7, 10, 15)]
    public void A_number_that_nobody_knows_is_questioned_seven_days_after_shipping(
        ShippingService service,
        int notice,
        int stalled,
        int critical
    )
    {
        var order = Some.Order() with { Shipped = Some.May(1), Service = service };
        var unknown = Some.Unheard(Some.May(4));

        After(notice - 1, unknown, order)!.Level.ShouldBe(StallLevel.Moving);
        After(notice, unknown, order)!.Level.ShouldBe(StallLevel.Notice);
        After(notice, unknown, order)!.Limits.ShouldBe(new LevelLimits(notice, stalled, critical));
    }

    [Fact]
    public void What_the_buyer_tells_of_customs_holds_from_that_day_and_backdates_nothing()
    {
        var shipment = Some.Shipment(Leg.ImportCustoms);
        var facts = Some.Facts((new Fact.CustomsHold(), Some.May(4)));

        After(2, shipment, facts: facts)!.Held.ShouldBeFalse();
        var held = After(3, shipment, facts: facts)!;
        held.Held.ShouldBeTrue();
        held.Level.ShouldBe(StallLevel.Stalled);
        held.Since.ShouldBe(At(Some.May(4)));
        After(3, Some.Shipment(Leg.LastMile), facts: facts)!.Held.ShouldBeFalse();
    }

    [Fact]
    public void Silence_means_nothing_once_delivered_returned_ended_by_design_or_never_answered()
    {
        After(60, Some.Shipment() with { Status = ParcelStatus.Delivered }).ShouldBeNull();
        After(60, Some.Shipment() with { Status = ParcelStatus.Returned }).ShouldBeNull();
        After(60, Some.Shipment(Leg.Handover) with { EndsByDesign = true }).ShouldBeNull();
        StallAssessor
            .Assess(
                Some.Order(),
                OrderFacts.None,
                Some.Shipment() with
                {
                    LastAnswerAt = null,
                },
                null,
                TestRules.Book.Stalls,
                Unset,
                TimeZoneInfo.Utc,
                Some.Noon(Some.May(60))
            )
            .ShouldBeNull();
    }

    private static DateTimeOffset At(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The verdict so many days after the first of May (or the shipment's last progress), with an answer on that day.</summary>
    private static Assessment? After(
        int days,
        ShipmentView? shipment = null,
        Order? order = null,
        OrderFacts? facts = null,
        OpenStall? open = null,
        LevelDays? defaults = null
    )
    {
        shipment ??= Some.Shipment();
        var from = shipment.LastProgressAt ?? Some.Noon(Some.May(1));
        var now = from.AddDays(days);
        return StallAssessor.Assess(
            order ?? Some.Order(),
            facts ?? OrderFacts.None,
            shipment with
            {
                LastAnswerAt = now,
            },
            open,
            TestRules.Book.Stalls,
            defaults ?? Unset,
            TimeZoneInfo.Utc,
            now
        );
    }
}
