using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

// The shapes of facts.md 5, read in place: only the fields named here are ever looked at.

/// <summary>An answer <c>{meta: {code}, data}</c> to a question that was understood.</summary>
internal sealed class TrackingMoreBody(JsonElement json)
{
    /// <summary>200, or what was wrong with the number at hand.</summary>
    public long Code { get; } = json.Field("meta").Integer("code") is { } code and not 201 ? code : 200;

    private JsonElement Data => json.Field("data");

    /// <summary>The answer of <c>get</c>, by number in normal form.</summary>
    public IEnumerable<(string Number, ReadOnlyMemory<byte> Entry)> Parcels() =>
        from parcel in Items(json, "data")
        select (NumberOf(parcel), (ReadOnlyMemory<byte>)JsonMarshal.GetRawUtf8Value(parcel).ToArray());

    /// <summary>The answer of <c>batch</c>; a number with its error, or with none where it was taken.</summary>
    public IEnumerable<(string Number, long? Error, ReadOnlyMemory<byte> Entry)> Registrations() =>
        Items(Data, "success")
            .Select(item => (NumberOf(item), (long?)null, ReadOnlyMemory<byte>.Empty))
            .Concat(
                Items(Data, "error")
                    .Select(item =>
                        (
                            NumberOf(item),
                            (long?)(item.Integer("errorCode") ?? 0),
                            (ReadOnlyMemory<byte>)JsonMarshal.GetRawUtf8Value(item).ToArray()
                        )
                    )
            );

    /// <summary>The likeliest courier of a number; null where none was found.</summary>
    public string? Courier() =>
        Items(json, "data").Select(c => c.Text("courier_code") ?? c.Text("code")).FirstOrDefault(c => c is not null);

    private static IEnumerable<JsonElement> Items(JsonElement json, string list) =>
        json.Items(list).Where(item => item.ValueKind == JsonValueKind.Object);

    private static string NumberOf(JsonElement item) => TrackingNumber.Compact(item.Text("tracking_number"));
}

internal static class TrackingMoreRequest
{
    public static JsonObject ToRegister(PollQuestion question, string courier)
    {
        var item = new JsonObject { ["tracking_number"] = question.Number, ["courier_code"] = courier };
        if (question.Country is { } country)
            item["destination_country_iso2"] = country;
        if (question.Postcode is { } postcode)
            item["tracking_postal_code"] = postcode;
        return item;
    }

    /// <summary>The shape of an error in a batch, for one that was told in another way.</summary>
    public static ReadOnlyMemory<byte> Refused(string number, long code) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["tracking_number"] = number, ["errorCode"] = code });
}

/// <summary>One parcel of <c>data[]</c>.</summary>
internal readonly struct TrackingMoreParcel(JsonElement json)
{
    public string Status => Words.Code(json.Text("delivery_status"));
    public string SubStatus => Words.Code(json.Text("substatus"));
    public long? Error => json.Integer("errorCode");
    public string? ErrorMessage => json.Text("errorMessage");
    public string? OriginCountry => json.Text("origin_country");
    public string? DestinationCountry => json.Text("destination_country");
    public string? DestinationNumber => json.Text("destination_track_number");
    public string? DestinationCourier => json.Field("destination_info").Text("courier_code");
    public string? DestinationPhone => json.Field("destination_info").Text("courier_phone");
    public string? DestinationSite => json.Field("destination_info").Text("weblink");
    public string? ExpectedOn => json.Text("scheduled_delivery_date");

    /// <summary>Of the origin's courier and of the destination's, newest first each.</summary>
    public IEnumerable<IEnumerable<TrackingMoreEvent>> Histories =>
        [History(json.Field("destination_info")), History(json.Field("origin_info"))];

    private static IEnumerable<TrackingMoreEvent> History(JsonElement side) =>
        side.Items("trackinfo").Select(e => new TrackingMoreEvent(e));
}

internal sealed class TrackingMoreEvent(JsonElement json)
{
    /// <summary>The sub-status, else the status; empty for neither.</summary>
    public string Code { get; } =
        Words.Code(json.Text("checkpoint_delivery_substatus") ?? json.Text("checkpoint_delivery_status"));

    public string? Date { get; } = json.Text("checkpoint_date");
    public string? Detail { get; } = json.Text("tracking_detail");
    public string? Location { get; } = json.Text("location") ?? json.Text("city");
    public JsonElement Json => json;
}
