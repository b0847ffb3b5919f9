using FsCheck;
using FsCheck.Fluent;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Tests.Recording;

public sealed class SameScanTests
{
    private const string Number = "LP00612345678901";
    private static readonly string[] Aggregators = ["17track", "ship24"];
    private static readonly DateTime Wall = new(2026, 5, 3, 14, 7, 42);

    [Fact]
    public void The_same_scan_told_by_two_sources_is_one_event_with_the_words_of_the_one_that_weighs_more()
    {
        var platform = Scan("cainiao", Wall, place: "Shenzhen") with { Text = "Picked up", Code = "PU_PICKUP_SUCCESS" };
        var aggregator = Scan("17track", Wall, place: "SHENZHEN, CN") with
        {
            Text = "Kabul edildi",
            Code = "InTransit_PickedUp",
        };

        var united = SameScan.Unite([aggregator, platform]).ShouldHaveSingleItem();

        united.Event.ShouldBe(platform);
        united.Told.ShouldBe(["cainiao", "17track"]);
    }

    [Theory]
    [InlineData(0, "", "Shenzhen", true)]
    [InlineData(0, "Dongguan", "Shenzhen", true)] // to the second: the same scan, whoever spelled the place
    [InlineData(42, "Shenzhen", "Shenzhen", true)] // one of them leaves the seconds out
    [InlineData(42, "Dongguan", "Shenzhen", false)]
    [InlineData(300, "Shenzhen", "Shenzhen", false)]
    [InlineData(8 * 3600, "Shenzhen", "Shenzhen", true)] // the zone was mistaken
    [InlineData((8 * 3600) + 1, "Shenzhen", "Shenzhen", false)]
    [InlineData(15 * 3600, "Shenzhen", "Shenzhen", false)] // no zones are that far apart
    public void Time_and_place_tell_whether_it_is_one(int secondsApart, string one, string other, bool same) =>
        SameScan
            .Unite([Scan("cainiao", Wall, place: one), Scan("17track", Wall.AddSeconds(-secondsApart), place: other)])
            .Count.ShouldBe(same ? 1 : 2);

    [Fact]
    public void Two_zones_of_one_instant_are_one_event()
    {
        var at = new DateTimeOffset(2026, 5, 3, 6, 0, 0, TimeSpan.Zero);
        ReportedEvent At(string provider, int hours) =>
            Scan(provider, at.AddHours(hours).DateTime, place: "Liège") with
            {
                At = at,
                Quality = TimeQuality.Exact,
            };

        SameScan.Unite([At("cainiao", 8), At("dhl", 2)]).Count.ShouldBe(1);
        SameScan.Unite([At("cainiao", 8), At("dhl", 2) with { Quality = TimeQuality.LocalUnknown }]).Count.ShouldBe(2);
    }

    [Fact]
    public void A_delivery_is_told_once_and_never_taken_for_another_scan()
    {
        var delivered = Scan("cainiao", Wall, ParcelStatus.Delivered);

        SameScan.Unite([delivered, Scan("17track", Wall.AddHours(20), ParcelStatus.Delivered)]).Count.ShouldBe(1);
        SameScan.Unite([delivered, Scan("17track", Wall.AddDays(3), ParcelStatus.Delivered)]).Count.ShouldBe(2);
        SameScan.Unite([delivered, Scan("17track", Wall, ParcelStatus.InTransit)]).Count.ShouldBe(2);
        SameScan.Unite([Scan("cainiao", Wall, ParcelStatus.Customs), Scan("17track", Wall)]).Count.ShouldBe(1);
    }

    [Fact]
    public void Two_scans_of_one_source_are_two_and_each_has_one_twin()
    {
        ReportedEvent[] both =
        [
            Scan("cainiao", Wall, place: "Hub"),
            Scan("cainiao", Wall.AddSeconds(30), place: "Hub"),
        ];
        SameScan.Unite([.. both, Scan("17track", Wall.AddSeconds(30), place: "Hub")]).Count.ShouldBe(2);
        SameScan
            .Unite([.. both, Scan("17track", Wall, place: "Hub"), Scan("17track", Wall.AddSeconds(30), place: "Hub")])
            .Count.ShouldBe(2);
    }

    /// <summary>However many sources tell a history, in whatever order: it is as long as it was.</summary>
    [Fact]
    public void A_history_told_by_several_sources_stays_as_long_as_it_is() =>
        Prop.ForAll(
                Gen.Choose(0, 20).SelectMany(n => Gen.Choose(1, 5000).ListOf(n)).ToArbitrary(),
                gaps =>
                {
                    var wall = Wall;
                    var scans = gaps.Select(
                            (gap, i) => Scan("cainiao", wall = wall.AddMinutes(gap + 5), place: $"Hub {i}")
                        )
                        .ToList();
                    var told = Aggregators.SelectMany(p =>
                        scans.Select(s => s with { Source = new SourceKey(p, Number) })
                    );
                    return SameScan.Unite(told.Concat(scans)).Count == scans.Count;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_carriers_scan_after_an_aggregators_delivery_shows_that_it_was_none()
    {
        var told = Scan("17track", Wall, ParcelStatus.Delivered);
        var later = Scan("cainiao", Wall.AddDays(2), ParcelStatus.InTransit, "Liège");

        var state = ShipmentState.Derive(
            ParcelStatus.Unknown,
            [told, later],
            ParcelSummary.Empty,
            Some.Noon(Some.May(20))
        );

        state.Status.ShouldBe(ParcelStatus.InTransit);
        state.Anomalies.ShouldContain(a => a.Kind == "sources-disagree" && a.Event == told);
    }

    [Fact]
    public void An_aggregators_scan_after_the_carriers_delivery_undoes_nothing()
    {
        var delivered = Scan("dhl", Wall, ParcelStatus.Delivered);
        var later = Scan("17track", Wall.AddDays(2), ParcelStatus.InTransit, "Liège");

        var state = ShipmentState.Derive(
            ParcelStatus.Unknown,
            [delivered, later],
            ParcelSummary.Empty,
            Some.Noon(Some.May(20))
        );

        state.Status.ShouldBe(ParcelStatus.Delivered);
        state.Anomalies.ShouldContain(a => a.Kind == "after-delivery" && a.Event == later);
    }

    [Fact]
    public void What_is_more_than_ten_days_older_than_the_order_is_another_parcels()
    {
        var old = Scan("cainiao", Wall.AddYears(-1), ParcelStatus.Delivered);
        var own = Scan("cainiao", Wall, ParcelStatus.InTransit, "Shenzhen");

        var state = ShipmentState.Derive(
            ParcelStatus.Unknown,
            [old, own],
            ParcelSummary.Empty,
            Some.Noon(Some.May(20)),
            notBefore: Some.May(1)
        );

        state.Status.ShouldBe(ParcelStatus.InTransit);
        state.FirstScanAt.ShouldBe(own.At);
        state.FirstEventAt.ShouldBe(old.At); // so that the buyer hears that the number had been used before
        state.Anomalies.ShouldContain(a => a.Kind == "before-order" && a.Event == old);
    }

    private static ReportedEvent Scan(
        string provider,
        DateTime wall,
        ParcelStatus status = ParcelStatus.InTransit,
        string? place = null
    ) =>
        new()
        {
            Source = new SourceKey(provider, Number),
            Code = $"{provider}-{status}",
            TimeAsSent = wall.ToString("s"),
            Wall = wall,
            At = new DateTimeOffset(wall, TimeSpan.Zero),
            Quality = TimeQuality.LocalUnknown,
            Status = status,
            Place = place,
        };
}
