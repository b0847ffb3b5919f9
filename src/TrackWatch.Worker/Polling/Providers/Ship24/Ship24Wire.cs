using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Ship24;

// The shapes of facts.md 1, read in place.

/// <summary>One of <c>data.trackings[]</c>: a tracker with the shipment it found.</summary>
internal sealed class Ship24Tracking(JsonElement json)
{
    private readonly JsonElement _shipment = json.Field("shipment");

    public JsonElement Json { get; } = json;
    public string? TrackerId { get; } = json.Field("tracker").Text("trackerId");

    /// <summary>In normal form.</summary>
    public string Number { get; } = TrackingNumber.Compact(json.Field("tracker").Text("trackingNumber"));

    public string? StatusCode => _shipment.Text("statusCode");
    public string? StatusMilestone => _shipment.Text("statusMilestone");
    public string? OriginCountry => _shipment.Text("originCountryCode");
    public string? DestinationCountry => _shipment.Text("destinationCountryCode");
    public string? EstimatedDeliveryDate => _shipment.Field("delivery").Text("estimatedDeliveryDate");

    /// <summary>All numbers of the shipment, in normal form, its own among them.</summary>
    public IReadOnlyList<string> Numbers =>
        [
            .. _shipment
                .Items("trackingNumbers")
                .Select(number => TrackingNumber.Compact(number.Text("tn")))
                .Where(number => number.Length > 0),
        ];

    /// <summary>Newest first.</summary>
    public IEnumerable<Ship24Event> Events => Json.Items("events").Select(e => new Ship24Event(e));
}

/// <summary>One of <c>events[]</c>.</summary>
internal sealed class Ship24Event(JsonElement json)
{
    public JsonElement Json { get; } = json;

    /// <summary>The number that the event was asked for by, in normal form; empty where it is not said.</summary>
    public string Number { get; } = TrackingNumber.Compact(json.Text("trackingNumber"));

    /// <summary>The number that its courier used, in normal form; empty where it is not said.</summary>
    public string CourierNumber { get; } = TrackingNumber.Compact(json.Text("eventTrackingNumber"));

    public string? CourierCode { get; } = json.Text("courierCode");

    /// <summary>Local time. The field <c>datetime</c> is the same with a false Z and is never looked at.</summary>
    public string? OccurrenceDatetime { get; } = json.Text("occurrenceDatetime");

    /// <summary>Empty where it is not known.</summary>
    public string UtcOffset { get; } = json.Text("utcOffset") ?? "";

    public string? Status { get; } = json.Text("status");
    public string? Location { get; } = json.Text("location");
    public string? StatusCode { get; } = json.Text("statusCode");
    public string? StatusMilestone { get; } = json.Text("statusMilestone");
}

/// <summary>The envelope of a refusal: <c>errors[]{code, message}</c>.</summary>
internal readonly struct Ship24Errors(JsonElement json)
{
    public string Code => First.Text("code") ?? "";
    public string? Message => First.Text("message");

    private JsonElement First => json.Items("errors").FirstOrDefault();
}
