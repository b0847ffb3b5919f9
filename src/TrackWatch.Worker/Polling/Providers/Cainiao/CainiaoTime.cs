using System.Globalization;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

/// <summary>When an event happened, as far as that can be known (facts.md 1.7).</summary>
/// <param name="AsSent">The provider's own time, to the letter.</param>
internal readonly record struct CainiaoTime(
    string AsSent,
    DateTime Wall,
    TimeSpan? Offset,
    DateTimeOffset At,
    TimeQuality Quality
)
{
    /// <summary>Cainiao's own records carry no zone and are in China's.</summary>
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>A clock that runs ahead by less than this is no time in the future.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    private static readonly string[] WallFormats =
    [
        "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.FFF",
        "yyyy-MM-dd HH:mm",
        "yyyy-MM-ddTHH:mm:ss",
    ];

    /// <summary>The wall time and its spelling; null where there is none that a parcel of our days can have.</summary>
    public static (DateTime Wall, string AsSent)? WallOf(CainiaoTrace trace)
    {
        if (
            trace.TimeStr is { } text
            && DateTime.TryParseExact(
                text,
                WallFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var wall
            )
        )
            return wall.Year is >= 2000 and < 2200 ? (wall, text) : null;
        // The epoch is the wall time read as China's, whatever the zone: turned back it is the wall time again.
        return trace.Time is { Year: >= 2000 and < 2200 } epoch
            ? (epoch.ToOffset(China).DateTime, epoch.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))
            : null;
    }

    /// <param name="destinationSide">Out there the labels +0 and +8 are defaults that somebody forgot to change.</param>
    public static CainiaoTime Of(
        CainiaoTrace trace,
        (DateTime Wall, string AsSent) sent,
        bool destinationSide,
        DateTimeOffset askedAt
    )
    {
        var label = trace.TimeZone;
        var offset = CainiaoZone.Parse(label);
        var at = new DateTimeOffset(sent.Wall - (offset ?? China), TimeSpan.Zero);
        var doubtful = destinationSide
            ? offset is null || offset == TimeSpan.Zero || offset == China
            : offset is null && label is not null;
        var quality = doubtful ? TimeQuality.OffsetInferred : TimeQuality.Exact;

        if (at > askedAt + Tolerance)
            (at, quality) =
                trace.Time is { } epoch && epoch <= askedAt + Tolerance
                    ? (epoch, TimeQuality.OffsetInferred)
                    : (askedAt.ToUniversalTime(), TimeQuality.LocalUnknown);
        return new(sent.AsSent, sent.Wall, offset, at, quality);
    }
}

/// <summary>The spellings of a zone: <c>GMT+8</c>, <c>GMT+08:00</c>, <c>GMT+0800</c>, <c>UTC</c>.</summary>
internal static partial class CainiaoZone
{
    /// <summary>Null for none, and for one that is no zone of this earth.</summary>
    public static TimeSpan? Parse(string? label)
    {
        if (label is null || Spelling().Match(label) is not { Success: true } match)
            return null;
        if (!match.Groups["hours"].Success)
            return TimeSpan.Zero;
        var minutes = 60 * Number(match.Groups["hours"]) + Number(match.Groups["minutes"]);
        if (minutes > 14 * 60 || Number(match.Groups["minutes"]) > 59)
            return null;
        return TimeSpan.FromMinutes(match.Groups["sign"].ValueSpan is "-" ? -minutes : minutes);
    }

    private static int Number(Group group) =>
        group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?:GMT|UTC)\s*(?:(?<sign>[+-])(?<hours>[0-9]{1,2})(?::?(?<minutes>[0-9]{2}))?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Spelling();
}
