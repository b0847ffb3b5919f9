using System.Globalization;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Configuration;

/// <summary>Spans of time as files, variables and commands write them: <c>10d</c>, <c>6h</c>, <c>90s</c>, <c>500ms</c>, <c>1h30m</c>, <c>00:01:30</c>, <c>0</c>.</summary>
internal static partial class Durations
{
    /// <summary>What <see cref="TryParse"/> accepts, in the dialect that .NET and JSON Schema share.</summary>
    public const string Pattern =
        @"^(0|(?=\d)(\d{1,5}w)?(\d{1,6}d)?(\d{1,7}h)?(\d{1,8}m)?(\d{1,9}s)?(\d{1,9}ms)?|\d{1,2}:[0-5]\d:[0-5]\d)$";

    /// <summary>Never negative. A number without a unit is refused, 0 excepted.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        text = text?.Trim() ?? "";
        if (!Whole().IsMatch(text))
            return false;
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParseExact(text, @"h\:mm\:ss", CultureInfo.InvariantCulture, out duration);
        foreach (Match part in Part().Matches(text))
            duration +=
                long.Parse(part.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * UnitOf(part.Groups[2].Value);
        return true;
    }

    /// <summary>The shortest form that <see cref="TryParse"/> reads back: <c>1h30m</c>.</summary>
    public static string Write(TimeSpan duration)
    {
        var parts = new (int Amount, string Unit)[]
        {
            (duration.Days, "d"),
            (duration.Hours, "h"),
            (duration.Minutes, "m"),
            (duration.Seconds, "s"),
            (duration.Milliseconds, "ms"),
        };
        var written = string.Concat(
            parts
                .Where(p => p.Amount > 0)
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Amount}{p.Unit}"))
        );
        return written.Length == 0 ? "0" : written;
    }

    private static TimeSpan UnitOf(string unit) =>
        unit switch
        {
            "w" => TimeSpan.FromDays(7),
            "d" => TimeSpan.FromDays(1),
            "h" => TimeSpan.FromHours(1),
            "m" => TimeSpan.FromMinutes(1),
            "s" => TimeSpan.FromSeconds(1),
            _ => TimeSpan.FromMilliseconds(1),
        };

    [GeneratedRegex(Pattern, RegexOptions.ECMAScript)]
    private static partial Regex Whole();

    [GeneratedRegex("([0-9]+)(w|d|h|ms|m|s)")]
    private static partial Regex Part();
}
