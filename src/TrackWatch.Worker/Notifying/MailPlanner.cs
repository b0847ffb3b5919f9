using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Evidence;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Notifying;

/// <summary>
/// Turns waiting notices into mails in their final bytes. One person at a time, one transaction each: the person's row is
/// the lock, and a mail's Message-ID follows from what it tells, so that the same plan never makes two mails.
/// </summary>
internal sealed partial class MailPlanner(
    IDbContextFactory<TrackWatchDb> contexts,
    MailWriter writer,
    MailSections sections,
    EvidenceAttaching evidence,
    MailCalendar calendar,
    MailRules rules,
    MailSettings settings,
    Postmark postmark,
    Secrets secrets,
    ILogger<MailPlanner> logger
)
{
    private static readonly TimeSpan AfterSurprise = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, DateTimeOffset> setAside = new();

    /// <returns>How many mails were composed.</returns>
    public async Task<int> PlanAsync(DateTimeOffset now, CancellationToken ct)
    {
        var composed = 0;
        var candidates = await CandidatesAsync(now, ct);
        var today = candidates.Count == 0 ? 0 : await MailsTodayAsync(now, ct);
        foreach (var person in candidates)
        {
            if (setAside.TryGetValue(person, out var until) && now < until)
                continue;
            try
            {
                composed += await PlanForAsync(person, today + composed, now, ct);
            }
            catch (Exception surprise) when (!ct.IsCancellationRequested && !DatabaseTrouble.IsPassing(surprise))
            {
                // One person's trouble stays with that person; its notices wait in the outbox.
                setAside[person] = now + AfterSurprise;
                PlanningFailed(logger, person, surprise);
            }
        }
        return composed + await PlanOperatorMailAsync(now, ct);
    }

    private async Task<List<string>> CandidatesAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db
            .People.Where(p => p.ArchivedAt == null)
            .Where(p =>
                p.NextDigestAt == null
                || p.NextDigestAt <= now
                || db.Notices.Any(n => n.PersonId == p.Id && n.MailId == null && n.WithdrawnAt == null)
                || (p.NextDigestAt != MailPlan.NoDigest && db.Replies.Any(r => r.PersonId == p.Id && r.ToldIn == null))
            )
            .OrderBy(p => p.Id)
            .Select(p => p.Id)
            .ToListAsync(ct);
    }

    /// <summary>To all people. Two workers that count at once may go a little beyond the cap, which is no harm.</summary>
    private async Task<int> MailsTodayAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var today = Days.StartOf(Days.In(TimeZoneInfo.Utc, now), TimeZoneInfo.Utc);
        return await db.Mails.CountAsync(
            m => m.ComposedAt >= today && (m.Kind == nameof(MailKind.Alert) || m.Kind == nameof(MailKind.Digest)),
            ct
        );
    }

    private async Task<int> PlanForAsync(string personId, int mailsToday, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var row = await db
            .People.FromSql($"select * from people where id = {personId} for update skip locked")
            .AsTracking()
            .SingleOrDefaultAsync(ct);
        if (row is null)
            return 0;
        var zone = Zones.Of(row.Profile);
        var waiting = await db
            .Notices.AsTracking()
            .Where(n => n.PersonId == personId && n.MailId == null && n.WithdrawnAt == null)
            .OrderBy(n => n.Id)
            .ToListAsync(ct);
        var orders = await sections.OrdersOfAsync(db, personId, ct);
        var startDigest = rules.DigestAtStart && row.NextDigestAt is null;
        if (startDigest && orders.Any(o => IsAwaited(o, now)))
            return 0;

        var answers = await MailSections.UntoldAsync(db, personId, ct);
        var today = Days.StartOf(Days.In(zone, now), zone);
        var alertsToday = await db.Mails.CountAsync(
            m => m.PersonId == personId && m.Kind == nameof(MailKind.Alert) && m.ComposedAt >= today,
            ct
        );
        var plan = MailPlan.Decide(
            new Mailbox(
                row.Profile,
                zone,
                [
                    .. waiting.Select(n => new WaitingNotice(
                        n.Id,
                        n.Kind,
                        n.Channel,
                        n.WrittenAt,
                        n.DoBy,
                        n.TellBy,
                        n.OrderId is not null && DomainJson.Read<NoticeDraft>(n.Content).Rides,
                        n.OrderId ?? ""
                    )),
                ],
                row.NextDigestAt,
                HasOpenCase: orders.Any(o => o.Snapshot.Case is { State: CaseState.Open }),
                HasParcels: orders.Any(o => o.Snapshot.Facts.Closed is null),
                alertsToday
            )
            {
                HasAnswered = answers.Count > 0,
                LastDigestAt = row.LastDigestAt,
                MailsToday = mailsToday,
            },
            rules,
            now
        );

        var reader = await RefusedAddresses.ReachableAsync(db, row.Profile, ct);
        if (reader is null)
        {
            plan = Pressing(plan, waiting);
            reader = await StandInAsync(db, row.Profile, ct);
        }
        var composed = 0;
        foreach (var alert in plan.Alerts)
            composed += await ComposeAsync(db, MailKind.Alert, reader, orders, Chosen(alert), [], now, ct);
        if (plan.Digest is { } digest)
        {
            composed += await ComposeAsync(db, MailKind.Digest, reader, orders, Chosen(digest), answers, now, ct);
            row.LastDigestAt = now;
        }
        foreach (var notice in waiting.Where(n => plan.Folded.Contains(n.Id)))
            notice.Channel = Channel.Digest;
        if (plan.IsHeld)
            await TellOfHeldMailsAsync(db, now, ct);
        row.NextDigestAt = plan.NextDigestAt ?? MailPlan.NoDigest;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return composed;

        IReadOnlyList<NoticeRow> Chosen(IReadOnlyList<long> ids) => [.. waiting.Where(n => ids.Contains(n.Id))];
    }

    /// <summary>Of a person whom no mail reaches: what has a last day goes out now, to somebody else; the rest waits.</summary>
    private static PlannedMail Pressing(PlannedMail plan, List<NoticeRow> waiting) =>
        plan with
        {
            Alerts = waiting
                .Where(n => (n.DoBy ?? n.TellBy) is not null)
                .Select(n => n.Id)
                .Intersect(plan.Told)
                .ToList()
                is { Count: > 0 } told
                ? [told]
                : [],
            Digest = null,
        };

    /// <summary>
    /// The person with the operator's addresses; with their own where nobody else is there: a warning that may come back is
    /// still better than none.
    /// </summary>
    private async Task<Person> StandInAsync(TrackWatchDb db, Person person, CancellationToken ct)
    {
        var other = await sections.OperatorAsync(db, ct);
        return other is null || await RefusedAddresses.ReachableAsync(db, other, ct) is not { } reachable
            ? person
            : person with
            {
                Email = reachable.Email,
                MoreEmails = reachable.MoreEmails,
            };
    }

    /// <summary>Once a day.</summary>
    private Task TellOfHeldMailsAsync(TrackWatchDb db, DateTimeOffset now, CancellationToken ct)
    {
        var today = Days.In(TimeZoneInfo.Utc, now);
        return Outbox.TellOperatorAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(),
            HeldInstance(today),
            new OperatorNews.MailsHeld(today, rules.TotalCap),
            now,
            ct
        );
    }

    public static string HeldInstance(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"mails-held/{day:yyyy-MM-dd}");

    private static bool IsAwaited(StoredOrder order, DateTimeOffset now) =>
        MailPlan.IsAwaited(
            order.Row.RegisteredAt,
            order.Row.NextAssessmentAt <= now,
            order.Shipments.Any(s => s.AwaitsFirstPoll),
            now
        );

    private async Task<int> ComposeAsync(
        TrackWatchDb db,
        MailKind kind,
        Person person,
        IReadOnlyList<StoredOrder> orders,
        IReadOnlyList<NoticeRow> notices,
        List<ReplyRow> answers,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var content = await sections.ContentAsync(db, kind, person, orders, notices, now, ct);
        if (content.Orders.Count == 0 && answers.Count == 0)
        {
            // The orders are gone since: there is nothing left to tell.
            foreach (var notice in notices)
                notice.WithdrawnAt = now;
            return 0;
        }
        content = content with { Heard = await MailSections.HeardAsync(db, answers, Days.In(content.Zone, now), ct) };
        var row = await DraftAsync(db, content, orders, notices, ct);
        db.Mails.Add(row);
        // What goes next in this round answers this one.
        await db.SaveChangesAsync(ct);
        foreach (var answer in answers)
            answer.ToldIn = row.Id;
        foreach (var notice in notices)
            notice.MailId = row.Id;
        Composed(logger, kind, person.Id, row.Subject);
        return 1;
    }

    private static async Task<IReadOnlyList<string>> ReferencesAsync(
        TrackWatchDb db,
        string personId,
        string thread,
        CancellationToken ct
    )
    {
        var mails = db.Mails.Where(m => m.PersonId == personId && m.Thread == thread);
        var first = await mails.OrderBy(m => m.ComposedAt).Select(m => m.MessageId).Take(1).ToListAsync(ct);
        var newest = await mails
            .OrderByDescending(m => m.ComposedAt)
            .Select(m => m.MessageId)
            .Take(MailThread.Newest)
            .ToListAsync(ct);
        return MailThread.References([.. first.Union(newest.AsEnumerable().Reverse())]);
    }

    /// <summary>The mail in its final bytes. What calendars are given is noted in <paramref name="db"/>, nothing else is.</summary>
    /// <param name="orders">Those that the content shows, and maybe others.</param>
    /// <param name="notices">What the content tells.</param>
    public async Task<MailRow> DraftAsync(
        TrackWatchDb db,
        MailContent content,
        IReadOnlyList<StoredOrder> orders,
        IReadOnlyList<NoticeRow> notices,
        CancellationToken ct
    )
    {
        var person = content.Person;
        content = await evidence.AttachAsync(content, orders, ct);
        content = await calendar.AttachAsync(db, content, [.. orders.Select(o => o.Snapshot)], ct);
        var identity = Identity(content.Kind, person.Id, notices.Select(n => n.DedupKey), content.Now);
        var key = await secrets.ReplyKeyAsync(ct);
        var mark = postmark.Keyed(key);
        content = content with
        {
            Reply = ReplyLinks.Of(settings.Replies, key, mark.TagOf(identity, person), person, content.Now),
        };
        var lead = content.Orders is [var first, ..] ? orders.First(o => o.Row.Id == first.Order.Id) : null;
        var thread = MailThread.Of(content.Kind, lead?.Snapshot);
        var row = mark.Compose(
            content.Kind.ToString(),
            identity,
            person,
            content.Zone,
            await writer.WriteAsync(content),
            content.Now,
            await ReferencesAsync(db, person.Id, thread, ct),
            content.Orders is [var only] ? content.Reply?.Invoke(only.Order.Id, "stop") : null
        );
        row.Thread = thread;
        return row;
    }

    /// <summary>What makes a mail this mail: what it tells, or for a digest without news its moment.</summary>
    public static string Identity(MailKind kind, string personId, IEnumerable<string> keys, DateTimeOffset now)
    {
        var told = keys.Order(StringComparer.Ordinal).ToList();
        return kind == MailKind.Digest && told.Count == 0
            ? $"{personId}/digest/{now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)}"
            : string.Join('\n', told.Prepend(kind.ToString()));
    }

    /// <summary>All that waits for the operator goes in one mail, at once.</summary>
    private async Task<int> PlanOperatorMailAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var waiting = await db
            .Notices.FromSql(
                $"select * from notices where person_id = {Outbox.Operator} and mail_id is null and withdrawn_at is null order by id for update skip locked"
            )
            .AsTracking()
            .ToListAsync(ct);
        if (waiting.Count == 0 || await sections.OperatorAsync(db, ct) is not { } person)
            return 0;
        var mail = await writer.WriteOperatorAsync(
            [.. waiting.Select(n => Outbox.ReadOperatorNews(n.Content))],
            person.Language,
            now
        );
        var identity = string.Join('\n', waiting.Select(n => n.DedupKey).Order(StringComparer.Ordinal));
        // News that an address is dead must not go to that address, where there is another.
        person = await RefusedAddresses.ReachableAsync(db, person, ct) ?? person;
        var mark = postmark.Keyed(await secrets.ReplyKeyAsync(ct));
        var answered = await AnsweredAsync(db, waiting, ct);
        var row = mark.Compose(Outbox.Operator, identity, person, Zones.Of(person), mail, now, answered);
        db.Mails.Add(row);
        foreach (var notice in waiting)
            notice.MailId = row.Id;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        Composed(logger, MailKind.Alert, Outbox.Operator, mail.Subject);
        return 1;
    }

    /// <summary>That a source is back answers the mail that told of its silence.</summary>
    private static async Task<IReadOnlyList<string>> AnsweredAsync(
        TrackWatchDb db,
        IEnumerable<NoticeRow> waiting,
        CancellationToken ct
    )
    {
        var answered = new List<string>();
        foreach (var back in waiting.Select(n => Outbox.ReadOperatorNews(n.Content)).OfType<OperatorNews.SourceBack>())
        {
            var silent = SourceWatch.SilentInstance(back.Provider);
            answered.AddRange(
                await (
                    from notice in db.Notices
                    join told in db.Mails on notice.MailId equals told.Id
                    where notice.PersonId == Outbox.Operator && notice.Instance.StartsWith(silent)
                    orderby notice.Id descending
                    select told.MessageId
                )
                    .Take(1)
                    .ToListAsync(ct)
            );
        }
        return [.. answered.Distinct()];
    }

    [LoggerMessage(
        602,
        LogLevel.Error,
        "The mail for {Person} could not be written; it is tried again in a quarter of an hour, please report this"
    )]
    private static partial void PlanningFailed(ILogger logger, string person, Exception surprise);

    [LoggerMessage(601, LogLevel.Information, "Wrote {Kind} for {Person}: {Subject}")]
    private static partial void Composed(ILogger logger, MailKind kind, string person, string subject);
}
