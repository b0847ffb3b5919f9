using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Recording;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Scenarios;

/// <summary>Parcels of one lane after the other, through the real rooms and a real database.</summary>
public sealed class LearnedLanesTests
{
    /// <summary>Two flights of five days each, then a silent one; the rule says notice on its 8th day.</summary>
    private const string Flights = """
        from: 2026-03-01
        to: 2026-05-14
        people:
          ayse: {email: ayse@example.org, timezone: Europe/Istanbul, country: TR}
        orders:
          - {id: one, person: ayse, ship_to: {country: TR}, tracking: [LP00900000000011]}
          - {id: two, person: ayse, ship_to: {country: TR}, tracking: [LP00900000000028]}
          - {id: three, person: ayse, ship_to: {country: TR}, tracking: [LP00900000000035], ordered: 2026-04-25}
        sources:
          cainiao: {blocked: [{from: 2026-03-12, to: 2026-03-13}]}
        events:
          LP00900000000011:
            - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-03T06:00Z, code: LH_DEPART, text: Departed}
            - {at: 2026-03-08T06:00Z, code: LH_ARRIVE, text: Landed, place: Istanbul}
            - {at: 2026-03-10T06:00Z, code: CC_IM_SUCCESS, text: Cleared}
            - {at: 2026-03-12T06:00Z, code: GTMS_ACCEPT, text: Accepted}
            - {at: 2026-03-14T11:00Z, code: GTMS_SIGNED, text: Signed}
          LP00900000000028:
            - {at: 2026-03-11T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-12T06:00Z, code: LH_DEPART, text: Departed}
            - {at: 2026-03-17T06:00Z, code: LH_ARRIVE, text: Landed, place: Istanbul}
            - {at: 2026-03-19T06:00Z, code: CC_IM_SUCCESS, text: Cleared}
            - {at: 2026-03-22T11:00Z, code: GTMS_SIGNED, text: Signed}
          LP00900000000035:
            - {at: 2026-04-30T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-05-02T06:00Z, code: LH_DEPART, text: Departed}
        """;

    [Theory]
    [InlineData(0, 8, 10)]
    [InlineData(2, 5, 7)]
    [InlineData(3, 8, 10)]
    public async Task The_next_parcel_of_a_lane_is_noticed_by_what_the_ones_before_it_took(
        int learnAfter,
        int notice,
        int noticedOn
    )
    {
        await using var world = await OpenAsync(learnAfter);
        await world.RunAsync();

        await using var db = await world.Get<IDbContextFactory<TrackWatchDb>>().CreateDbContextAsync();
        var settings = new Worker.Configuration.AssessingSettings { LearnAfter = learnAfter };
        var rules = world.Get<Domain.Rules.RuleBook>();
        var order = (await OrderSnapshots.LoadAsync(db, ["three"], settings, Reminding.Default, rules, default))[0];
        var stall = order.OpenStalls.ShouldHaveSingleItem();
        Days.In(order.Snapshot.Zone, stall.NoticeSince!.Value).ShouldBe(new DateOnly(2026, 5, noticedOn));
        var verdict = Domain.Advising.Ladder.Decide(order.Snapshot, world.Clock.GetUtcNow());
        verdict.Assessments.ShouldHaveSingleItem().Limits.ShouldBe(new LevelLimits(notice, 14, 21));
    }

    [Fact]
    public async Task Every_completed_leg_is_counted_once_whatever_happens_on_the_way()
    {
        await using var world = await OpenAsync(learnAfter: 2);
        // As by workers that die now and then and look at every order again.
        await world.RunAsync(async w =>
        {
            if (w.Rounds % 8 != 0)
                return;
            await w.RestartAsync();
            await w.CountAsync(
                "with again as (update orders set next_assessment_at = now() - interval '10 years' returning 1) select count(*) from again"
            );
            await w.Get<Worker.Running.Round>().AssessAsync(default);
        });

        await using var db = await world.Get<IDbContextFactory<TrackWatchDb>>().CreateDbContextAsync();
        var counted = (await db.LearnedLanes.ToListAsync()).Select(l =>
            (l.Origin, l.Destination, l.Leg, l.Days, l.Legs)
        );
        var events = (await db.TrackingEvents.ToListAsync()).ToLookup(e => e.ShipmentId);
        var anew =
            from shipment in await db.Shipments.ToListAsync()
            let history = History.NewestFirst(
                events[shipment.Id].OrderByDescending(e => e.Id).Select(e => e.AsReported())
            )
            from leg in LearnedLimits.LongestSilences(history, TimeZoneInfo.FindSystemTimeZoneById("Europe/Istanbul"))
            where (int)leg.Key < LearnedLimits.Completed(shipment.Status, shipment.Leg)
            group leg by leg into same
            select ("", "TR", same.Key.Key, same.Key.Value, same.Count());
        counted.Order().ShouldBe(anew.Order());
        counted.Sum(l => l.Legs).ShouldBeGreaterThan(6);
    }

    private static Task<World> OpenAsync(int learnAfter) =>
        World.OpenAsync(
            Flights,
            settings => settings with { Assessing = settings.Assessing with { LearnAfter = learnAfter } }
        );
}
