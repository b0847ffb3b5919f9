using System.Text.Json;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

// The shapes of providers.md 1.5 and 1.6, read in place: only the fields named here are ever looked at, so the receiver's
// name, address and signature that some replies carry stay where they are.

/// <summary>One parcel of <c>module[]</c>.</summary>
internal readonly struct CainiaoParcel(JsonElement json)
{
    /// <summary>AE: AliExpress knows the order. EXTERNAL: not one of theirs, or not known at all.</summary>
    public string? Source => json.Text("mailNoSource");

    /// <summary>The token of the whole journey's phase; coarse.</summary>
    public string? Status => json.Text("status");

    /// <summary><c>Economy</c> is not tracked after hand-over in the destination country.</summary>
    public string? MailType => json.Text("mailType");

    public string? OriginCountry => json.Text("originCountry");

    /// <summary>May carry a town after a comma.</summary>
    public string? DestinationCountry => json.Text("destCountry");

    /// <summary>The last-mile number by itself.</summary>
    public string? CopyRealMailNo => json.Text("copyRealMailNo");

    /// <summary>A label and the last-mile number, as prose.</summary>
    public string? RealMailNo => json.Text("realMailNo");

    public string? LastMileCarrier => json.Field("destCpInfo").Text("cpName");
    public string? LastMilePhone => json.Field("destCpInfo").Text("phone");
    public string? LastMileSite => json.Field("destCpInfo").Text("url");
    public DateTimeOffset? DeliveryMaxTime => json.Field("globalEtaInfo").EpochMilliseconds("deliveryMaxTime");

    /// <summary>Newest first.</summary>
    public IEnumerable<CainiaoTrace> Traces => json.Items("detailList").Select(trace => new CainiaoTrace(trace));

    /// <summary>The newest event once more; all there is where a reply leaves the list out.</summary>
    public CainiaoTrace? LatestTrace =>
        json.Field("latestTrace") is { ValueKind: JsonValueKind.Object } trace ? new CainiaoTrace(trace) : null;
}

/// <summary>One event of <c>detailList[]</c>.</summary>
internal readonly struct CainiaoTrace(JsonElement json)
{
    public string? ActionCode => json.Text("actionCode");

    /// <summary>The wall-clock time, without a zone.</summary>
    public string? TimeStr => json.Text("timeStr");

    /// <summary>The zone that <see cref="TimeStr"/> is said to be in.</summary>
    public string? TimeZone => json.Text("timeZone");

    /// <summary><see cref="TimeStr"/> read as UTC+8, whatever the zone says.</summary>
    public DateTimeOffset? Time => json.EpochMilliseconds("time");

    /// <summary>The standard text, their spelling of the field; a leading <c>[…]</c> is the place.</summary>
    public string? StanderdDesc => json.Text("standerdDesc");

    /// <summary>The partner's own text.</summary>
    public string? Desc => json.Text("desc");

    public string? GroupNode => json.Field("group").Text("nodeCode");

    /// <summary>The event's own JSON with the fields above, and nothing else.</summary>
    public string Raw()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
        using (var raw = new Utf8JsonWriter(buffer, Readable))
        {
            raw.WriteStartObject();
            if (json.Integer("time") is { } time)
                raw.WriteNumber("time", time);
            Write(raw, "timeStr", TimeStr);
            Write(raw, "timeZone", TimeZone);
            Write(raw, "actionCode", ActionCode);
            Write(raw, "standerdDesc", StanderdDesc);
            Write(raw, "desc", Desc);
            if (GroupNode is { } node)
            {
                raw.WriteStartObject("group");
                raw.WriteString("nodeCode", node);
                raw.WriteEndObject();
            }
            raw.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // The JSON goes into a database, never into a page: Chinese may stay Chinese.
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static void Write(Utf8JsonWriter raw, string name, string? value)
    {
        if (value is not null)
            raw.WriteString(name, value);
    }
}
