using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Recording;

/// <summary>Where a parcel stands, as its history tells.</summary>
/// <param name="NoDeliveryScan">The provider calls it delivered and no event says so.</param>
public readonly record struct ParcelState(ParcelStatus Status, Leg? Leg, bool NoDeliveryScan = false);

/// <summary>What the events of one shipment say together.</summary>
public static class History
{
    /// <summary>
    /// The events by wall time, newest first. Corrected instants would be the worse order: zones are mislabelled too often,
    /// and a customs call-back would jump over the courier (Cainiao/facts.md, 1.7). Events of the same second go by how far
    /// along the journey they stand, then as the provider listed them.
    /// </summary>
    public static IReadOnlyList<ReportedEvent> NewestFirst(IEnumerable<ReportedEvent> events) =>
        [.. events.OrderByDescending(e => e.Wall).ThenByDescending(e => Phase.RankOf(e.Status, e.Leg))];

    /// <summary>The events of all sources, newest first; what several tell of is there once.</summary>
    public static IReadOnlyList<ReportedEvent> United(IEnumerable<ReportedEvent> events) =>
        NewestFirst(SameScan.Unite(events).Select(u => u.Event));

    /// <summary>
    /// Status and leg of the parcel: the newest event that counts and whose code is known, held against what may not undo it.
    /// <see cref="ParcelStatus.Unknown"/> means that the history says nothing and whatever was known before stands.
    /// </summary>
    public static ParcelState StatusOf(IEnumerable<ReportedEvent> events, ParcelSummary summary)
    {
        var counted = NewestFirst(events).Where(e => e.Weight != EventWeight.Advisory).ToList();
        var status = Settled(counted) ?? summary.Status ?? ParcelStatus.Unknown;
        var leg = counted.FirstOrDefault(e => e.Leg is not null)?.Leg;

        // The summary knows of a delivery that no scan shows; a parcel at a pick-up point or on its way back is not with the buyer.
        var toldDelivered =
            summary.Status == ParcelStatus.Delivered
            && !counted.Any(e => e.Status == ParcelStatus.Delivered)
            && status is not (ParcelStatus.AvailableForPickup or ParcelStatus.Returning or ParcelStatus.Returned);
        return toldDelivered ? new(ParcelStatus.Delivered, leg, NoDeliveryScan: true) : new(status, leg);
    }

    /// <summary>A later scan that shows that the journey had not ended; null = nothing speaks against the end.</summary>
    public static ReportedEvent? Contradiction(ReportedEvent end, IReadOnlyList<ReportedEvent> newestFirst) =>
        end.Status.IsFinal()
            ? newestFirst
                .TakeWhile(e => !ReferenceEquals(e, end))
                .LastOrDefault(e =>
                    e.Weight == EventWeight.Full
                    && e.Status.IsScanned()
                    && !e.Status.IsFinal()
                    && ProviderIds.KindOf(e.Source.Provider) > ProviderIds.KindOf(end.Source.Provider)
                )
            : null;

    private static ParcelStatus? Settled(List<ReportedEvent> newestFirst)
    {
        var full = newestFirst.FirstOrDefault(e => e.Weight == EventWeight.Full && e.Status != ParcelStatus.Unknown);
        var vague = newestFirst.FirstOrDefault(e => e.Weight == EventWeight.Vague);
        if (full is null)
            return vague is null ? null : ParcelStatus.InTransit;

        // Delivered and returned stay so whatever is scanned later; only the way back leads out of a delivery, and the scan
        // of somebody who weighs more than the one who told of it.
        var last = newestFirst.FirstOrDefault(e =>
            e.Weight == EventWeight.Full
            && (e.Status.IsFinal() || e.Status == ParcelStatus.Returning)
            && Contradiction(e, newestFirst) is null
        );
        if (last is not null && last.Status.IsFinal())
            return last.Status;

        // "On the way" lifts an announcement and undoes nothing: a parcel waiting for customs goes on waiting.
        return full.Status == ParcelStatus.InfoReceived && vague is not null && vague.Wall >= full.Wall
            ? ParcelStatus.InTransit
            : full.Status;
    }
}
