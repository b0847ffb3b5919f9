using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Reads an order's dossier out of the tables, every list in a fixed order.</summary>
internal static class DossierReader
{
    /// <param name="at">The instant that the record is made for, UTC; null = the newest one in the data.</param>
    /// <exception cref="EvidenceException"><paramref name="at"/> lies before what is on record.</exception>
    public static async Task<Dossier> ReadAsync(
        TrackWatchDb db,
        StoredOrder order,
        Person person,
        DateTimeOffset? at,
        CancellationToken ct
    )
    {
        var ids = order.Shipments.Select(s => s.Id).ToList();
        var events = await db.TrackingEvents.Where(e => ids.Contains(e.ShipmentId)).ToListAsync(ct);
        var eventIds = events.Select(e => e.Id).ToList();
        var texts = await db.EventTexts.Where(t => eventIds.Contains(t.EventId)).ToListAsync(ct);
        var anomalies = await db.Anomalies.Where(a => ids.Contains(a.ShipmentId)).OrderBy(a => a.Id).ToListAsync(ct);
        var polls = await db.Polls.Where(p => ids.Contains(p.ShipmentId)).OrderBy(p => p.Id).ToListAsync(ct);
        var answers = await db.Payloads.Where(p => ids.Contains(p.ShipmentId)).OrderBy(p => p.Id).ToListAsync(ct);

        var told = order.Snapshot.Facts.All.OrderBy(t => t.ToldAt).ThenBy(t => t.Fact.Key, StringComparer.Ordinal);
        var newest = events
            .Select(e => e.RecordedAt)
            .Concat(texts.Select(t => t.SeenAt))
            .Concat(anomalies.Select(a => a.SeenAt))
            .Concat(polls.Select(p => p.At))
            .Concat(told.Select(t => t.ToldAt))
            .Append(order.Row.RegisteredAt)
            .Max()
            .ToUniversalTime();
        if (at < newest)
            throw new EvidenceException(
                $"the newest entry on record for {order.Row.Id} is of {newest:yyyy-MM-dd'T'HH:mm:ss'Z'}; a record as of "
                    + "an earlier moment would hold what nobody knew then."
            );
        var asOf = at?.ToUniversalTime() ?? newest;

        var zone = order.Snapshot.Zone;
        var wordings = texts.OrderBy(t => t.SeenAt).ThenBy(t => t.Hash).ToLookup(t => t.EventId);
        var parcels = order
            .Shipments.Select(row =>
                Parcel(
                    row,
                    [.. events.Where(e => e.ShipmentId == row.Id)],
                    wordings,
                    [.. anomalies.Where(a => a.ShipmentId == row.Id)],
                    [.. polls.Where(p => p.ShipmentId == row.Id)],
                    [.. answers.Where(p => p.ShipmentId == row.Id)],
                    zone
                )
            )
            .ToList();
        var verdict = Ladder.Decide(order.Snapshot, asOf);
        return new Dossier(
            order,
            person,
            zone,
            new OrderSection(
                order.Row.Definition,
                order.Snapshot.Facts,
                verdict,
                [.. order.Snapshot.Shipments.Zip(parcels, Section)],
                []
            ),
            [.. told],
            parcels,
            asOf
        );
    }

    private static ParcelRecord Parcel(
        ShipmentRow shipment,
        IReadOnlyList<TrackingEventRow> events,
        ILookup<long, EventTextRow> wordings,
        IReadOnlyList<AnomalyRow> anomalies,
        IReadOnlyList<PollRow> polls,
        IReadOnlyList<PayloadRow> answers,
        TimeZoneInfo zone
    )
    {
        // By reference: two lines may say the same.
        var rows = new Dictionary<ReportedEvent, TrackingEventRow>(ReferenceEqualityComparer.Instance);
        foreach (var row in events)
            rows.Add(row.AsReported(wordings[row.Id].LastOrDefault()), row);
        // Rows were appended along the journey.
        var newestFirst = History.NewestFirst(rows.OrderByDescending(r => r.Value.Id).Select(r => r.Key));
        // Every source's own line is evidence; what moved the parcel moved it once.
        var united = History.United(newestFirst);
        var progress = Progress.Of(united).ToHashSet<ReportedEvent>(ReferenceEqualityComparer.Instance);
        // An event is written at the instant of the poll whose answer brought it.
        var hashes = answers.DistinctBy(a => a.FetchedAt).ToDictionary(a => a.FetchedAt, a => a.Hash);
        return new ParcelRecord(
            shipment,
            [
                .. newestFirst
                    .Reverse()
                    .Select(e =>
                    {
                        var stored = rows[e];
                        return new EventRecord(
                            stored,
                            e,
                            [.. wordings[stored.Id]],
                            hashes.GetValueOrDefault(stored.RecordedAt),
                            progress.Contains(e)
                        );
                    }),
            ],
            [.. Progress.Silences(united, shipment.Status.IsFinal() ? null : shipment.LastAnswerAt, zone)],
            anomalies,
            new PollLog(polls),
            answers
        );
    }

    private static ShipmentSection Section(Domain.Assessing.ShipmentView view, ParcelRecord parcel) =>
        new(
            view,
            [
                .. parcel
                    .Events.Reverse()
                    .Select(e => new HistoryLine(
                        e.Event.Wall,
                        e.Event.Status,
                        e.Event.Leg,
                        e.Event.Place,
                        e.Event.Text
                    )),
            ],
            parcel.Row.Provider,
            null,
            parcel.Row.Summary.LastMileCarrier,
            null
        );
}

/// <summary>The evidence cannot be made as it was asked for; the message says why.</summary>
internal sealed class EvidenceException(string message) : Exception(message);
