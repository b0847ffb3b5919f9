using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.Worker.Tests.Polling.Cainiao;

/// <summary>No parcel of the samples looks fake to the buyer it goes to; each does to a buyer somewhere else.</summary>
public sealed class PlausibleSamplesTests
{
    private static readonly DateTimeOffset AskedAt = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, string> Countries = new()
    {
        ["France"] = "FR",
        ["Turkey"] = "TR",
        ["Israel"] = "IL",
        ["Belgium"] = "BE",
        ["Poland"] = "PL",
        ["Brazil"] = "BR",
    };

    [Fact]
    public void No_sample_is_doubted_at_its_destination()
    {
        var samples = Samples().ToList();

        samples.Count.ShouldBeGreaterThan(15);
        foreach (var (file, view, country) in samples)
            Plausibility
                .Of(Order(view, country), view, TimeZoneInfo.Utc)
                .Select(d => (d.Kind, d.Country))
                .ShouldBeEmpty(file);
    }

    [Fact]
    public void Every_sample_is_doubted_in_another_country()
    {
        foreach (var (file, view, country) in Samples())
            Plausibility
                .Of(Order(view, country == "PL" ? "TR" : "PL"), view, TimeZoneInfo.Utc)
                .ShouldHaveSingleItem(file)
                .Country.ShouldBe(country);
    }

    private static Order Order(ShipmentView view, string country) =>
        new()
        {
            Id = "sample",
            People = ["ayse"],
            Tracking = [new TrackedParcel(view.Number)],
            ShipTo = new Destination(country),
            Ordered = view.FirstEventAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null,
        };

    private static IEnumerable<(string File, ShipmentView View, string Country)> Samples() =>
        from file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Samples", "cainiao"), "*.json").Order()
        let parcels = JsonNode.Parse(File.ReadAllText(file))?["module"] as JsonArray
        where parcels is not null
        from parcel in parcels
        let outcome = CainiaoReading.Of(Encoding.UTF8.GetBytes(parcel!.ToJsonString()), AskedAt).Outcome
        where outcome is PollOutcome.Ok { Reading.Summary.DestinationCountry: not null }
        let reading = ((PollOutcome.Ok)outcome).Reading
        let state = ShipmentState.Derive(ParcelStatus.Unknown, reading.Events, reading.Summary, AskedAt)
        select (
            Path.GetFileName(file),
            new ShipmentView
            {
                Id = 1,
                Number = (string?)parcel["mailNo"] ?? "?",
                RegisteredAt = AskedAt.AddDays(-90),
                Status = state.Status,
                Leg = state.Leg,
                EndsByDesign = state.EndsByDesign,
                SeenInDestination = state.SeenInDestination,
                FirstEventAt = state.FirstEventAt,
                LastEventAt = state.LastEventAt,
                LastPlace = state.LastPlace,
                Destination = reading.Summary.DestinationCountry,
            },
            Countries[reading.Summary.DestinationCountry!]
        );
}
