using System.CommandLine;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch calendar</c>: every open and coming last day as a calendar file.</summary>
internal static class CalendarCommand
{
    private static readonly Argument<string?> Person = new("PERSON")
    {
        Description = "Orders of this person only: a key of the orders file, or a mail address",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create() =>
        new Command("calendar", "Print the last days ahead as a calendar: trackwatch calendar > deadlines.ics")
        {
            Person,
        }.Does(
            async (parsed, ct) =>
            {
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var entries = await EntriesAsync(session, parsed.GetValue(Person), ct);
                await using var output = Console.OpenStandardOutput();
                await output.WriteAsync(Encoding.UTF8.GetBytes(CalendarFile.Write(entries)), ct);
                return ExitCode.Fine;
            }
        );

    private static async Task<IReadOnlyList<CalendarEntry>> EntriesAsync(
        Session session,
        string? meant,
        CancellationToken ct
    )
    {
        await using var db = await session.OpenDbAsync(ct);
        var person = meant is null ? null : (await Asked.PeopleAsync(db, ct)).Among(meant).Id;
        var ids = await db
            .Orders.Where(o => o.ArchivedAt == null)
            .Where(o => person == null || db.OrderPeople.Any(l => l.OrderId == o.Id && l.PersonId == person))
            .OrderBy(o => o.Id)
            .Select(o => o.Id)
            .ToListAsync(ct);
        var told = (
            await db
                .Facts.Where(f => ids.Contains(f.OrderId))
                .Select(f => new
                {
                    f.OrderId,
                    f.ToldAt,
                    f.UndoneAt,
                })
                .ToListAsync(ct)
        ).ToLookup(f => f.OrderId);
        var readings = await db.Registrations.Select(r => r.At).ToListAsync(ct);
        var entries = new List<CalendarEntry>();
        foreach (var order in await session.LoadAsync(db, ids, ct))
        {
            // What can move a last day: a new reading of the files, a fact, a fact taken back.
            var changes = told[order.Row.Id]
                .SelectMany(f => f.UndoneAt is { } undone ? [f.ToldAt, undone] : new[] { f.ToldAt })
                .Concat(readings)
                .Append(order.Row.RegisteredAt)
                .ToList();
            var reader = order.People.FirstOrDefault(p => p.Id == person) ?? order.Snapshot.Buyer;
            var says = new Sayings(session.Get<LanguageFiles>(), order.Snapshot.Zone, session.Now, reader.Language);
            entries.AddRange(Entries(order, says, changes.Max(), changes.Count));
        }
        return [.. entries.OrderBy(e => e.Day).ThenBy(e => e.Uid, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The last days that would be warned of if the parcels stay silent and nothing is done: each is looked at on its own
    /// last safe day, so that the calendar names what the mails will.
    /// </summary>
    private static IEnumerable<CalendarEntry> Entries(
        StoredOrder order,
        Sayings says,
        DateTimeOffset stamp,
        int sequence
    )
    {
        var verdict = Ladder.Decide(order.Snapshot, says.Now);
        var days = verdict
            .Deadlines.SelectMany(d => new[] { d.LastSafeDay, d.LastDay })
            .Append(says.Today)
            .Where(day => day >= says.Today)
            .Distinct()
            .Order();
        var warnings =
            from day in days
            let at = Later(Days.StartOf(day, order.Snapshot.Zone), says.Now)
            from notice in Ladder.Decide(Ladder.SilentUntil(order.Snapshot, at), at).Notices
            where notice.Kind == NoticeKind.Deadline
            let last = notice.DoBy ?? notice.Reason.Date
            where last >= says.Today
            // What is warned of on the printed day itself was in the calendar on its last safe one.
            select (Name: notice.Instance.Split('/')[1], Day: last.Value, Notice: notice);
        foreach (var (name, day, notice) in warnings.DistinctBy(w => w.Name))
        {
            var thing = Sayings.Foreign(order.Snapshot.Order.Item ?? order.Row.Id);
            var what = notice.Step is { } step ? $"{says.Name(step)}: {thing}" : thing;
            // A count of days left would be wrong on every other day.
            var why = says.Why(notice.Reason with { Days = null }, notice.Shipment);
            yield return new CalendarEntry(
                $"{order.Row.Id}.{name}@trackwatch",
                day,
                what,
                $"{why}{(notice.DoByAssumed ? " (assumed)" : "")}\n{order.Row.Id}, {notice.Rule}",
                stamp,
                sequence
            );
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
