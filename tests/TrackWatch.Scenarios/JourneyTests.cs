using TrackWatch.TestKit.Scenarios;

namespace TrackWatch.Scenarios;

public sealed class JourneyTests
{
    private const string Silent = """
        from: 2026-03-01
        to: 2026-04-20
        people:
          ayse: {email: ayse@example.org, language: tr, timezone: Europe/Istanbul}
        orders:
          - {id: hub, person: ayse, item: USB-C hub, ordered: 2026-02-26, shipped: 2026-03-01, tracking: [LP00900000000011]}
        events:
          LP00900000000011:
            - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
            - {at: 2026-03-03T06:00Z, code: SC_OUTBOUND_SUCCESS, text: Left, place: Dongguan}
            - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
        digests: true
        expect:
          - {day: 2026-03-13, order: hub, kind: digest, step: check-number}
          - {day: 2026-03-19, order: hub, kind: alert, step: contact-seller}
          - {day: 2026-03-26, order: hub, kind: alert, step: open-dispute}
        """;

    [Fact]
    public async Task A_parcel_that_stalls_in_line_haul_climbs_from_notice_to_seller_to_dispute_on_the_right_days()
    {
        await using var world = await World.OpenAsync(Silent);
        await world.RunAsync();
        var (expected, sent) = await world.CompareAsync();
        sent.ShouldBe(expected, string.Join('\n', await world.SentAsync()));
    }
}
