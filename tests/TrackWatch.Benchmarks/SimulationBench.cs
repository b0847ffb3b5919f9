using System.Diagnostics;
using System.Globalization;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
using TrackWatch.Domain.Simulating;
using TrackWatch.Worker.Commands.Simulating;

namespace TrackWatch.Benchmarks;

/// <summary>A year of many orders on virtual time: a third of them never arrives.</summary>
internal sealed class SimulationBench
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly (int Day, string Code, string? Place)[] Way =
    [
        (1, "PU_PICKUP_SUCCESS", "Shenzhen"),
        (3, "SC_OUTBOUND_SUCCESS", "Dongguan"),
        (5, "LH_DEPART", null),
        (11, "LH_ARRIVE", "Warsaw"),
        (13, "CC_IM_SUCCESS", null),
        (15, "GTMS_ACCEPT", "Warsaw"),
        (17, "GTMS_DO_DEPART", "Warsaw"),
        (17, "GTMS_SIGNED", "Warsaw"),
    ];

    private readonly Journey journey;
    private readonly SimulationRules rules;

    public SimulationBench(int orders, int people, RuleBook rules)
    {
        this.rules = new SimulationRules(
            rules,
            new LevelDays(),
            MailRules.Default,
            Moving: TimeSpan.FromHours(6),
            Floors: new Dictionary<string, TimeSpan>(),
            OutageAfter: TimeSpan.FromDays(1),
            SourceOffer.Of(ProviderIds.Cainiao)
        );
        journey = new Journey
        {
            People =
            [
                .. Enumerable
                    .Range(0, people)
                    .Select(i => new Person
                    {
                        Id = $"p{i}",
                        Email = $"p{i}@example.org",
                        TimeZone = "Europe/Warsaw",
                        Country = "PL",
                    }),
            ],
            Orders = [.. Enumerable.Range(0, orders).Select(i => Order(i, orders, people))],
            Sayings = Enumerable
                .Range(0, orders)
                .ToDictionary(i => new SourceKey(ProviderIds.Cainiao, Number(i)), i => Sayings(i, orders)),
        };
    }

    /// <returns>Seconds for the year, with what it came to.</returns>
    public (double Seconds, int Decisions, int Mails, int Notices) Run()
    {
        var watch = Stopwatch.StartNew();
        var (decisions, mails, notices) = (0, 0, 0);
        var end = Start.AddYears(1);
        foreach (var happening in new Simulation(journey, rules).Run(end, end))
            if (happening is Happening.Mailed mail)
                (mails, notices) = (mails + 1, notices + mail.Notices.Count);
            else
                decisions++;
        return (watch.Elapsed.TotalSeconds, decisions, mails, notices);
    }

    private static string Number(int i) => string.Create(CultureInfo.InvariantCulture, $"LP{i:00000000000000}");

    private static DateTimeOffset Placed(int i, int orders) => Start.AddDays(i * 300 / orders);

    private static OrderSaid Order(int i, int orders, int people)
    {
        var placed = Placed(i, orders);
        var day = DateOnly.FromDateTime(placed.UtcDateTime);
        return new OrderSaid(
            placed,
            new Order
            {
                Id = $"o{i}",
                People = [$"p{i % people}"],
                Tracking = [new TrackedParcel(Number(i))],
                Ordered = day,
                Shipped = day.AddDays(1),
                PromisedBy = day.AddDays(40),
                PaidWith = "visa",
                Value = new Money(20, "EUR"),
                ShipTo = new Destination("PL"),
            }
        );
    }

    private static IReadOnlyList<Saying> Sayings(int i, int orders)
    {
        var placed = Placed(i, orders);
        var steps = i % 3 == 0 ? Way[..(1 + (i % 7))] : Way;
        var events = steps
            .Select(
                (s, n) =>
                    new ScriptedEvent(
                        placed.AddDays(s.Day).AddHours(n),
                        placed.AddDays(s.Day).AddHours(n),
                        s.Code,
                        s.Code,
                        s.Place,
                        ProviderIds.Cainiao
                    )
            )
            .ToList();
        return
        [
            .. events.Select(
                (e, n) =>
                    new Saying(e.Known, ScriptedAnswer.Read(Number(i), [.. events.Take(n + 1).Reverse()], e.Known))
            ),
        ];
    }
}
