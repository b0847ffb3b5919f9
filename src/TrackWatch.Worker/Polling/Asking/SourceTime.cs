using System.Globalization;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>When an event happened, as far as a source tells in ISO 8601, with or without an offset.</summary>
/// <param name="AsSent">The source's own time, to the letter.</param>
internal readonly partial record struct SourceTime(
    string AsSent,
    DateTime Wall,
    TimeSpan? Offset,
    DateTimeOffset At,
    TimeQuality Quality
)
{
    /// <summary>A clock that runs ahead by less than this is no time in the future.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    /// <summary>No zone is further ahead.</summary>
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromHours(14);

    /// <param name="text">A date and time; what follows them as a zone counts unless <paramref name="zone"/> is given.</param>
    /// <param name="zone">Where the offset is sent apart: <c>+02:00</c>; empty = the text's own is not to be believed either.</param>
    /// <param name="seenAt">When the source had heard of it: it happened no later.</param>
    /// <returns>Null where there is no time that a parcel of our days can have.</returns>
    public static SourceTime? Of(
        string? text,
        DateTimeOffset askedAt,
        string? zone = null,
        DateTimeOffset? seenAt = null
    )
    {
        if (Parse(text) is not var (wall, own))
            return null;
        var offset = zone is null ? own : OffsetOf(zone);
        if (offset is { } known && new DateTimeOffset(wall - known, TimeSpan.Zero) is var at)
            return new SourceTime(text!, wall, offset, at, TimeQuality.Exact).NotAfter(askedAt);

        // Read as UTC it is at most 14 h off; it was over when the source saw it, and when we asked.
        var guess = new DateTimeOffset(wall, TimeSpan.Zero);
        if (seenAt?.ToUniversalTime() is { } seen && seen < guess)
            guess = seen > guess - FurthestAhead ? seen : guess - FurthestAhead;
        return new(text!, wall, null, guess <= askedAt ? guess : askedAt.ToUniversalTime(), TimeQuality.LocalUnknown);
    }

    /// <summary>A time in the future is none: all that is known is that it happened before we asked.</summary>
    public SourceTime NotAfter(DateTimeOffset askedAt) =>
        At <= askedAt + Tolerance
            ? this
            : this with
            {
                At = askedAt.ToUniversalTime(),
                Quality = TimeQuality.LocalUnknown,
            };

    /// <summary>An announced day or moment, UTC. A bare date stands at noon: in nearly every zone that is the day that was meant.</summary>
    public static DateTimeOffset? Announced(string? text) =>
        Parse(text) is not var (wall, offset) ? null
        : offset is { } known ? new DateTimeOffset(wall - known, TimeSpan.Zero)
        : new DateTimeOffset(wall.TimeOfDay == TimeSpan.Zero ? wall.AddHours(12) : wall, TimeSpan.Zero);

    /// <summary>An instant that the source itself wrote down, UTC; null without an offset.</summary>
    public static DateTimeOffset? Instant(string? text) =>
        Parse(text) is var (wall, offset) && offset is { } known
            ? new DateTimeOffset(wall - known, TimeSpan.Zero)
            : null;

    private static (DateTime Wall, TimeSpan? Offset)? Parse(string? text)
    {
        if (text is null || Spelling().Match(text) is not { Success: true } match)
            return null;
        var written =
            $"{match.Groups["date"].ValueSpan}T{(match.Groups["time"].Success ? match.Groups["time"].ValueSpan : "00:00")}";
        return
            DateTime.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall)
            && wall.Year is >= 2000 and < 2200
            ? (wall, OffsetOf(match.Groups["zone"].Value))
            : null;
    }

    /// <summary>Null for none, and for one that is no offset of this earth.</summary>
    private static TimeSpan? OffsetOf(string zone)
    {
        if (zone is "Z" or "z")
            return TimeSpan.Zero;
        if (Zone().Match(zone) is not { Success: true } match)
            return null;
        var minutes = 60 * Number(match.Groups["hours"]) + Number(match.Groups["minutes"]);
        if (minutes > 14 * 60)
            return null;
        return TimeSpan.FromMinutes(match.Groups["sign"].ValueSpan is "-" ? -minutes : minutes);
    }

    private static int Number(Group group) =>
        group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ](?<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,7})?)?))?\s?(?<zone>[Zz]|[+-][0-9:]{2,5})?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Spelling();

    [GeneratedRegex(@"^(?<sign>[+-])(?<hours>[0-9]{2})(?::?(?<minutes>[0-5][0-9]))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Zone();
}
