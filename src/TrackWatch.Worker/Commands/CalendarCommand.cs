using System.CommandLine;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Notifying;
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
        var changes = await CalendarChanges.ReadAsync(db, ids, ct);
        // What mails have brought keeps its name and goes on counting from there.
        var given = (await db.CalendarEvents.Where(e => ids.Contains(e.OrderId)).ToListAsync(ct)).ToLookup(
            e => (e.PersonId, e.OrderId),
            CalendarChanges.Read
        );
        var writer = session.Get<CalendarWriter>();
        var entries = new List<CalendarEntry>();
        foreach (var order in await session.LoadAsync(db, ids, ct))
        {
            var reader = order.People.FirstOrDefault(p => p.Id == person) ?? order.Snapshot.Buyer;
            var today = Days.In(Zones.Of(reader), session.Now);
            var ahead = CalendarDays.Ahead(order.Snapshot, session.Now);
            var events = CalendarDays.Changes(
                given[(reader.Id, order.Row.Id)],
                ahead,
                isTold: _ => true,
                changes.Of,
                today
            );
            entries.AddRange(
                writer.Entries(
                    reader,
                    today,
                    events,
                    ahead,
                    new Dictionary<string, Order> { [order.Row.Id] = order.Snapshot.Order }
                )
            );
        }
        return [.. entries.OrderBy(e => e.Day).ThenBy(e => e.Uid, StringComparer.Ordinal)];
    }
}
