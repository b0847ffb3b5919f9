using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>Something in a history that cannot be right. It is kept and shown; nothing is changed because of it.</summary>
/// <param name="Event">The event it is about; null = the history as a whole.</param>
public sealed record Anomaly(string Kind, string Detail, ReportedEvent? Event = null);

/// <summary>What a shipment's whole history comes to. Instants are UTC; null = no such event.</summary>
public sealed record ShipmentState
{
    public required ParcelStatus Status { get; init; }
    public Leg? Leg { get; init; }
    public bool ActionNeeded { get; init; }
    public bool CustomsTrouble { get; init; }

    /// <summary>Handed over to a carrier that does not scan this service: silence means nothing from here on.</summary>
    public bool EndsByDesign { get; init; }

    /// <summary>Something before the delivery was scanned on the destination's side.</summary>
    public bool SeenInDestination { get; init; }
    public DateTimeOffset? FirstEventAt { get; init; }
    public DateTimeOffset? FirstScanAt { get; init; }
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>The newest event with a place, code or leg that was not there before; filler does not count.</summary>
    public DateTimeOffset? LastProgressAt { get; init; }
    public string? LastText { get; init; }
    public string? LastPlace { get; init; }
    public IReadOnlyList<Anomaly> Anomalies { get; init; } = [];

    /// <param name="before">The status on file: it stands where the history says nothing.</param>
    /// <param name="events">Of every source; what several tell counts once.</param>
    /// <param name="notBefore">Older events belong to another parcel that had the number before; null = none do.</param>
    public static ShipmentState Derive(
        ParcelStatus before,
        IEnumerable<ReportedEvent> events,
        ParcelSummary summary,
        DateTimeOffset now,
        DateOnly? notBefore = null
    )
    {
        var all = History.United(events);
        // A time that cannot be would stop the clock of every later day.
        var possible = all.Where(e => !IsInFuture(e, now)).ToList();
        // Where nothing is left, what is known of the other parcel shows why.
        var own = possible.Where(e => !IsAnothers(e, notBefore)).ToList();
        var history = own.Count > 0 ? own : possible;
        var parcel = History.StatusOf(history, summary);
        var status = parcel.Status == ParcelStatus.Unknown && before != ParcelStatus.NotFound ? before : parcel.Status;
        var counted = history.FirstOrDefault(e => e.Weight == EventWeight.Full && e.Status != ParcelStatus.Unknown);
        return new ShipmentState
        {
            Status = status,
            Leg = parcel.Leg,
            ActionNeeded = counted is { ActionNeeded: true },
            CustomsTrouble = counted is { CustomsTrouble: true },
            // The local carrier's own scans are no part of what ends.
            EndsByDesign =
                summary.EndsAtHandover
                && parcel.Leg >= Polling.Leg.Handover
                && history.Select(e => e.Source.Number).Distinct().Count() < 2,
            SeenInDestination = history.Any(e =>
                e.Leg >= Polling.Leg.ImportCustoms && e.Status != ParcelStatus.Delivered
            ),
            FirstEventAt = possible.Count > 0 ? possible[^1].At : null,
            FirstScanAt = history.LastOrDefault(e => e.Weight != EventWeight.Advisory && e.Status.IsScanned())?.At,
            LastEventAt = history.Count > 0 ? history[0].At : null,
            LastProgressAt = Progress.Of(history).LastOrDefault()?.At,
            LastText = history.Count > 0 ? history[0].Text : null,
            LastPlace = history.FirstOrDefault(e => e.Place is not null)?.Place,
            Anomalies = [.. FindAnomalies(all, parcel, notBefore, now)],
        };
    }

    private static IEnumerable<Anomaly> FindAnomalies(
        IReadOnlyList<ReportedEvent> newestFirst,
        ParcelState parcel,
        DateOnly? notBefore,
        DateTimeOffset now
    )
    {
        foreach (var e in newestFirst.Where(e => IsAnothers(e, notBefore)))
            yield return new Anomaly(
                "before-order",
                "Older than the order by more than ten days: another parcel's, set aside.",
                e
            );
        foreach (var e in newestFirst)
            if (History.Contradiction(e, newestFirst) is { } later)
                yield return new Anomaly(
                    "sources-disagree",
                    $"{e.Source.Provider} says {e.Status}; {later.Source.Provider} has scanned it since, and is believed.",
                    e
                );
        if (parcel.NoDeliveryScan)
            yield return new Anomaly("no-delivery-scan", "The source calls the parcel delivered; no event says so.");
        foreach (
            var e in newestFirst.SkipWhile(e => IsInFuture(e, now)).TakeWhile(e => e.Status != ParcelStatus.Delivered)
        )
            if (parcel is { Status: ParcelStatus.Delivered, NoDeliveryScan: false } && e.Weight == EventWeight.Full)
                yield return new Anomaly("after-delivery", "Listed after the delivery; the parcel stays delivered.", e);
        foreach (var e in newestFirst.Where(e => IsInFuture(e, now)))
            yield return new Anomaly("future-time", "The carrier's time lies in the future.", e);
    }

    private static bool IsAnothers(ReportedEvent e, DateOnly? notBefore) =>
        notBefore is { } first && DateOnly.FromDateTime(e.Wall) < first;

    /// <summary>No zone is further ahead than UTC+14.</summary>
    private static bool IsInFuture(ReportedEvent e, DateTimeOffset now) =>
        e.Wall - now.UtcDateTime > TimeSpan.FromHours(15);
}
