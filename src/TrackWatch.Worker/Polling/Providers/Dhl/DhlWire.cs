using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Dhl;

// The shapes of facts.md 1, read in place.

/// <summary>A whole answer: shipments, or a problem document that says why there are none.</summary>
internal sealed class DhlAnswer(JsonElement json)
{
    /// <summary>Null where the answer is no list of shipments at all.</summary>
    public IReadOnlyList<DhlShipment>? Shipments { get; } =
        json.Field("shipments").ValueKind == JsonValueKind.Array
            ? [.. json.Items("shipments").Select(shipment => new DhlShipment(shipment))]
            : null;

    /// <summary>The HTTP status, as a problem document repeats it.</summary>
    public long? Problem => json.Integer("status");

    public string? Detail => json.Text("detail") ?? json.Text("title");
}

/// <summary>One of <c>shipments[]</c>; several parcels of different services may share an id.</summary>
internal sealed class DhlShipment(JsonElement json)
{
    public JsonElement Json { get; } = json;

    public string? OriginCountry => Json.Field("origin").Field("address").Text("countryCode");
    public string? DestinationCountry => Json.Field("destination").Field("address").Text("countryCode");
    public string? EstimatedThrough => Json.Field("estimatedDeliveryTimeFrame").Text("estimatedThrough");
    public string? EstimatedTimeOfDelivery => Json.Text("estimatedTimeOfDelivery");

    /// <summary>The parcel is on its way back to its sender, or there.</summary>
    public bool IsReturn => Json.Field("returnFlag").ValueKind == JsonValueKind.True;

    /// <summary>The newest event once more; all there is where an answer leaves the list out.</summary>
    public DhlEvent Status { get; } = new(json.Field("status"));

    /// <summary>Newest first.</summary>
    public IEnumerable<DhlEvent> Events => Json.Items("events").Select(e => new DhlEvent(e));

    /// <summary>True where the shipment, or one of its pieces, goes by this number.</summary>
    public bool IsCalled(string number)
    {
        var details = Json.Field("details");
        return details
            .Items("pieceIds")
            .Append(Json.Field("id"))
            .Concat(details.Items("references").Select(reference => reference.Field("number")))
            .Append(details.Field("references").Field("number"))
            .Any(name => Plain(name.Text()) == Plain(number));
    }

    /// <summary>An id may come as a JSON number, which has no leading zeros.</summary>
    private static string Plain(string? number) => TrackingNumber.Compact(number).TrimStart('0');
}

/// <summary>One of <c>events[]</c>.</summary>
internal sealed class DhlEvent(JsonElement json)
{
    public JsonElement Json { get; } = json;

    /// <summary>Mostly local time without an offset.</summary>
    public string? Timestamp { get; } = json.Text("timestamp");

    public string? StatusCode { get; } = json.Text("statusCode");

    /// <summary>A sentence; <c>status</c> is its short form or the same.</summary>
    public string? Description { get; } = json.Text("description") ?? json.Text("status");

    public string? Place { get; } = PlaceOf(json.Field("location").Field("address"));

    private static string? PlaceOf(JsonElement address) =>
        string.Join(
            ", ",
            new[] { address.Text("addressLocality"), address.Text("countryCode") }.Where(part => part is not null)
        )
            is { Length: > 0 } place
            ? place
            : null;
}
