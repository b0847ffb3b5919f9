using System.Globalization;
using System.Text;
using TrackWatch.Domain;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Simulating;
using TrackWatch.TestKit;
using TrackWatch.TestKit.Scenarios;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Scenarios;

/// <summary>TrackWatch is quiet: what a year costs somebody who orders a lot.</summary>
public sealed class BudgetTests
{
    private const int Parcels = 40;
    private static readonly DateOnly FirstOrder = new(2026, 1, 5);

    [Theory]
    [InlineData(true, 25)]
    // Deliveries that nobody confirms are told on every second Monday, and not each by itself.
    [InlineData(false, 27)]
    public void Forty_parcels_a_year_cost_few_digests_and_at_most_twelve_alerts(bool closes, int digests)
    {
        var script = Scripts.Read(Year(closes));
        var simulation = new Simulation(
            script.ToJourney(),
            Simulations.RulesOf(new TrackWatchSettings(), TestRules.Book, [], script)
        );

        var mails = simulation.Run(script.Until.AddTicks(-1), script.Until).OfType<Happening.Mailed>().ToList();

        mails.Count(m => m.Kind == MailKind.Digest).ShouldBeInRange(1, digests);
        mails.Count(m => m.Kind == MailKind.Alert).ShouldBeInRange(1, 12);
        // Who did not ask for digests gets none that has nothing to say.
        mails.ShouldAllBe(m => m.Notices.Count > 0);
        // However few they are, all but the newest deliveries were told, and within two weeks.
        var told = mails.SelectMany(m => m.Notices, (m, n) => (m.At, n.Draft)).ToList();
        var deliveries = told.Where(n => n.Draft.Instance.EndsWith("/delivered", StringComparison.Ordinal)).ToList();
        deliveries.ShouldAllBe(n => Days.In(TimeZoneInfo.Utc, n.At) <= n.Draft.Reason.Date!.Value.AddDays(15));
        if (!closes)
            deliveries.Count.ShouldBeGreaterThanOrEqualTo(
                script.Events.Count(e => IsDelivered(e.Value, script.Until.AddDays(-15)))
            );
    }

    private static bool IsDelivered(IEnumerable<ScriptedEvent> said, DateTimeOffset by) =>
        said.Any(e => e.Code == "GTMS_SIGNED" && e.Known < by);

    /// <summary>
    /// An order every nine days. Seven of ten come smoothly, two stall between the countries and come after all, one never
    /// comes and is refunded.
    /// </summary>
    /// <param name="closes">The buyer closes what has come the day after; else never.</param>
    private static string Year(bool closes)
    {
        var orders = new StringBuilder();
        var events = new StringBuilder();
        var acts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Parcels; i++)
        {
            var ordered = FirstOrder.AddDays(i * 9);
            var number = string.Create(CultureInfo.InvariantCulture, $"LP{900_000_000_000 + i * 17:D14}");
            var lost = i % 10 == 8;
            var late = i % 10 is 2 or 5 ? 10 : 0;
            orders.AppendLine(
                CultureInfo.InvariantCulture,
                $"  - {{id: o{i}, person: jan, item: Thing {i}, value: 20 EUR, paid_with: visa, ordered: {Day(0)}, shipped: {Day(2)}, promised_by: {Day(45)}, protection_ends: {Day(75)}, ship_to: {{country: PL, postcode: 00-001}}, tracking: [{number}]}}"
            );
            events.AppendLine(CultureInfo.InvariantCulture, $"  {number}:");
            Scan(3, "PU_PICKUP_SUCCESS", "Shenzhen");
            Scan(5, "SC_OUTBOUND_SUCCESS", "Dongguan");
            Scan(8, "LH_DEPART", "Shanghai");
            if (lost)
            {
                Act(23, $"done o{i} contact-seller");
                Act(31, $"tell o{i} dispute opened");
                Act(38, $"tell o{i} dispute granted");
                Act(45, $"tell o{i} refund received 20 EUR");
                continue;
            }
            Scan(14 + late, "LH_ARRIVE", "Warsaw");
            Scan(16 + late, "CC_IM_SUCCESS", "Warsaw");
            Scan(18 + late, "GTMS_ACCEPT", "Warsaw");
            Scan(20 + late, "GTMS_SIGNED", "Warsaw");
            if (closes)
                Act(21 + late, $"close o{i} received");

            string Day(int after) => ordered.AddDays(after).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

            void Scan(int after, string code, string place) =>
                events.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"    - {{at: {Day(after)}T06:00Z, code: {code}, text: {code}, place: {place}}}"
                );

            void Act(int after, string command) =>
                acts.Add($"{Day(after)}/{i:D2}", $"  - {{at: {Day(after)}T09:00Z, command: {command}}}");
        }
        return $$"""
            from: 2026-01-01
            to: 2026-12-31
            people:
              jan: {email: jan@example.org, timezone: Europe/Warsaw, country: PL}
            orders:
            {{orders}}
            events:
            {{events}}
            acts:
            {{string.Join('\n', acts.Where(a => string.CompareOrdinal(a.Key, "2027") < 0).Select(a => a.Value))}}
            """;
    }
}
