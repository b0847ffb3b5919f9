using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch status</c>: every order in a line, then the sources and the outbox.</summary>
internal static class StatusCommand
{
    public static Command Create() =>
        new Command("status", "Show where every order stands, and how sources and mail are doing")
        {
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                await using var db = await session.OpenDbAsync(ct);
                var orders = await OrdersAsync(session, db, ct);
                var sources = await SourcesAsync(session, db, ct);
                var outbox = await OutboxAsync(db, ct);
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(
                        new
                        {
                            orders = orders.Select(Shape),
                            providers = sources.Select(s => new
                            {
                                name = s.Name,
                                state = s.State.Id(),
                                lastSuccess = JsonOutput.Utc(s.LastSuccess),
                                detail = s.Detail,
                                requestsToday = s.RequestsToday,
                                budget = s.Budget is { } budget
                                    ? new
                                    {
                                        shipments = budget.Shipments,
                                        neededPerDay = Math.Round(budget.Needed, 2),
                                        limitPerDay = budget.Limit is { } limit ? Math.Round(limit, 2) : (double?)null,
                                        hours = Math.Round(
                                            SourceLimits.Hours(
                                                session.Loaded.Settings.Polling.Interval,
                                                budget.Stretch.Others
                                            ),
                                            1
                                        ),
                                        hoursWhenUrgent = Math.Round(
                                            SourceLimits.Hours(
                                                session.Loaded.Settings.Polling.Interval,
                                                budget.Stretch.Urgent
                                            ),
                                            1
                                        ),
                                    }
                                    : null,
                                quota = s.Quota is { } quota
                                    ? new
                                    {
                                        left = quota.Left,
                                        total = quota.Total,
                                        unit = quota.Unit,
                                        asOf = JsonOutput.Utc(quota.At),
                                    }
                                    : null,
                                unknownCodes = s.UnknownCodes.Select(c => new { code = c.Code, events = c.Events }),
                            }),
                            mail = new
                            {
                                waiting = outbox.Waiting,
                                oldest = JsonOutput.Utc(outbox.Oldest),
                                lastAccepted = JsonOutput.Utc(outbox.LastAccepted),
                                deadAddresses = outbox.Dead.Select(d => new
                                {
                                    address = d.Address,
                                    since = JsonOutput.Utc(d.Since),
                                    why = d.Why,
                                }),
                            },
                        }
                    );
                else
                    Print(session, orders, sources, outbox);
                return ExitCode.Fine;
            }
        );

    /// <summary>Where an order stands as a whole, most pressing first.</summary>
    private enum OrderState
    {
        /// <summary>A step is due.</summary>
        Due,

        /// <summary>A step is due, and the buyer does not want to hear of it for now.</summary>
        Snoozed,

        /// <summary>Something is wrong or a last day is near; nothing is to be done yet.</summary>
        Open,

        /// <summary>Nothing is wrong any more; the case closes in a few days unless trouble comes back.</summary>
        Settling,
        Moving,

        /// <summary>No source has answered about any of its parcels yet.</summary>
        Waiting,
        Returned,
        Delivered,

        /// <summary>The buyer said so, or the refund has arrived.</summary>
        Closed,
    }

    private sealed record Line(StoredOrder Order, CaseVerdict Verdict, OrderState State)
    {
        public Assessment? Of(ShipmentView parcel) =>
            State == OrderState.Closed ? null : Verdict.Assessments.FirstOrDefault(a => a.Shipment.Id == parcel.Id);
    }

    private enum SourceState
    {
        Ok,

        /// <summary>Its last answers were trouble; it is asked on.</summary>
        Trouble,

        /// <summary>Trouble: it is left alone for a while.</summary>
        Paused,
        NeverAsked,

        /// <summary>Switched off in the settings, though parcels wait for it.</summary>
        Off,
    }

    private sealed record Source(
        string Name,
        SourceState State,
        DateTimeOffset? LastSuccess,
        DateTimeOffset? PausedUntil,
        string? Detail,
        int RequestsToday,
        PollBudget? Budget,
        SourceLimits.Quota? Quota,
        IReadOnlyList<UnknownCode> UnknownCodes
    );

    /// <summary>A word of a source that no table knows: its events are kept, and set no status.</summary>
    private sealed record UnknownCode(string Code, int Events);

    private sealed record Mails(
        long Waiting,
        DateTimeOffset? Oldest,
        DateTimeOffset? LastAccepted,
        IReadOnlyList<RefusedAddressRow> Dead
    );

    private static async Task<List<Line>> OrdersAsync(Session session, TrackWatchDb db, CancellationToken ct)
    {
        var ids = await db.Orders.Where(o => o.ArchivedAt == null).Select(o => o.Id).ToListAsync(ct);
        return
        [
            .. (await session.LoadAsync(db, ids, ct))
                .Select(order =>
                {
                    var verdict = Ladder.Decide(order.Snapshot, session.Now);
                    return new Line(order, verdict, StateOf(order.Snapshot, verdict, session.Now));
                })
                .OrderBy(l => l.State)
                .ThenBy(l => l.Verdict.Due?.DoBy ?? DateOnly.MaxValue)
                .ThenByDescending(l => l.Verdict.Due?.Step)
                .ThenBy(l => l.Order.Row.Id, StringComparer.Ordinal),
        ];
    }

    private static OrderState StateOf(OrderSnapshot order, CaseVerdict verdict, DateTimeOffset now) =>
        order.Facts.Closed is not null || order.Facts.Find<Fact.RefundReceived>() is not null ? OrderState.Closed
        : verdict.Due is not null
            ? order.Facts.Snoozed is { } snoozed && Days.In(order.Zone, now) <= snoozed.Until ? OrderState.Snoozed
                : OrderState.Due
        : verdict.Open ? OrderState.Open
        : order.Shipments.All(s => s.LastAnswerAt is null) ? OrderState.Waiting
        : order.Shipments.All(s => s.Status == ParcelStatus.Returned) ? OrderState.Returned
        : order.Shipments.All(s => s.Status.IsFinal()) ? OrderState.Delivered
        : verdict.Case is { State: CaseState.Settling } ? OrderState.Settling
        : OrderState.Moving;

    private static async Task<List<Source>> SourcesAsync(Session session, TrackWatchDb db, CancellationToken ct)
    {
        var health = await db.ProviderHealth.ToDictionaryAsync(h => h.Provider, ct);
        var enabled = session.Get<IEnumerable<ITrackingProvider>>().Select(p => p.Id).ToHashSet();
        var needed = await db
            .Shipments.Where(s => s.ArchivedAt == null && s.WantedProvider != null)
            .Select(s => s.WantedProvider!)
            .Union(db.ShipmentSources.Where(s => s.NextPollAt != null).Select(s => s.Provider))
            .Distinct()
            .ToListAsync(ct);
        var unknown = (
            await db
                .TrackingEvents.Where(e => e.Status == ParcelStatus.Unknown && e.Code != "")
                .GroupBy(e => new { e.Provider, e.Code })
                .Select(g => new
                {
                    g.Key.Provider,
                    g.Key.Code,
                    Events = g.Count(),
                })
                .OrderByDescending(c => c.Events)
                .ThenBy(c => c.Code)
                .ToListAsync(ct)
        ).ToLookup(c => c.Provider, c => new UnknownCode(c.Code, c.Events));
        var today = DateOnly.FromDateTime(session.Now.UtcDateTime);
        return
        [
            .. needed
                .Union(enabled.Where(health.ContainsKey))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    var known = health.GetValueOrDefault(name);
                    var paused = known?.BreakerOpenUntil is { } until && until > session.Now;
                    var troubled = known?.SilentSince is not null;
                    return new Source(
                        name,
                        !enabled.Contains(name) ? SourceState.Off
                            : paused ? SourceState.Paused
                            : troubled ? SourceState.Trouble
                            : known?.LastSuccessAt is null ? SourceState.NeverAsked
                            : SourceState.Ok,
                        known?.LastSuccessAt,
                        paused ? known!.BreakerOpenUntil : null,
                        troubled || paused ? $"{known!.Trouble?.Id()}: {Sayings.Foreign(known.Detail)}" : null,
                        known?.CountedOn == today ? known.RequestsToday : 0,
                        SourceLimits.BudgetOf(known),
                        SourceLimits.QuotaOf(known),
                        [.. unknown[name]]
                    );
                }),
        ];
    }

    private static async Task<Mails> OutboxAsync(TrackWatchDb db, CancellationToken ct)
    {
        var waiting = db.Mails.Where(m => m.NextAttemptAt != null);
        return new Mails(
            await waiting.LongCountAsync(ct),
            await waiting.MinAsync(m => (DateTimeOffset?)m.ComposedAt, ct),
            await db.Mails.MaxAsync(m => m.AcceptedAt, ct),
            await RefusedAddresses.InUseAsync(db, ct)
        );
    }

    private static object Shape(Line line) =>
        new
        {
            id = line.Order.Row.Id,
            person = line.Order.Row.Definition.People is [var first, ..] ? first : null,
            people = line.Order.Row.Definition.People,
            item = line.Order.Row.Definition.Item,
            state = line.State.Id(),
            step = line.Verdict.Due?.Step.Id(),
            doBy = line.Verdict.Due?.DoBy,
            shipments = line.Order.Snapshot.Shipments.Select(s => new
            {
                number = s.Number,
                status = s.Status.ToString(),
                leg = s.Leg?.Id(),
                silentDays = line.Of(s)?.SilentDays,
                stall = line.Of(s) is { Level: > StallLevel.Moving } stall ? stall.Level.Id() : null,
                lastAnswer = JsonOutput.Utc(s.LastAnswerAt),
                nextPoll = JsonOutput.Utc(Row(line, s).NextPollAt),
                sources = Row(line, s).Sources.InTurn().Select(TimelineCommand.Shape),
            }),
        };

    private static void Print(Session session, List<Line> orders, List<Source> sources, Mails outbox)
    {
        var here = new Sayings(session.Get<LanguageFiles>(), TimeZoneInfo.Local, session.Now);
        if (orders.Count == 0)
            Terminal.Say("No order is registered yet: run trackwatch reload, or start the worker.");
        else
            Terminal.Out.Write(Table(session, orders));
        foreach (var source in sources)
        {
            Terminal.Say(Describe(source, here));
            foreach (var line in More(session, source))
                Terminal.Tell($"  {line}");
        }
        Terminal.Say(Describe(outbox, session.Get<IMailTransport>().Name, here));
        foreach (var dead in outbox.Dead)
            Terminal.Say(
                $"Nothing is sent to {Sayings.Foreign(dead.Address)} since {here.Moment(dead.Since)}: {Sayings.Foreign(dead.Why)} "
                    + $"Mend the address in the orders file, or run trackwatch mail enable {Sayings.Foreign(dead.Address)}"
            );
    }

    private static Table Table(Session session, List<Line> orders)
    {
        var table = new Table().Border(TableBorder.Simple).Expand();
        table.ShowRowSeparators = false;
        table.AddColumn(new TableColumn("Order").PadLeft(0));
        table.AddColumn("Where it stands");
        table.AddColumn(new TableColumn("Silent").NoWrap().RightAligned());
        table.AddColumn("Due step");
        table.AddColumn(new TableColumn("Do by").NoWrap().PadRight(0));
        foreach (var line in orders)
        {
            var says = Sayings.Of(session, line.Order, session.Now);
            var order = line.Order.Row.Definition;
            var silent = line.Order.Snapshot.Shipments.Max(s => line.Of(s)?.SilentDays);
            var due = line.Verdict.Due;
            table.AddRow(
                string.IsNullOrEmpty(order.Item)
                    ? Terminal.Text($"[bold]{Sayings.Foreign(order.Id)}[/]")
                    : Terminal.Text($"[bold]{Sayings.Foreign(order.Id)}[/]\n[dim]{Sayings.Foreign(order.Item)}[/]"),
                Terminal.Text(
                    $"{string.Join('\n', line.Order.Snapshot.Shipments.Select(s => Where(line, s, says) + Asked(line, s, says)))}"
                ),
                Terminal.Text($"{(silent is { } days and > 0 ? Sayings.Count(days, "day") : "")}"),
                line.State == OrderState.Settling ? Terminal.Text($"[dim]case settles[/]")
                    : due is null && line.Verdict.Awaited is [var awaited, ..]
                        ? Terminal.Text($"[dim]{says.Why(awaited.Why)}[/]")
                    : line.State == OrderState.Snoozed ? Terminal.Text($"[dim]{due!.Step.Id()}, snoozed[/]")
                    : Terminal.Text($"[yellow]{due?.Step.Id()}[/]"),
                Terminal.Text($"{(due?.DoBy is { } by ? says.ShortDay(by) : "")}")
            );
        }
        return table;
    }

    /// <summary>Who showed the parcel last, and when somebody is asked again.</summary>
    private static string Asked(Line line, ShipmentView parcel, Sayings says)
    {
        var row = Row(line, parcel);
        if (line.State == OrderState.Closed || row.NextPollAt is not { } next)
            return "";
        var seen = row.LastAnswerAt is { } at ? $"{row.Provider}, {says.Moment(at)}" : "no answer yet";
        return $"\n({seen}; {(next <= says.Now ? "asked again as soon as may be" : $"asked again {says.Moment(next)}")})";
    }

    private static string Where(Line line, ShipmentView parcel, Sayings says)
    {
        var number = line.Order.Snapshot.Shipments.Count > 1 ? $"{parcel.Number}: " : "";
        if (line.State == OrderState.Closed)
            return number
                + (line.Order.Snapshot.Facts.Closed is { } closed ? $"Closed: {closed.Why.Id()}" : "Closed: refunded");
        var stall = line.Of(parcel);
        return number
            + says.Where(parcel)
            + (stall is { Held: true } ? ", waits for you" : "")
            + (
                stall is { Level: > StallLevel.Moving }
                    ? $": {(stall.Level == StallLevel.Notice ? "quiet" : stall.Level.Id())}"
                    : ""
            )
            + (stall is { Blind: true } ? $"; no answer since {says.Moment(parcel.LastAnswerAt!.Value)}" : "");
    }

    private static string Describe(Source source, Sayings says) =>
        $"Source {source.Name}: "
        + source.State switch
        {
            SourceState.Off => "switched off, though parcels wait for it (see providers in trackwatch.yaml).",
            SourceState.NeverAsked => "not asked yet.",
            SourceState.Ok => $"fine, last answer {says.Moment(source.LastSuccess!.Value)}.",
            SourceState.Paused =>
                $"left alone until {says.Moment(source.PausedUntil!.Value)} ({source.Detail}); {Last(source, says)}.",
            _ => $"in trouble ({source.Detail}); {Last(source, says)}.",
        };

    /// <summary>How far the source's limits go, and what it says that nobody knows.</summary>
    private static IEnumerable<string> More(Session session, Source source)
    {
        foreach (var line in SourceLimits.Say(source.Budget, source.Quota, session.Loaded.Settings.Polling.Interval))
            yield return line;
        if (source.UnknownCodes.Count > 0)
            yield return $"Codes that nobody knows yet: {string.Join(", ", source.UnknownCodes.Take(10).Select(c => $"{Sayings.Foreign(c.Code)} ({c.Events})"))}"
                + (source.UnknownCodes.Count > 10 ? $" and {source.UnknownCodes.Count - 10} more" : "")
                + ". Please report them; trackwatch provider-probe shows what the source says.";
    }

    private static ShipmentRow Row(Line line, ShipmentView parcel) =>
        line.Order.Shipments.First(s => s.Id == parcel.Id);

    private static string Last(Source source, Sayings says) =>
        source.LastSuccess is { } at ? $"last answer {says.Moment(at)}" : "no answer so far";

    private static string Describe(Mails outbox, string transport, Sayings says) =>
        $"Mail by {transport}: "
        + (
            outbox.Oldest is { } oldest
                ? $"{Sayings.Count(outbox.Waiting, "mail waits", "mails wait")}, the oldest since {says.Moment(oldest)}; "
                : "nothing waits; "
        )
        + (outbox.LastAccepted is { } at ? $"last one taken {says.Moment(at)}." : "none taken so far.");
}
