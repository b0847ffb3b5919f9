using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

// The shapes of facts.md 2.1 to 2.3, read in place: only the fields named here are ever looked at.

/// <summary>What 17TRACK says of one number in an answer.</summary>
/// <param name="Error">The code of the refusal; null = accepted.</param>
/// <param name="Entry">The item as bytes, alive after the answer is gone.</param>
internal readonly record struct SeventeenTrackItem(
    string Number,
    long? Error,
    JsonElement Json,
    ReadOnlyMemory<byte> Entry
);

/// <summary>An answer that is one: <c>{code: 0, data: …}</c>.</summary>
internal sealed class SeventeenTrackBody(JsonElement json)
{
    private JsonElement Data => json.Field("data");

    /// <summary>Accepted first, then rejected; a list may also come as a single object.</summary>
    public IEnumerable<SeventeenTrackItem> Items() => ItemsOf("accepted").Concat(ItemsOf("rejected"));

    /// <summary>The answer of <c>getquota</c>; null where it is none.</summary>
    public SourceQuota? Quota() =>
        (Data.Integer("quota_remain"), Data.Integer("quota_total")) is ({ } left, { } total)
            ? new SourceQuota(Count(left), Count(total), "numbers")
            : null;

    /// <summary>How many numbers may still be registered today; null where the account has no such limit.</summary>
    public int? LeftToday() =>
        (Data.Integer("today_used"), Data.Integer("max_track_daily")) is ({ } used, { } most and > 0)
            ? Count(most - used)
            : null;

    private IEnumerable<SeventeenTrackItem> ItemsOf(string list) =>
        from item in Data.Field(list) is { ValueKind: JsonValueKind.Object } one ? [one] : Data.Items(list)
        let number = TrackingNumber.Compact(item.Text("number"))
        where number.Length > 0
        select new SeventeenTrackItem(
            number,
            list == "rejected" ? item.Field("error").Integer("code") ?? 0 : null,
            item,
            JsonMarshal.GetRawUtf8Value(item).ToArray()
        );

    private static int Count(long count) => (int)Math.Clamp(count, 0, int.MaxValue);
}

/// <summary>The numbers of a request.</summary>
internal static class SeventeenTrackRequest
{
    public static JsonArray Numbers(IEnumerable<string> numbers) =>
        [.. numbers.Select(number => new JsonObject { ["number"] = number })];

    /// <summary>No text in another language, which would cost a second quota, no mail and no push: all of that is off unless asked for.</summary>
    public static JsonArray ToRegister(IEnumerable<PollQuestion> questions) => [.. questions.Select(ToRegister)];

    private static JsonObject ToRegister(PollQuestion question)
    {
        var item = new JsonObject { ["number"] = question.Number };
        if (SeventeenTrackCodes.CarrierKey(question.Carrier) is { } carrier)
            item["carrier"] = carrier;
        if (question.Country is { } country)
            item["destination_country"] = country;
        if (question.Postcode is { } postcode)
            item["destination_postal_code"] = postcode;
        return item;
    }
}

/// <summary><c>track_info</c> of one accepted number.</summary>
internal readonly struct SeventeenTrackParcel(JsonElement json)
{
    public bool IsThere => json.ValueKind == JsonValueKind.Object;
    public string Status => Words.Code(json.Field("latest_status").Text("status"));
    public string SubStatus => Words.Code(json.Field("latest_status").Text("sub_status"));
    public string? OriginCountry => Country("shipper_address");
    public string? DestinationCountry => Country("recipient_address");

    /// <summary>The number of the last-mile carrier, where it has one of its own.</summary>
    public string? LocalNumber => json.Field("misc_info").Text("local_number");
    public string? LocalProvider => json.Field("misc_info").Text("local_provider");

    /// <summary>The end of the announced delivery window.</summary>
    public DateTimeOffset? ExpectedBy =>
        json.Field("time_metrics").Field("estimated_delivery_date") is var window
            ? SeventeenTrackTime.Instant(window.Text("to")) ?? SeventeenTrackTime.Instant(window.Text("from"))
            : null;

    public long? DaysSilent => json.Field("time_metrics").Integer("days_after_last_update");

    /// <summary>The events of each carrier, newest first.</summary>
    public IEnumerable<IEnumerable<SeventeenTrackEvent>> Histories =>
        json.Field("tracking")
            .Items("providers")
            .Select(p => p.Items("events").Select(e => new SeventeenTrackEvent(e)));

    public SeventeenTrackEvent? LatestEvent =>
        json.Field("latest_event") is { ValueKind: JsonValueKind.Object } e ? new SeventeenTrackEvent(e) : null;

    private string? Country(string whose) => json.Field("shipping_info").Field(whose).Text("country");
}

internal sealed class SeventeenTrackEvent(JsonElement json)
{
    private readonly JsonElement _raw = json.Field("time_raw");

    /// <summary>The sub-status, else the stage; empty for neither.</summary>
    public string Code { get; } = Words.Code(json.Text("sub_status") ?? json.Text("stage"));

    public string? TimeIso { get; } = json.Text("time_iso");
    public string? TimeUtc { get; } = json.Text("time_utc");
    public string? RawDate => _raw.Text("date");
    public string? RawTime => _raw.Text("time");
    public string? RawZone => _raw.Text("timezone");
    public string? Description { get; } = json.Text("description");
    public string? Location { get; } = json.Text("location");

    /// <summary>ISO 3166 alpha-2 of where it happened.</summary>
    public string? Country { get; } = json.Field("address").Text("country");

    public JsonElement Json => json;
}

/// <summary>When an event happened: <c>time_utc</c>, else <c>time_iso</c>, else the wall time with or without its zone (facts.md 2.3).</summary>
internal static class SeventeenTrackTime
{
    /// <summary>Null where there is none that a parcel of our days can have.</summary>
    public static SourceTime? Of(SeventeenTrackEvent e, DateTimeOffset askedAt)
    {
        var iso = Instant(e.TimeIso);
        var utc = Instant(e.TimeUtc);
        var raw = WallOf(e.RawDate, e.RawTime);
        if ((raw ?? iso?.DateTime ?? utc?.DateTime) is not { Year: >= 2000 and < 2200 } wall)
            return null;

        // The wall time to the letter: it is there from the first, while its zone may be found out later.
        var asSent =
            raw is null ? (iso is null ? e.TimeUtc! : e.TimeIso!)
            : e.RawTime is null ? e.RawDate!
            : $"{e.RawDate} {e.RawTime}";
        var offset = iso?.Offset ?? ZoneOf(e.RawZone);
        var known = utc ?? iso ?? (offset is { } zone ? new DateTimeOffset(wall, zone) : null);
        var at = (known ?? new DateTimeOffset(wall, TimeSpan.Zero)).ToUniversalTime();
        var quality =
            known is null || (iso is null && utc is null && e.RawTime is null)
                ? TimeQuality.LocalUnknown
                : TimeQuality.Exact;
        return new SourceTime(asSent, wall, offset, at, quality).NotAfter(askedAt);
    }

    /// <summary>An instant with its offset, or with a Z; null for anything else.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        text is { Length: >= 20 }
        && text[10] == 'T'
        && (text.EndsWith('Z') || text[^6] is '+' or '-')
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : null;

    private static DateTime? WallOf(string? date, string? time) =>
        DateTime.TryParseExact(
            $"{date} {time ?? "00:00:00"}",
            ["yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var wall
        )
            ? wall
            : null;

    /// <summary><c>+08:00</c></summary>
    private static TimeSpan? ZoneOf(string? zone) =>
        zone is [var sign and ('+' or '-'), ..]
        && TimeSpan.TryParseExact(zone[1..], @"hh\:mm", CultureInfo.InvariantCulture, out var offset)
        && offset <= TimeSpan.FromHours(14)
            ? sign == '-'
                ? -offset
                : offset
            : null;
}
