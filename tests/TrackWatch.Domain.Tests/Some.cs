using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.TestKit;

namespace TrackWatch.Domain.Tests;

/// <summary>Small makers: a parcel in line haul, days of a year without seasons where a test does not name one.</summary>
internal static class Some
{
    public static readonly LevelDays NoLimits = new();

    public static DateOnly Day(string iso) => DateOnly.Parse(iso, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The first of May 2026 and so many days: no season of any rule is near.</summary>
    public static DateOnly May(int day) => new DateOnly(2026, 5, 1).AddDays(day - 1);

    public static DateTimeOffset Noon(DateOnly day) => new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);

    public static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    public static Person Person() => new() { Id = "ayse", Email = "ayse@example.org" };

    public static Order Order() =>
        new()
        {
            Id = "hub",
            People = ["ayse"],
            Tracking = [new TrackedParcel("LP00900000000011")],
        };

    public static ShipmentView Shipment(Leg leg = Leg.LineHaul, DateOnly? silentSince = null, long id = 1)
    {
        var progress = Noon(silentSince ?? May(1));
        return new ShipmentView
        {
            Id = id,
            Number = $"LP0090000000001{id}",
            RegisteredAt = progress.AddDays(-3),
            Status = leg switch
            {
                Leg.Label => ParcelStatus.InfoReceived,
                Leg.ImportCustoms => ParcelStatus.Customs,
                Leg.PickupPoint => ParcelStatus.OutForDelivery,
                _ => ParcelStatus.InTransit,
            },
            Leg = leg,
            FirstEventAt = progress.AddDays(-3),
            FirstScanAt = leg == Leg.Label ? null : progress.AddDays(-3),
            SeenInDestination = true,
            LastEventAt = progress,
            LastProgressAt = progress,
            LastAnswerAt = progress,
        };
    }

    /// <summary>A number that the source answers about and does not know.</summary>
    public static ShipmentView Unheard(DateOnly registered) =>
        new()
        {
            Id = 1,
            Number = "LP00900000000011",
            RegisteredAt = Noon(registered),
            Status = ParcelStatus.NotFound,
            LastAnswerAt = Noon(registered),
        };

    /// <summary>Facts, each told at noon of a day.</summary>
    public static OrderFacts Facts(params (Fact Fact, DateOnly Told)[] facts) =>
        OrderFacts.Unite(facts.Select(f => new ToldFact(f.Fact, FactOrigin.Command, Noon(f.Told))));

    public static (Fact, DateOnly) Done(Step step, DateOnly on) => (new Fact.StepDone(step, on), on);

    public static OrderSnapshot Snapshot(
        Order? order = null,
        OrderFacts? facts = null,
        params ShipmentView[] shipments
    ) =>
        new(
            order ?? Order(),
            facts ?? OrderFacts.None,
            shipments.Length == 0 ? [Shipment()] : shipments,
            [],
            new Dictionary<string, DateTimeOffset>(),
            NoLimits,
            TimeZoneInfo.Utc,
            TestRules.Book,
            Person()
        );

    /// <summary>The same order after its sources have answered at that moment.</summary>
    public static OrderSnapshot Answered(this OrderSnapshot order, DateTimeOffset at) =>
        order with
        {
            Shipments = [.. order.Shipments.Select(s => s.LastAnswerAt is null ? s : s with { LastAnswerAt = at })],
        };

    /// <summary>The verdict at noon of a day on which the sources have answered.</summary>
    public static CaseVerdict On(this OrderSnapshot order, DateOnly day)
    {
        var now = Noon(day);
        return Ladder.Decide(order.Answered(now), now);
    }
}
