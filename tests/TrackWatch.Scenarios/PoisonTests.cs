using TrackWatch.Domain.Registering;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Scenarios;

public sealed class PoisonTests
{
    [Fact]
    public async Task An_order_that_cannot_be_assessed_keeps_no_other_order_from_its_mail()
    {
        await using var world = await World.OpenAsync(
            """
            from: 2026-03-01
            to: 2026-03-20
            people:
              ayse: {email: ayse@example.org, timezone: Europe/Istanbul}
              jan: {email: jan@example.org, timezone: Europe/Istanbul}
            orders:
              - {id: broken, person: ayse, tracking: [LP00900000000028]}
              - {id: hub, person: jan, tracking: [LP00900000000011]}
            events:
              LP00900000000011:
                - {at: 2026-03-05T06:00Z, code: LH_DEPART, text: Departed}
            """
        );
        // No file and no command lets such a day through; should one ever, its order is alone with it.
        Func<World, Task> tell = w =>
            w.Rounds == 1
                ? w.Get<Registrar>()
                    .TellAsync(
                        "broken",
                        new Fact.ProtectionEnds(DateOnly.MaxValue),
                        FactOrigin.Command,
                        w.Clock.GetUtcNow(),
                        default
                    )
                : Task.CompletedTask;

        await world.RunAsync(tell);

        (await world.SentAsync()).ShouldContain(s => s.Order == "hub" && s.Step == "contact-seller");
    }
}
