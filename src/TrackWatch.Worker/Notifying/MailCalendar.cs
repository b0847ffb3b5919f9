using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying;

/// <summary>Brings the last days that a mail tells as a calendar file, with what has changed about those told before.</summary>
internal sealed class MailCalendar(CalendarWriter writer, MailSettings settings)
{
    /// <summary>Inside the mail's transaction: what the file gives is remembered as given.</summary>
    public async Task<MailContent> AttachAsync(
        TrackWatchDb db,
        MailContent content,
        IReadOnlyList<OrderSnapshot> mine,
        CancellationToken ct
    )
    {
        var person = content.Person.Id;
        var rows = await db
            .CalendarEvents.AsTracking()
            .Where(e => e.PersonId == person)
            .ToDictionaryAsync(e => (e.OrderId, e.Name), ct);
        var changes = await CalendarChanges.ReadAsync(db, [.. mine.Select(o => o.Order.Id)], ct);
        var (attached, given) = Attach(
            content,
            mine,
            [.. rows.Values.Select(CalendarChanges.Read)],
            order => (changes.Of(order).Count, content.Now)
        );
        foreach (var e in given)
        {
            if (!rows.TryGetValue((e.Order, e.Name), out var row))
                db.CalendarEvents.Add(
                    row = new CalendarEventRow
                    {
                        PersonId = person,
                        OrderId = e.Order,
                        Name = e.Name,
                        Day = e.Day,
                        Sequence = e.Sequence,
                        Stamp = e.Stamp,
                    }
                );
            (row.Day, row.Sequence, row.Stamp, row.Cancelled) = (e.Day, e.Sequence, e.Stamp, e.Cancelled);
        }
        return attached;
    }

    /// <param name="mine">All orders of the person, closed ones too.</param>
    /// <param name="given">What the person's calendar was given before.</param>
    /// <returns>With the calendar if there is something for it, and what it then was given anew.</returns>
    public (MailContent Content, IReadOnlyList<CalendarEvent> Given) Attach(
        MailContent content,
        IReadOnlyList<OrderSnapshot> mine,
        IReadOnlyList<CalendarEvent> given,
        Func<string, (int, DateTimeOffset)> changeOf
    )
    {
        var told = content.Orders.ToDictionary(o => o.Order.Id, o => o.Notices);
        // Most mails are about no day at all, and to look ahead takes time.
        if (
            !(content.Person.Calendar ?? settings.Calendar)
            || (given.All(e => e.Cancelled) && !told.Values.Any(n => n.Any(IsOfADay)))
        )
            return (content, []);
        var today = Days.In(content.Zone, content.Now);
        var ahead = mine.SelectMany(o => CalendarDays.Ahead(o, content.Now)).ToList();
        var events = CalendarDays.Changes(
            given,
            ahead,
            day => told.GetValueOrDefault(day.Order, []).Any(n => CalendarDays.IsToldBy(n, day)),
            changeOf,
            today
        );
        if (events.Count == 0)
            return (content, []);
        var entries = writer.Entries(
            content.Person,
            today,
            events,
            ahead,
            mine.ToDictionary(o => o.Order.Id, o => o.Order)
        );
        return (
            content with
            {
                Calendar = CalendarWriter.Attach([.. entries], events.Select(e => e.Order).ToHashSet()),
            },
            events
        );
    }

    private static bool IsOfADay(NoticeDraft notice) => notice.Kind == NoticeKind.Deadline || notice.DoBy is not null;
}

/// <summary>What can move a last day: a new reading of the files, a fact, a fact taken back.</summary>
internal sealed class CalendarChanges
{
    private readonly Dictionary<string, (int Count, DateTimeOffset At)> changes;

    private CalendarChanges(Dictionary<string, (int, DateTimeOffset)> changes) => this.changes = changes;

    /// <returns>How often something changed, and when last.</returns>
    public (int Count, DateTimeOffset At) Of(string order) => changes.GetValueOrDefault(order);

    public static CalendarEvent Read(CalendarEventRow row) =>
        new(row.OrderId, row.Name, row.Day, row.Sequence, row.Stamp, row.Cancelled);

    public static async Task<CalendarChanges> ReadAsync(
        TrackWatchDb db,
        IReadOnlyCollection<string> orders,
        CancellationToken ct
    )
    {
        var readings = await db
            .Registrations.GroupBy(_ => 1)
            .Select(g => new { Count = g.Count(), At = g.Max(r => r.At) })
            .FirstOrDefaultAsync(ct);
        var facts = (
            await db
                .Facts.Where(f => orders.Contains(f.OrderId))
                .GroupBy(f => f.OrderId)
                .Select(g => new
                {
                    Order = g.Key,
                    Count = g.Count() + g.Count(f => f.UndoneAt != null),
                    Told = g.Max(f => f.ToldAt),
                    Undone = g.Max(f => f.UndoneAt),
                })
                .ToListAsync(ct)
        ).ToDictionary(f => f.Order);
        var registered = await db
            .Orders.Where(o => orders.Contains(o.Id))
            .Select(o => new { o.Id, o.RegisteredAt })
            .ToListAsync(ct);
        return new CalendarChanges(
            registered.ToDictionary(
                o => o.Id,
                o =>
                {
                    var told = facts.GetValueOrDefault(o.Id);
                    DateTimeOffset?[] moments = [o.RegisteredAt, readings?.At, told?.Told, told?.Undone];
                    return (1 + (readings?.Count ?? 0) + (told?.Count ?? 0), moments.Max()!.Value);
                }
            )
        );
    }
}
