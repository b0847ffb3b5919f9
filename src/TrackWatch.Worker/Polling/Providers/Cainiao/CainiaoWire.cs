using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

// The shapes of facts.md 1.5 and 1.6, read in place: only the fields named here are ever looked at, so the receiver's
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
internal sealed class CainiaoTrace(JsonElement json)
{
    public string? ActionCode { get; } = json.Text("actionCode");

    /// <summary>The wall-clock time, without a zone.</summary>
    public string? TimeStr { get; } = json.Text("timeStr");

    /// <summary>The zone that <see cref="TimeStr"/> is said to be in.</summary>
    public string? TimeZone { get; } = json.Text("timeZone");

    /// <summary><see cref="TimeStr"/> read as UTC+8, whatever the zone says.</summary>
    public DateTimeOffset? Time { get; } = json.EpochMilliseconds("time");

    /// <summary>The standard text, their spelling of the field; a leading <c>[…]</c> is the place.</summary>
    public string? StanderdDesc { get; } = json.Text("standerdDesc");

    /// <summary>The partner's own text.</summary>
    public string? Desc { get; } = json.Text("desc");

    public string? GroupNode { get; } = json.Field("group").Text("nodeCode");
}

/// <summary>Writes the JSON that is kept of an event: the fields above, and nothing else.</summary>
internal sealed class CainiaoRaw : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public CainiaoRaw() =>
        // The JSON goes into a database, never into a page: Chinese may stay Chinese.
        _json = new(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public string Of(CainiaoTrace trace)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        if (trace.Time is { } time)
            _json.WriteNumber("time", time.ToUnixTimeMilliseconds());
        Write("timeStr", trace.TimeStr);
        Write("timeZone", trace.TimeZone);
        Write("actionCode", trace.ActionCode);
        Write("standerdDesc", trace.StanderdDesc);
        Write("desc", trace.Desc);
        if (trace.GroupNode is { } node)
        {
            _json.WriteStartObject("group");
            _json.WriteString("nodeCode", node);
            _json.WriteEndObject();
        }
        _json.WriteEndObject();
        _json.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    public void Dispose() => _json.Dispose();

    private void Write(string name, string? value)
    {
        if (value is not null)
            _json.WriteString(name, value);
    }
}
