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
    MailSettings settings,
    Postmark postmark,
    ILogger<MailPlanner> logger
)
{
    private static readonly TimeSpan AfterSurprise = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, DateTimeOffset> setAside = new();

    /// <returns>How many mails were composed.</returns>
    public async Task<int> PlanAsync(DateTimeOffset now, CancellationToken ct)
    {
        var composed = 0;
        foreach (var person in await CandidatesAsync(now, ct))
        {
            if (setAside.TryGetValue(person, out var until) && now < until)
                continue;
            try
            {
                composed += await PlanForAsync(person, now, ct);
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
            )
            .OrderBy(p => p.Id)
            .Select(p => p.Id)
            .ToListAsync(ct);
    }

    private async Task<int> PlanForAsync(string personId, DateTimeOffset now, CancellationToken ct)
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
        var startDigest = settings.DigestAtStart && row.NextDigestAt is null;
        if (startDigest && orders.Any(o => IsAwaited(o, now)))
            return 0;

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
                        n.OrderId is not null && DomainJson.Read<NoticeDraft>(n.Content).Rides
                    )),
                ],
                row.NextDigestAt,
                HasOpenCase: orders.Any(o => o.Snapshot.Case is { State: CaseState.Open }),
                HasParcels: orders.Any(o => o.Snapshot.Facts.Closed is null),
                alertsToday
            ),
            new MailRules(settings.Settle, settings.DailyCap, settings.DigestAtStart),
            now
        );

        var composed = 0;
        if (plan.Alert.Count > 0)
            composed += await ComposeAsync(
                db,
                MailKind.Alert,
                row.Profile,
                zone,
                orders,
                [.. waiting.Where(n => plan.Alert.Contains(n.Id))],
                now,
                ct
            );
        if (plan.Digest is { } digest)
        {
            composed += await ComposeAsync(
                db,
                MailKind.Digest,
                row.Profile,
                zone,
                orders,
                [.. waiting.Where(n => digest.Contains(n.Id))],
                now,
                ct
            );
            row.LastDigestAt = now;
        }
        row.NextDigestAt = plan.NextDigestAt ?? MailPlan.NoDigest;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return composed;
    }

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
        TimeZoneInfo zone,
        IReadOnlyList<StoredOrder> orders,
        IReadOnlyList<NoticeRow> notices,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var content = await sections.ContentAsync(db, kind, person, zone, orders, notices, now, ct);
        if (content.Orders.Count == 0)
        {
            // The orders are gone since: there is nothing left to tell.
            foreach (var notice in notices)
                notice.WithdrawnAt = now;
            return 0;
        }
        var row = await DraftAsync(content, orders, notices, ct);
        db.Mails.Add(row);
        foreach (var notice in notices)
            notice.MailId = row.Id;
        Composed(logger, kind, person.Id, row.Subject);
        return 1;
    }

    /// <summary>The mail in its final bytes, written down nowhere.</summary>
    /// <param name="orders">Those that the content shows, and maybe others.</param>
    /// <param name="notices">What the content tells.</param>
    public async Task<MailRow> DraftAsync(
        MailContent content,
        IReadOnlyList<StoredOrder> orders,
        IReadOnlyList<NoticeRow> notices,
        CancellationToken ct
    ) =>
        postmark.Compose(
            content.Kind.ToString(),
            Identity(content.Kind, content.Person.Id, notices.Select(n => n.DedupKey), content.Now),
            content.Person,
            content.Zone,
            await writer.WriteAsync(await evidence.AttachAsync(content, orders, ct)),
            content.Now
        );

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
        var row = postmark.Compose(Outbox.Operator, identity, person, Zones.Of(person), mail, now);
        db.Mails.Add(row);
        foreach (var notice in waiting)
            notice.MailId = row.Id;
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        Composed(logger, MailKind.Alert, Outbox.Operator, mail.Subject);
        return 1;
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
