using Microsoft.EntityFrameworkCore;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>
/// Answers of people: gathers what the decision looks at, and writes down what comes of it, the fact and the answer in the
/// caller's transaction.
/// </summary>
internal sealed class ReplyDesk(TrackWatchSettings settings, LanguageFiles languages)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The people who read mail at an address; several may share one.</summary>
    /// <param name="from">As <see cref="MimeHeaders.Addresses"/> gives them; nobody is found for several.</param>
    public static async Task<IReadOnlyList<Person>> PeopleAtAsync(
        TrackWatchDb db,
        IReadOnlyList<string> from,
        CancellationToken ct
    )
    {
        if (from is not [var address])
            return [];
        var people = await db.People.Where(p => p.ArchivedAt == null).OrderBy(p => p.Id).ToListAsync(ct);
        return
        [
            .. people
                .Select(p => p.Profile)
                .Where(p =>
                    p.Emails.Any(e => MimeHeaders.Plain(e).Equals(address, StringComparison.OrdinalIgnoreCase))
                ),
        ];
    }

    public async Task<Heard> HearAsync(
        TrackWatchDb db,
        IncomingMail mail,
        IReadOnlyList<Person> people,
        byte[] key,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // One answer of a person after the other: of two that are the same, or that both would close, one comes second.
        var ids = people.Select(p => p.Id).ToArray();
        await db
            .People.FromSql($"select * from people where id = any({ids}) order by id for update")
            .Select(p => p.Id)
            .ToListAsync(ct);
        if (await db.Replies.AnyAsync(r => r.MessageId == mail.MessageId, ct))
            return new Heard.Ignored("it was heard before");

        var known = new List<Correspondent>();
        foreach (var person in people)
            known.Add(await CorrespondentAsync(db, person, mail, now, ct));
        var replies = settings.Mail.Replies;
        switch (ReplyJudge.Recognise(mail, known, new ReplyRules(replies.HourlyLimit, replies.ValidFor), key, now))
        {
            case Recognised.Not not:
                return new Heard.Ignored(not.Why);
            case Recognised.As recognised:
                var verdict = await DecideAsync(db, mail, recognised, known, now, ct);
                return await KeepAsync(db, mail, recognised, verdict, now, ct);
            default:
                throw new InvalidOperationException("An answer is recognised, or it is not.");
        }
    }

    private static async Task<Correspondent> CorrespondentAsync(
        TrackWatchDb db,
        Person person,
        IncomingMail mail,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var orders = await (
            from link in db.OrderPeople
            join order in db.Orders on link.OrderId equals order.Id
            where link.PersonId == person.Id && order.ArchivedAt == null
            orderby order.Id
            select order.Id
        ).ToListAsync(ct);
        var answered = await db
            .Mails.Where(m => m.PersonId == person.Id && mail.References.Contains(m.MessageId))
            .Select(m => new
            {
                m.Id,
                m.MessageId,
                m.Kind,
                m.ComposedAt,
            })
            .ToListAsync(ct);
        var mails = answered.Select(m => (Guid?)m.Id).ToList();
        var told = (
            await db
                .Notices.Where(n => mails.Contains(n.MailId) && n.OrderId != null)
                .Select(n => new { n.MailId, n.OrderId })
                .ToListAsync(ct)
        ).ToLookup(n => n.MailId, n => n.OrderId!);
        return new Correspondent(
            person,
            orders,
            [
                .. answered.Select(m => new SentMail(
                    TagOf(m.MessageId),
                    m.MessageId,
                    m.ComposedAt,
                    // A digest shows every order that is not closed.
                    m.Kind == nameof(MailKind.Alert)
                        ? [.. told[m.Id].Distinct()]
                        : orders
                )),
            ],
            await db.Replies.CountAsync(r => r.PersonId == person.Id && r.ReceivedAt > now - Hour, ct)
        );
    }

    /// <summary>A Message-ID of ours is <c>kind.digest@domain</c>, and the digest's beginning names the mail.</summary>
    private static MailTag TagOf(string messageId)
    {
        var digest = messageId[(messageId.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return new MailTag(digest[..(MailTag.Bytes * 2)]);
    }

    private async Task<ReplyVerdict> DecideAsync(
        TrackWatchDb db,
        IncomingMail mail,
        Recognised.As known,
        IReadOnlyList<Correspondent> people,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var mine = people.First(p => p.Person.Id == known.Person.Id).Orders;
        var numbers = await (
            from link in db.OrderShipments
            join shipment in db.Shipments on link.ShipmentId equals shipment.Id
            where mine.Contains(link.OrderId)
            select new { link.OrderId, shipment.Number }
        ).ToListAsync(ct);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // A number of several orders names none of them.
        foreach (var number in numbers.GroupBy(n => n.Number).Where(g => g.Count() == 1))
            names[number.Key] = number.First().OrderId;
        foreach (var order in mine)
            names[order] = order;
        return ReplyJudge.Decide(
            mail,
            known,
            names,
            await OrdersAsync(db, known, now, ct),
            PhrasesOf(known.Person.Language),
            Days.In(Zones.Of(known.Person), now)
        );
    }

    private static async Task<IReadOnlyList<AnsweredOrder>> OrdersAsync(
        TrackWatchDb db,
        Recognised.As known,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var facts = (
            await db.Facts.Where(f => known.Orders.Contains(f.OrderId) && f.UndoneAt == null).ToListAsync(ct)
        ).ToLookup(f => f.OrderId);
        var zones = (
            await (
                from link in db.OrderPeople
                join person in db.People on link.PersonId equals person.Id
                where known.Orders.Contains(link.OrderId)
                orderby link.Position
                select new { link.OrderId, person.Profile }
            ).ToListAsync(ct)
        ).ToLookup(p => p.OrderId, p => p.Profile);
        var once = known.Orders.ToDictionary(known.OnceKey);
        var keys = once.Keys.ToList();
        var used = await db
            .Replies.Where(r => r.Once != null && keys.Contains(r.Once))
            .Select(r => r.Once!)
            .ToListAsync(ct);
        var asked = await AskedAsync(db, known, ct);
        return
        [
            .. known.Orders.Select(order => new AnsweredOrder(
                order,
                Days.In(Zones.Of(zones[order].FirstOrDefault() ?? known.Person), now),
                asked.GetValueOrDefault(order),
                OrderFacts.Unite(facts[order].Select(f => new ToldFact(f.Value, f.Origin, f.ToldAt))),
                used.Contains(known.OnceKey(order)),
                facts[order].Any(f => f.Origin != FactOrigin.File)
            )),
        ];
    }

    /// <summary>The step that the mail asked for, by order; where it told of none, the one that is due.</summary>
    private static async Task<Dictionary<string, Step?>> AskedAsync(
        TrackWatchDb db,
        Recognised.As known,
        CancellationToken ct
    )
    {
        var tag = $".{known.Mail}";
        var mails = await db
            .Mails.Where(m => m.PersonId == known.Person.Id && m.MessageId.Contains(tag))
            .Select(m => (Guid?)m.Id)
            .ToListAsync(ct);
        var notices = (
            await db
                .Notices.Where(n => mails.Contains(n.MailId) && n.OrderId != null)
                .OrderBy(n => n.Id)
                .Select(n => new { n.OrderId, n.Content })
                .ToListAsync(ct)
        ).ToLookup(n => n.OrderId!, n => DomainJson.Read<NoticeDraft>(n.Content));
        var due = await db
            .Cases.Where(c => known.Orders.Contains(c.OrderId) && c.ClosedAt == null)
            .ToDictionaryAsync(c => c.OrderId, c => c.Due, ct);
        return known.Orders.ToDictionary(
            order => order,
            order =>
                MailOrders.InOrder(notices[order]).Select(n => n.Step).FirstOrDefault(step => step is not null)
                ?? due.GetValueOrDefault(order)
        );
    }

    private ReplyPhrases PhrasesOf(string language)
    {
        var own = languages.Of(language);
        var english = languages.Of(LanguageFiles.Fallback);
        return new ReplyPhrases(
            from spoken in new[] { own, english }.Distinct()
            let words = new Words(languages, spoken, default)
            from key in ReplyPhrases.Meanings.Keys
            select (key, words.Say($"replies.words.{key}"))
        );
    }

    private static async Task<Heard> KeepAsync(
        TrackWatchDb db,
        IncomingMail mail,
        Recognised.As known,
        ReplyVerdict verdict,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var row = new ReplyRow
        {
            MessageId = mail.MessageId,
            ReceivedAt = now,
            PersonId = known.Person.Id,
            OrderId = verdict.Order,
            Words = new ForeignText(verdict.Words, ForeignText.NameLimit).ToString(),
        };
        if (verdict is ReplyVerdict.Accept { Named: var order } accept)
        {
            var fact = accept.Fact is { } told
                ? await Registrar.TellAsync(db, order, told, FactOrigin.Mail, now, ct)
                : await Registrar.UndoAsync(db, order, now, ct);
            // A fact's id is the database's to give.
            await db.SaveChangesAsync(ct);
            row.FactId = fact?.Id;
            row.TakenBack = accept.Fact is null;
            row.Once = accept.Fact is { EndsAdvice: true } ? known.OnceKey(order) : null;
        }
        else if (verdict is ReplyVerdict.Refuse refuse)
            row.Trouble = refuse.Why;
        db.Replies.Add(row);
        await db.SaveChangesAsync(ct);
        return row.Trouble is { } why
            ? new Heard.Refused(row.PersonId, row.OrderId, why)
            : new Heard.Done(row.PersonId, row.OrderId!, row.Words);
    }
}
