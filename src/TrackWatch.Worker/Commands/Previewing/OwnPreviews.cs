using System.Globalization;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Commands.Previewing;

/// <param name="At">As it was typed; null = now.</param>
internal sealed record Wanted(PreviewKind Kind, string? Person, string? Order, string? Language, string? At);

/// <summary>Mails of the orders on file, by the way that the worker takes, without its writing anything down.</summary>
internal sealed class OwnPreviews(Session session)
{
    private const string Elsewhere = "trackwatch preview --sample shows what such mails look like.";

    public async Task WriteAsync(Wanted wanted, PreviewFolder folder, CancellationToken ct)
    {
        var asked = wanted.Order is { } meant ? await session.FindAsync(meant, ct) : null;
        await using var db = await session.OpenDbAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlRawAsync("set transaction read only", ct);
        var people = await Asked.PeopleAsync(db, ct);
        var mail =
            wanted.Kind == PreviewKind.Operator
                ? await OperatorAsync(db, wanted, ct)
                : await OfPersonAsync(db, wanted, asked, PersonOf(wanted, asked, people), ct);
        await transaction.RollbackAsync(ct);
        await folder.KeepAsync(mail, ct);
    }

    private static Person PersonOf(Wanted wanted, StoredOrder? order, IReadOnlyList<Person> people)
    {
        if (people.Count == 0)
            throw new CommandException(ExitCode.Wrong, $"there is nobody on file yet. {Elsewhere}");
        var person = wanted.Person is { } meant ? people.Among(meant) : order?.People[0] ?? people[0];
        if (order?.People.All(p => p.Id != person.Id) == true)
            throw new CommandException(
                ExitCode.Usage,
                $"{order.Row.Id} is no order of {person.Id}; it belongs to {string.Join(", ", order.People.Select(p => p.Id))}."
            );
        return wanted.Language is { } language ? person with { Language = language } : person;
    }

    private async Task<MailRow> OfPersonAsync(
        TrackWatchDb db,
        Wanted wanted,
        StoredOrder? asked,
        Person person,
        CancellationToken ct
    )
    {
        var zone = Zones.Of(person);
        var at = Moment(wanted.At, person, zone);
        var stored = await session.Get<MailSections>().OrdersOfAsync(db, person.Id, ct);
        // As in a calendar: what comes is told as it will be if nothing happens.
        var orders =
            at > session.Now
                ? [.. stored.Select(o => o with { Snapshot = Ladder.SilentUntil(o.Snapshot, at) })]
                : stored;
        if (orders.Count == 0)
            throw new CommandException(ExitCode.Wrong, $"{person.Id} has no orders yet. {Elsewhere}");
        var told = await NoticesAsync(db, person, orders, at, ct);
        var (kind, notices) = wanted.Kind switch
        {
            PreviewKind.Digest or PreviewKind.Welcome => (
                MailKind.Digest,
                told.Where(n => n.IsNew && n.Draft.Channel == Channel.Digest).ToList()
            ),
            PreviewKind.Weekly => (MailKind.Digest, []),
            PreviewKind.Alert => (MailKind.Alert, Pressing(told, asked, orders, at)),
            PreviewKind.Delivered => News(told, asked, ReasonCode.Delivered, ReasonCode.DeliveredUnseen),
            _ => News(told, asked, ReasonCode.MovingAgain),
        };
        var rows = notices.Select(n => n.Row).ToList();
        var content = await session.Get<MailSections>().ContentAsync(db, kind, person, orders, rows, at, ct);
        if (kind == MailKind.Digest)
        {
            var answers = await MailSections.UntoldAsync(db, person.Id, ct);
            content = content with { Heard = await MailSections.HeardAsync(db, answers, Days.In(zone, at), ct) };
        }
        if (wanted.Kind == PreviewKind.Welcome)
            content = content with { LastDigestAt = null };
        return await session.Get<MailPlanner>().DraftAsync(db, content, orders, rows, ct);
    }

    /// <param name="IsNew">Not mailed yet.</param>
    private sealed record Told(NoticeRow Row, NoticeDraft Draft, bool IsNew);

    /// <summary>All that the orders have to tell by then, told already or not.</summary>
    private static async Task<List<Told>> NoticesAsync(
        TrackWatchDb db,
        Person person,
        IReadOnlyList<StoredOrder> orders,
        DateTimeOffset at,
        CancellationToken ct
    )
    {
        var mailed = (
            await db
                .Notices.Where(n => n.PersonId == person.Id && n.MailId != null)
                .Select(n => n.DedupKey)
                .ToListAsync(ct)
        ).ToHashSet();
        return
        [
            .. from order in orders
            from draft in Ladder.Decide(order.Snapshot, at).Notices
            let key = Outbox.KeyOf(person.Id, order.Row.Id, draft.Instance)
            select new Told(
                new NoticeRow
                {
                    DedupKey = key,
                    PersonId = person.Id,
                    OrderId = order.Row.Id,
                    Kind = draft.Kind,
                    Channel = draft.Channel,
                    Instance = draft.Instance,
                    Content = DomainJson.Write(draft),
                    WrittenAt = at,
                    DoBy = draft.DoBy,
                    TellBy = draft.TellBy,
                },
                draft,
                !mailed.Contains(key)
            ),
        ];
    }

    /// <summary>What one order asks for, else its news; of several orders the one whose day is nearest.</summary>
    private static List<Told> Pressing(
        List<Told> told,
        StoredOrder? asked,
        IReadOnlyList<StoredOrder> orders,
        DateTimeOffset at
    )
    {
        var shown = MailOrders
            .Choose(
                MailKind.Alert,
                orders,
                o => o.Snapshot,
                told.Where(n => asked is null || n.Row.OrderId == asked.Row.Id).Select(n => n.Row.OrderId!).ToHashSet(),
                at
            )
            .Select(o => told.Where(n => n.Row.OrderId == o.Order.Row.Id).ToList())
            .OrderByDescending(its => its.Any(n => n.Draft.Kind != NoticeKind.News))
            .FirstOrDefault();
        if (shown is null)
            throw new CommandException(
                ExitCode.Wrong,
                asked is null
                    ? $"no order has anything to tell at that moment: no alert would go out. {Elsewhere}"
                    : $"{asked.Row.Id} has nothing to tell at that moment; trackwatch explain {asked.Row.Id} says what comes and when."
            );
        return shown.Any(n => n.Draft.Kind != NoticeKind.News)
            ? [.. shown.Where(n => n.Draft.Kind != NoticeKind.News)]
            : shown;
    }

    private static (MailKind, List<Told>) News(List<Told> told, StoredOrder? asked, params ReasonCode[] codes)
    {
        var news = told.FirstOrDefault(n =>
            codes.Contains(n.Draft.Reason.Code) && (asked is null || n.Row.OrderId == asked.Row.Id)
        );
        if (news is null)
            throw new CommandException(
                ExitCode.Wrong,
                $"{asked?.Row.Id ?? "no order"} has no such news at that moment. {Elsewhere}"
            );
        return (news.Draft.Channel == Channel.Alert ? MailKind.Alert : MailKind.Digest, [news]);
    }

    private async Task<MailRow> OperatorAsync(TrackWatchDb db, Wanted wanted, CancellationToken ct)
    {
        var waiting = await db
            .Notices.Where(n => n.PersonId == Outbox.Operator && n.WithdrawnAt == null)
            .OrderByDescending(n => n.Id)
            .Take(1)
            .ToListAsync(ct);
        if (waiting.Count == 0 || await session.Get<MailSections>().OperatorAsync(db, ct) is not { } person)
            throw new CommandException(ExitCode.Wrong, $"there was nothing to tell the operator so far. {Elsewhere}");
        var zone = Zones.Of(person);
        var at = Moment(wanted.At, person, zone);
        var written = await session
            .Get<MailWriter>()
            .WriteOperatorAsync(
                [.. waiting.Select(n => Outbox.ReadOperatorNews(n.Content))],
                wanted.Language ?? person.Language,
                at
            );
        return session.Get<Postmark>().Compose(Outbox.Operator, waiting[0].DedupKey, person, zone, written, at);
    }

    /// <summary>A day alone is its digest time.</summary>
    private DateTimeOffset Moment(string? text, Person person, TimeZoneInfo zone) =>
        text is null ? session.Now
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Days.At(day, person.Digest.At, zone)
        : Asked.Instant(text);
}
