using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit;

namespace TrackWatch.Domain.Tests.Simulating;

public sealed class SimulationTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_journey_brings_the_same_every_time()
    {
        Tell(Run(Journey(Silent))).ShouldBe(Tell(Run(Journey(Silent))));
        Tell(Run(Journey(Silent))).ShouldContain(line => line.Contains("contact-seller", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_asked_for_later_does_not_change_what_came_before()
    {
        var whole = Tell(Run(Journey(Silent)));

        Tell(Run(Journey(Silent), until: Start.AddDays(20))).ShouldBe(whole.Take(whole.Count(At(20))));

        static Func<string, bool> At(int days) =>
            line => string.CompareOrdinal(line, $"{Start.AddDays(days):yyyy-MM-dd HH:mm}") <= 0;
    }

    [Fact]
    public void It_ends_by_itself_once_nothing_more_can_change_although_the_parcel_is_asked_about_for_ever()
    {
        var refunded = new ToldFact(new Fact.RefundReceived(), FactOrigin.Command, Start.AddDays(40));
        var simulation = new Simulation(Journey(Silent) with { Facts = [new FactSaid("hub", refunded)] }, Rules());

        var last = simulation.Run(until: null, atMost: Start.AddYears(5)).Last();

        simulation.IsQuiet.ShouldBeTrue();
        last.At.ShouldBeLessThan(Start.AddYears(1));
        simulation.NextPolls("hub").ShouldNotBeEmpty();
    }

    [Fact]
    public void A_fact_holds_from_its_telling_to_its_taking_back()
    {
        var told = new FactSaid(
            "hub",
            new ToldFact(new Fact.Closed(ClosedWhy.Lost), FactOrigin.Command, Start.AddDays(5)),
            UndoneAt: Start.AddDays(40)
        );

        var lines = Tell(Run(Journey(Silent) with { Facts = [told] }));

        lines.ShouldNotContain(line => string.CompareOrdinal(line, "2026-06-10") < 0);
        lines.ShouldContain(line => line.Contains("open-dispute", StringComparison.Ordinal));
    }

    [Fact]
    public void A_silent_source_is_told_once_when_it_is_noticed_and_once_when_it_is_back_and_is_no_stall()
    {
        var outage = new Outage(
            ProviderIds.Cainiao,
            Start.AddDays(6),
            Start.AddDays(30),
            new PollOutcome.Blocked("shows a block page")
        );
        var moving = Enumerable.Range(0, 40).Select(day => (day, "LH_ARRIVE", $"Place {day}")).ToArray();

        var happened = Run(Journey(moving) with { Outages = [outage] }, Start.AddDays(39));

        var news = happened.OfType<Happening.OperatorMailed>().SelectMany(m => m.News).ToList();
        news.Select(n => n.Kind).ShouldBe([OutageNews.Silent, OutageNews.Back]);
        // The first unanswered question comes within a poll's interval of the outage, the news a day later.
        happened.OfType<Happening.OperatorMailed>().First().At.ShouldBe(news[0].Since.AddDays(1));
        happened.OfType<Happening.Mailed>().ShouldBeEmpty();
    }

    [Fact]
    public void A_number_that_the_file_drops_is_asked_about_no_more()
    {
        var journey = Journey(Silent);
        var other = journey.Orders[0].Order with { Tracking = [new TrackedParcel("LP00900000000028")] };
        var simulation = new Simulation(
            journey with
            {
                Orders = [.. journey.Orders, new OrderSaid(Start.AddDays(3), other)],
            },
            Rules()
        );

        simulation.Run(Start.AddDays(4), Start.AddDays(4)).Count().ShouldBeGreaterThanOrEqualTo(0);

        simulation.NextPolls("hub").Select(p => p.Number).ShouldBe(["LP00900000000028"]);
        simulation.Find("hub")!.Shipments.Select(s => s.Number).ShouldBe(["LP00900000000028"]);
        simulation.Find("lamp").ShouldBeNull();
    }

    private static readonly (int Day, string Code, string Place)[] Silent =
    [
        (0, "PU_PICKUP_SUCCESS", "Shenzhen"),
        (2, "SC_OUTBOUND_SUCCESS", "Dongguan"),
        (4, "LH_DEPART", "Hong Kong"),
    ];

    private static Journey Journey((int Day, string Code, string Place)[] events) =>
        new()
        {
            People = [new Person { Id = "ayse", Email = "ayse@example.org" }],
            Orders = [new OrderSaid(Start, Some.Order() with { Ordered = Some.May(1), Shipped = Some.May(1) })],
            Sayings = new Dictionary<SourceKey, IReadOnlyList<Saying>>
            {
                [new SourceKey(ProviderIds.Cainiao, "LP00900000000011")] =
                [
                    .. events.Select(
                        (e, n) =>
                            new Saying(
                                Start.AddDays(e.Day),
                                new PollOutcome.Ok(
                                    new ParcelReading(
                                        [.. events.Take(n + 1).Reverse().Select(Event)],
                                        ParcelSummary.Empty
                                    )
                                )
                            )
                    ),
                ],
            },
        };

    private static ReportedEvent Event((int Day, string Code, string Place) e)
    {
        var at = Start.AddDays(e.Day);
        return new ReportedEvent
        {
            Code = e.Code,
            TimeAsSent = at.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            Wall = at.DateTime,
            At = at,
            Quality = TimeQuality.Exact,
            Status = ParcelStatus.InTransit,
            Leg = Leg.LineHaul,
            Place = e.Place,
        };
    }

    private static SimulationRules Rules() =>
        new(
            TestRules.Book,
            Some.NoLimits,
            MailRules.Default,
            TimeSpan.FromHours(6),
            new Dictionary<string, TimeSpan>(),
            OutageAfter: TimeSpan.FromDays(1),
            SourceOffer.Of(ProviderIds.Cainiao)
        );

    private static List<Happening> Run(Journey journey, DateTimeOffset? until = null) =>
        [.. new Simulation(journey, Rules()).Run(until ?? Start.AddDays(150), Start.AddYears(5))];

    private static List<string> Tell(IEnumerable<Happening> happened) =>
        [
            .. happened
                .OfType<Happening.Mailed>()
                .SelectMany(m =>
                    m.Notices.Select(n =>
                        $"{m.At:yyyy-MM-dd HH:mm:ss} {m.Kind} {n.Draft.Step?.Id()} {n.Draft.Instance}"
                    )
                ),
        ];
}
