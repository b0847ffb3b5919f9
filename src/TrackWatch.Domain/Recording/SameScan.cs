using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>One event of a parcel, and everyone who told of it.</summary>
/// <param name="Event">As the source told it that weighs most.</param>
/// <param name="Told">The providers, that one first.</param>
public sealed record UnitedEvent(ReportedEvent Event, IReadOnlyList<string> Told);

/// <summary>
/// Several sources pass on the same scans. Two of their lines are one event where time, place and status agree: the words
/// never count, they differ in every language.
/// </summary>
public static class SameScan
{
    /// <summary>Some sources leave the seconds out.</summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(90);

    /// <summary>No two zones are further apart.</summary>
    private static readonly TimeSpan ZoneError = TimeSpan.FromHours(14);

    /// <summary>A parcel arrives once.</summary>
    private static readonly TimeSpan OneArrival = TimeSpan.FromDays(1);

    /// <summary>Each event once.</summary>
    /// <param name="events">Of one parcel, from every source; the order among equals is kept.</param>
    public static IReadOnlyList<UnitedEvent> Unite(IEnumerable<ReportedEvent> events)
    {
        var sources = events
            .GroupBy(e => e.Source)
            .OrderByDescending(g => ProviderIds.KindOf(g.Key.Provider))
            .ThenByDescending(g => g.Count())
            .ToList();
        if (sources.Count == 0)
            return [];
        var united = sources[0].Select(e => new Seen(e)).ToList();
        foreach (var source in sources.Skip(1))
        {
            var open = united.ToList();
            var alone = new List<Seen>();
            foreach (var e in source)
            {
                var twin = open.Select(other => (Other: other, Rank: Likeness(other.Event, e)))
                    .Where(pair => pair.Rank > 0)
                    .OrderByDescending(pair => pair.Rank)
                    .Select(pair => pair.Other)
                    .FirstOrDefault();
                if (twin is null)
                {
                    alone.Add(new Seen(e));
                    continue;
                }
                open.Remove(twin);
                if (!twin.Told.Contains(e.Source.Provider))
                    twin.Told.Add(e.Source.Provider);
            }
            united.AddRange(alone);
        }
        return [.. united.Select(seen => new UnitedEvent(seen.Event, seen.Told))];
    }

    /// <summary>0 = two events; else the more, the surer they are one.</summary>
    private static int Likeness(ReportedEvent one, ReportedEvent other)
    {
        if (!MayBeOne(one.Status, other.Status))
            return 0;
        var apart = (one.Wall - other.Wall).Duration();
        if (one.Status == other.Status && one.Status.IsFinal())
            return apart <= OneArrival ? 4 : 0;
        var sameStatus = one.Status == other.Status ? 1 : 0;
        var place = PlacesAgree(one.Place, other.Place);
        if (apart == TimeSpan.Zero && (place || one.Wall.Second != 0))
            return 4 + sameStatus;
        if (!place)
            return 0;
        if (apart <= Rounding || (Known(one) && Known(other) && (one.At - other.At).Duration() <= Rounding))
            return 2 + sameStatus;
        // Minute and second agree and only the hour does not: one of them took the time for another zone's.
        var zoneSlip =
            sameStatus == 1 && one.Wall.Second != 0 && apart <= ZoneError && apart.Ticks % TimeSpan.TicksPerHour == 0;
        return zoneSlip ? 1 : 0;
    }

    /// <summary>Sources draw the line between moving, customs and announced differently; a delivery is none of them.</summary>
    private static bool MayBeOne(ParcelStatus one, ParcelStatus other) =>
        one == other || (IsUnderway(one) && IsUnderway(other));

    private static bool IsUnderway(ParcelStatus status) =>
        status
            is ParcelStatus.InTransit
                or ParcelStatus.Customs
                or ParcelStatus.InfoReceived
                or ParcelStatus.Unknown
                or ParcelStatus.Exception;

    private static bool PlacesAgree(string? one, string? other)
    {
        var (first, second) = (HistoryMerge.NormalPlace(one), HistoryMerge.NormalPlace(other));
        return first.Contains(second, StringComparison.Ordinal) || second.Contains(first, StringComparison.Ordinal);
    }

    private static bool Known(ReportedEvent e) => e.Quality != TimeQuality.LocalUnknown;

    private sealed record Seen(ReportedEvent Event)
    {
        public List<string> Told { get; } = [Event.Source.Provider];
    }
}
