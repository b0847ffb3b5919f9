using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

// The shapes of facts.md 1, read in place.

/// <summary>One tracking: a number as AfterShip follows it with one courier.</summary>
internal sealed class AfterShipTracking(JsonElement json)
{
    public JsonElement Json { get; } = json;
    public string? Id { get; } = json.Text("id");

    /// <summary>In normal form.</summary>
    public string Number { get; } = TrackingNumber.Compact(json.Text("tracking_number"));

    /// <summary>True where AfterShip asks no more: the parcel has arrived, or was silent for 30 days.</summary>
    public bool IsInactive => Json.Field("active").ValueKind == JsonValueKind.False;

    public DateTimeOffset? UpdatedAt => SourceTime.Instant(Json.Text("updated_at"));
    public string? Tag => Json.Text("tag");
    public string? Subtag => Json.Text("subtag");

    /// <summary>ISO 3166, three letters.</summary>
    public string? OriginCountry => Json.Text("origin_country_region");

    /// <inheritdoc cref="OriginCountry"/>
    public string? DestinationCountry =>
        Json.Text("courier_destination_country_region") ?? Json.Text("destination_country_region");

    public string? LastMileNumber => Json.Field("last_mile").Text("tracking_number");
    public string? LastMileSlug => Json.Field("last_mile").Text("slug");
    public string? LastMileSite => Json.Field("last_mile").Text("courier_tracking_link");

    /// <summary>The latest day that is announced, AfterShip's own estimate before the courier's.</summary>
    public string? ExpectedBy
    {
        get
        {
            var latest = Json.Field("latest_estimated_delivery");
            var couriers = Json.Field("courier_estimated_delivery_date");
            return latest.Text("datetime_max")
                ?? latest.Text("datetime")
                ?? couriers.Text("estimated_delivery_date_max")
                ?? couriers.Text("estimated_delivery_date");
        }
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<AfterShipCheckpoint> Checkpoints =>
        Json.Items("checkpoints").Select(checkpoint => new AfterShipCheckpoint(checkpoint));
}

/// <summary>One of <c>checkpoints[]</c>.</summary>
internal sealed class AfterShipCheckpoint(JsonElement json)
{
    public JsonElement Json { get; } = json;

    /// <summary>The carrier's local time, often without an offset.</summary>
    public string? CheckpointTime { get; } = json.Text("checkpoint_time");

    /// <summary>When AfterShip saw it.</summary>
    public DateTimeOffset? CreatedAt { get; } = SourceTime.Instant(json.Text("created_at"));

    public string? Tag { get; } = json.Text("tag");
    public string? Subtag { get; } = json.Text("subtag");
    public string? Message { get; } = json.Text("message");

    public string? Place { get; } =
        json.Text("location") ?? json.Text("city") ?? json.Text("country_region_name") ?? json.Text("country_region");
}

/// <summary>The envelope's own word: <c>meta{code, message}</c>.</summary>
internal readonly struct AfterShipMeta(JsonElement json)
{
    public const int NotFound = 4004;
    public const int ExistsAlready = 4003;

    public long? Code => json.Field("meta").Integer("code");
    public string? Message => json.Field("meta").Text("message");

    /// <summary>True for what can only be mended by the one who wrote the number: its form, its courier, a field it lacks.</summary>
    public bool IsAboutNumber => Code is 4005 or 4010 or 4011 or 4012 or 4017;
}
