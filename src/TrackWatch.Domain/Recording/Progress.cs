using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>Which events of a history moved the parcel, and the silences between them.</summary>
public static class Progress
{
    /// <summary>The events with a place, code or leg that was not there before; filler and repeated lines are left out.</summary>
    /// <param name="newestFirst">As <see cref="History.NewestFirst"/> orders them.</param>
    /// <returns>Oldest first.</returns>
    public static IEnumerable<ReportedEvent> Of(IReadOnlyList<ReportedEvent> newestFirst)
    {
        var seen = new HashSet<string>();
        foreach (var e in newestFirst.Reverse().Where(e => e.Weight != EventWeight.Advisory))
        {
            var place = HistoryMerge.NormalPlace(e.Place);
            var isNew = e.Code.Length == 0 ? seen.Add($"text {e.Text}") : seen.Add($"code {e.Code}");
            if (place.Length > 0)
                isNew |= seen.Add($"place {place}");
            if (e.Leg is { } leg)
                isNew |= seen.Add($"leg {leg}");
            if (isNew)
                yield return e;
        }
    }

    /// <summary>The times from each progress to the next one, and from the last one to <paramref name="until"/>.</summary>
    /// <param name="until">When the source last answered, UTC; null = what follows the last progress is no silence.</param>
    /// <param name="zone">In which days are counted.</param>
    /// <returns>Oldest first.</returns>
    public static IEnumerable<Silence> Silences(
        IReadOnlyList<ReportedEvent> newestFirst,
        DateTimeOffset? until,
        TimeZoneInfo zone
    )
    {
        ReportedEvent? before = null;
        Leg? leg = null;
        foreach (var e in Of(newestFirst))
        {
            if (before is not null)
                yield return Between(before, e.At, e);
            leg = e.Leg ?? leg;
            before = e;
        }
        if (before is not null && until is { } end && end > before.At)
            yield return Between(before, end, null);

        Silence Between(ReportedEvent from, DateTimeOffset to, ReportedEvent? by) =>
            new(from, to, by, leg, Math.Max(0, Days.In(zone, to).DayNumber - Days.In(zone, from.At).DayNumber));
    }
}

/// <summary>A time without progress.</summary>
/// <param name="After">The progress that it follows.</param>
/// <param name="Until">UTC.</param>
/// <param name="EndedBy">The next progress; null = none has come so far.</param>
/// <param name="Leg">The leg that the parcel was on; null where no event had told any.</param>
/// <param name="Days">Whole calendar days.</param>
public sealed record Silence(ReportedEvent After, DateTimeOffset Until, ReportedEvent? EndedBy, Leg? Leg, int Days);
