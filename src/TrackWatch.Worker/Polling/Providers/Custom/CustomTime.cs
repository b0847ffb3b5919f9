using System.Globalization;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.Custom;

/// <summary>When an event happened, as the source's settings read its time.</summary>
/// <param name="AsSent">To the letter.</param>
internal readonly record struct CustomTime(
    string AsSent,
    DateTime Wall,
    TimeSpan? Offset,
    DateTimeOffset At,
    TimeQuality Quality
)
{
    private const string Seconds = "unix";
    private const string Milliseconds = "unix_ms";

    /// <summary>A clock that runs ahead by less than this is no time in the future.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    /// <summary>ISO 8601 as programs write it; K is an offset, Z, or nothing.</summary>
    private static readonly string[] Iso =
    [
        "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-dd HH:mm:ssK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss zzz",
        "yyyy-MM-dd HH:mmK",
        "yyyy-MM-dd",
    ];

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>Null where the text is no time that a parcel of our days can have.</summary>
    public static CustomTime? Of(string asSent, CustomSettings settings, DateTimeOffset askedAt)
    {
        if (Parse(asSent, settings.TimeFormat) is not { } read || read.Wall.Year is < 2000 or >= 2200)
            return null;
        var (wall, offset) = read;
        var quality = TimeQuality.Exact;
        if (offset is null && settings.TimeZone is { } id && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            offset = zone.GetUtcOffset(wall);
            quality =
                zone.IsAmbiguousTime(wall) || zone.IsInvalidTime(wall) ? TimeQuality.OffsetInferred : TimeQuality.Exact;
        }
        else if (offset is null)
            quality = TimeQuality.LocalUnknown;
        var at = new DateTimeOffset(wall - (offset ?? TimeSpan.Zero), TimeSpan.Zero);
        if (at > askedAt + Tolerance)
            (at, quality) = (askedAt.ToUniversalTime(), TimeQuality.LocalUnknown);
        return new(asSent, wall, offset, at, quality);
    }

    /// <summary>True where a day written by the format can be read back by it.</summary>
    public static bool IsFormat(string format)
    {
        if (format is Seconds or Milliseconds)
            return true;
        try
        {
            var day = new DateTimeOffset(2026, 11, 22, 13, 45, 6, TimeSpan.Zero);
            return Parse(day.ToString(format, Invariant), format)?.Wall.Date == day.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static (DateTime Wall, TimeSpan? Offset)? Parse(string text, string? format)
    {
        if (format is Seconds or Milliseconds)
            return
                decimal.TryParse(text, NumberStyles.AllowDecimalPoint, Invariant, out var epoch)
                && (format == Seconds ? epoch * 1000 : epoch) is > 0 and < 253_402_300_799_000 and var milliseconds
                ? (DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds).DateTime, TimeSpan.Zero)
                : null;
        string[] formats = format is null ? Iso : [format];
        if (!DateTime.TryParseExact(text, formats, Invariant, DateTimeStyles.RoundtripKind, out var wall))
            return null;
        // Only what names an offset says when it was; DateTime alone would turn it into this machine's time.
        if (wall.Kind == DateTimeKind.Unspecified)
            return (wall, null);
        return DateTimeOffset.TryParseExact(text, formats, Invariant, DateTimeStyles.AssumeUniversal, out var at)
            ? (at.DateTime, at.Offset)
            : null;
    }
}
