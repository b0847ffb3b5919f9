using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
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
        string Provider,
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
                Newest = db
                    .EventTexts.Where(t => t.EventId == e.Id)
                    .OrderByDescending(t => t.SeenAt)
                    .Select(t => new { t.Text, t.Place })
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        var anomalies = await db.Anomalies.Where(a => ids.Contains(a.ShipmentId)).OrderBy(a => a.Id).ToListAsync(ct);
        var ofEvent = anomalies.Where(a => a.EventId is not null).ToLookup(a => a.EventId!.Value, a => a.Kind);
        return ids.ToDictionary(
            id => id,
            id => new Parcel(
                [
                    .. events
                        .Where(e => e.ShipmentId == id)
                        // As History.NewestFirst; rows were appended along the journey.
                        .OrderByDescending(e => e.Wall)
                        .ThenByDescending(e => Phase.RankOf(e.Status, e.Leg))
                        .ThenByDescending(e => e.Id)
                        .Select(e => new Event(
                            e.At,
                            e.Wall,
                            e.OffsetMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
                            e.Code,
                            e.Status,
                            e.Leg,
                            e.Newest?.Text ?? e.Text,
                            e.Newest?.Place ?? e.Place,
                            e.Provider,
                            ofEvent.Contains(e.Id) ? string.Join(", ", ofEvent[e.Id]) : null
                        )),
                ],
                [.. anomalies.Where(a => a.ShipmentId == id && a.EventId is null)]
            )
        );
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
                provider = e.Provider,
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
        Terminal.Tell(
            $"{parcel.Provider} answered last: {(parcel.LastAnswerAt is { } last ? says.Moment(last) : "never")}. "
                + (
                    parcel.NextPollAt is not { } next ? "It is not asked again."
                    : next <= says.Now ? "It is asked again as soon as it may be."
                    : $"It is asked again: {says.Moment(next)}."
                )
        );
    }

    private static Grid Lines(Sayings says, IReadOnlyList<Event> events)
    {
        var grid = Terminal.Pairs();
        foreach (var e in events)
        {
            var place = Sayings.Foreign(e.Place) is { Length: > 0 } where ? $" · {where}" : "";
            var ours = e.Status == ParcelStatus.Unknown ? "(no status)" : says.Status(e.Status);
            var time = e.Wall.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            var zone = e.Offset is { } offset ? $" {Offset(offset)}" : "";
            var mark = e.Anomaly is null ? "" : $"\n! {e.Anomaly}";
            grid.AddRow(
                Terminal.Text($"{time}[dim]{zone}[/]"),
                Terminal.Text($"[bold]{ours}[/]{place}\n[dim]{Sayings.Foreign(e.Text)}[/][yellow]{mark}[/]")
            );
        }
        return grid;
    }

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
