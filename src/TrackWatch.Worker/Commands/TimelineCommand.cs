using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch timeline</c>: what the carriers said of an order's parcels, newest first.</summary>
internal static class TimelineCommand
{
    private static readonly Argument<string> Order = OrderFinder.Argument();

    public static Command Create() =>
        new Command("timeline", "Show what the carriers said of an order's parcels, newest first")
        {
            Order,
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var order = await session.FindAsync(parsed.GetValue(Order)!, ct);
                var histories = await HistoriesAsync(session, order, ct);
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(
                        new { order = order.Row.Id, shipments = order.Shipments.Select(s => Shape(s, histories[s.Id])) }
                    );
                else
                    Print(Sayings.Of(session, order, session.Now), order, histories);
                return ExitCode.Fine;
            }
        );

    /// <param name="Text">In the newest wording.</param>
    /// <param name="Told">Who told of it, the one whose words stand first.</param>
    /// <param name="Anomaly">What cannot be right about it; null = nothing.</param>
    private sealed record Event(
        DateTimeOffset At,
        DateTime Wall,
        TimeSpan? Offset,
        string Code,
        ParcelStatus Status,
        Leg? Leg,
        string Text,
        string? Place,
        IReadOnlyList<string> Told,
        string Number,
        string? Anomaly
    );

    /// <param name="Anomalies">Of the history as a whole.</param>
    private sealed record Parcel(IReadOnlyList<Event> Events, IReadOnlyList<AnomalyRow> Anomalies);

    private static async Task<Dictionary<long, Parcel>> HistoriesAsync(
        Session session,
        StoredOrder order,
        CancellationToken ct
    )
    {
        await using var db = await session.OpenDbAsync(ct);
        var ids = order.Shipments.Select(s => s.Id).ToList();
        var events = await db
            .TrackingEvents.Where(e => ids.Contains(e.ShipmentId))
            .Select(e => new
            {
                e.Id,
                e.ShipmentId,
                e.At,
                e.Wall,
                e.OffsetMinutes,
                e.Code,
                e.Status,
                e.Leg,
                e.Text,
                e.Place,
                e.Provider,
                e.Number,
                e.Quality,
                Newest = db
                    .EventTexts.Where(t => t.EventId == e.Id)
                    .OrderByDescending(t => t.SeenAt)
                    .Select(t => new { t.Text, t.Place })
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        var anomalies = await db.Anomalies.Where(a => ids.Contains(a.ShipmentId)).OrderBy(a => a.Id).ToListAsync(ct);
        var ofEvent = anomalies.Where(a => a.EventId is not null).ToLookup(a => a.EventId!.Value, a => a.Kind);
        return ids.ToDictionary(id => id, Tell);

        Parcel Tell(long id)
        {
            // By reference: two lines may say the same. Rows were appended along the journey.
            var rowOf = new Dictionary<ReportedEvent, long>(ReferenceEqualityComparer.Instance);
            foreach (var e in events.Where(e => e.ShipmentId == id).OrderByDescending(e => e.Id))
                rowOf.Add(
                    new ReportedEvent
                    {
                        Source = new SourceKey(e.Provider, e.Number),
                        At = e.At,
                        Wall = e.Wall,
                        Offset = e.OffsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
                        Quality = e.Quality,
                        Code = e.Code,
                        TimeAsSent = "",
                        Status = e.Status,
                        Leg = e.Leg,
                        Text = e.Newest?.Text ?? e.Text,
                        Place = e.Newest?.Place ?? e.Place,
                    },
                    e.Id
                );
            var united = new Dictionary<ReportedEvent, IReadOnlyList<string>>(ReferenceEqualityComparer.Instance);
            foreach (var e in SameScan.Unite(rowOf.Keys))
                united.Add(e.Event, e.Told);
            return new Parcel(
                [
                    .. History
                        .NewestFirst(united.Keys)
                        .Select(e => new Event(
                            e.At,
                            e.Wall,
                            e.Offset,
                            e.Code,
                            e.Status,
                            e.Leg,
                            e.Text,
                            e.Place,
                            united[e],
                            e.Source.Number,
                            string.Join(", ", ofEvent[rowOf[e]]) is { Length: > 0 } odd ? odd : null
                        )),
                ],
                [.. anomalies.Where(a => a.ShipmentId == id && a.EventId is null)]
            );
        }
    }

    private static object Shape(ShipmentRow parcel, Parcel history) =>
        new
        {
            number = parcel.Number,
            carrier = parcel.Summary.LastMileCarrier ?? parcel.Carrier,
            status = parcel.Status.ToString(),
            leg = parcel.Leg?.Id(),
            lastSuccessfulPoll = JsonOutput.Utc(parcel.LastAnswerAt),
            nextPoll = JsonOutput.Utc(parcel.NextPollAt),
            provider = parcel.Provider,
            localNumber = parcel.Summary.LastMileNumber,
            legs = history.Events.Select(e => e.Leg).OfType<Leg>().Distinct().Order().Select(l => l.Id()),
            sources = parcel.Sources.InTurn().Select(Shape),
            anomalies = history.Anomalies.Select(a => new { kind = a.Kind, detail = a.Detail }),
            events = history.Events.Select(e => new
            {
                at = JsonOutput.Utc(e.At),
                wall = e.Wall.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                offset = e.Offset is { } offset ? Offset(offset) : null,
                code = e.Code,
                status = e.Status.ToString(),
                leg = e.Leg?.Id(),
                text = e.Text,
                place = e.Place,
                provider = e.Told[0],
                toldBy = e.Told,
                number = e.Number,
                anomaly = e.Anomaly,
            }),
        };

    private static void Print(Sayings says, StoredOrder order, Dictionary<long, Parcel> histories)
    {
        foreach (var parcel in order.Shipments)
        {
            if (parcel != order.Shipments[0])
                Terminal.Out.WriteLine();
            Head(says, parcel, OrderSnapshots.View(parcel));
            var (events, anomalies) = histories[parcel.Id];
            foreach (var anomaly in anomalies)
                Terminal.Out.Write(Terminal.Text($"[yellow]! {anomaly.Kind}: {anomaly.Detail}[/]\n"));
            Terminal.Out.WriteLine();
            if (events.Count == 0)
                Terminal.Tell("No event so far.");
            else
                Terminal.Out.Write(Lines(says, events));
        }
    }

    private static void Head(Sayings says, ShipmentRow parcel, ShipmentView view)
    {
        var carrier = Sayings.Foreign(view.Carrier) is { Length: > 0 } name ? $" with {name}" : "";
        Terminal.Out.Write(Terminal.Text($"[bold]{parcel.Number}[/]{carrier}: {says.Where(view)}\n"));
        if (Sayings.Foreign(view.LastMileNumber) is { Length: > 0 } local)
            Terminal.Tell($"The local carrier's number: {local}");
        foreach (var source in parcel.Sources.InTurn())
            Terminal.Tell(Describe(parcel, source, says));
    }

    private static string Describe(ShipmentRow parcel, ShipmentSourceRow source, Sayings says)
    {
        var about = source.Number == parcel.Number ? "" : $" about {source.Number}";
        var answered = source.LastAnswerAt switch
        {
            null => source.LastPollAt is null ? "was not asked yet" : "has not answered yet",
            { } at when source.LastOutcome == PollOutcomeKind.NotFound =>
                $"does not know the number (last answer {says.Moment(at)})",
            { } at => $"answered last: {says.Moment(at)}",
        };
        var next =
            source.LastOutcome == PollOutcomeKind.Rejected ? "It cannot follow this number."
            : source.NextPollAt is not { } due ? "It is not asked again."
            : source.StandsBy || source is { Rank: > 0, LastPollAt: null } ? "It stands by for the others."
            : due <= says.Now ? "It is asked again as soon as it may be."
            : $"It is asked again: {says.Moment(due)}.";
        return $"{source.Provider}{about} {answered}. {next}";
    }

    /// <summary>A source of a parcel, as JSON shows it.</summary>
    public static object Shape(ShipmentSourceRow source) =>
        new
        {
            provider = source.Provider,
            number = source.Number,
            rank = source.Rank,
            outcome = source.LastOutcome?.ToString(),
            lastSuccessfulPoll = JsonOutput.Utc(source.LastAnswerAt),
            lastPoll = JsonOutput.Utc(source.LastPollAt),
            nextPoll = JsonOutput.Utc(source.NextPollAt),
            standsBy = source.StandsBy,
            stopped = source.Stopped,
        };

    /// <summary>The parcel's own number before the one of the last mile, and within each as they are asked.</summary>
    public static IEnumerable<ShipmentSourceRow> InTurn(this IEnumerable<ShipmentSourceRow> sources) =>
        sources.OrderBy(s => s.PlannedAt).ThenBy(s => s.Number, StringComparer.Ordinal).ThenBy(s => s.Rank);

    private static Grid Lines(Sayings says, IReadOnlyList<Event> events)
    {
        var grid = Terminal.Pairs();
        var several = events.SelectMany(e => e.Told).Distinct().Count() > 1;
        foreach (var e in events)
        {
            var place = Sayings.Foreign(e.Place) is { Length: > 0 } where ? $" · {where}" : "";
            var ours = e.Status == ParcelStatus.Unknown ? "(no status)" : says.Status(e.Status);
            var time = e.Wall.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            var zone = e.Offset is { } offset ? $" {Offset(offset)}" : "";
            var mark = e.Anomaly is null ? "" : $"\n! {e.Anomaly}";
            var told = several ? $" ({string.Join(", ", e.Told)})" : "";
            grid.AddRow(
                Terminal.Text($"{time}[dim]{zone}[/]"),
                Terminal.Text($"[bold]{ours}[/]{place}\n[dim]{Sayings.Foreign(e.Text)}{told}[/][yellow]{mark}[/]")
            );
        }
        return grid;
    }

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
