using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Scenarios;

namespace TrackWatch.Worker.Tests.Evidence;

/// <summary>Two months of one order as the real rooms recorded them, an outage of the source among them, and the built program to look at it.</summary>
public sealed class RecordedOrder : IAsyncLifetime
{
    public const string Number = "LP00900000000011";

    private World world = null!;

    public WorkerHome Home { get; private set; } = null!;

    public string ConnectionString => world.ConnectionString;

    public async Task InitializeAsync()
    {
        world = await World.OpenAsync(
            """
            from: 2026-03-01
            to: 2026-04-28
            people:
              ayse:
                name: Ayşe Yılmaz
                address: Moda Cad. 1, Kadıköy
                email: ayse@example.org
                language: tr
                timezone: Europe/Istanbul
                country: TR
                cards: {visa-1: {scheme: visa, bank: Example Bank, last4: "1234", country: TR}}
            orders:
              - id: hub
                person: ayse
                item: USB-C hub <b>bold</b>
                order_number: "8171234567890123"
                seller: "=ABC Store"
                value: 23.90 EUR
                paid_with: visa-1
                paid_on: 2026-02-26
                ordered: 2026-02-26
                shipped: 2026-03-01
                promised_by: 2026-04-10
                protection_ends: 2026-05-20
                tracking: [LP00900000000011]
            sources:
              cainiao: {blocked: [{from: 2026-03-20, to: 2026-03-24}]}
            events:
              LP00900000000011:
                - {at: 2026-03-01T06:00Z, code: PU_PICKUP_SUCCESS, text: Picked up, place: Shenzhen}
                - {at: 2026-03-03T06:00Z, code: SC_OUTBOUND_SUCCESS, text: "<script>alert(1)</script>, \"left\"", place: Dongguan}
                - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: "=HYPERLINK(\"https://evil.example\")"}
                - {at: 2026-03-21T06:00Z, code: LH_ARRIVE, text: Geldi, place: İstanbul}
                - {at: 2026-03-22T06:00Z, code: CC_IM_START, text: Import customs clearance started, place: İstanbul}
            acts:
              - {at: 2026-04-12T08:00Z, command: done hub contact-seller}
            """
        );
        await world.RunAsync();
        // The file of the world is not the home's: commands only look.
        Home = new WorkerHome(world.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        Home.Dispose();
        await world.DisposeAsync();
    }
}
