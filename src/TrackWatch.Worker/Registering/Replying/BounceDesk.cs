using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Languages;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>
/// Mails that came back. A report counts only where it names a mail that was sent, by its Message-ID, which is keyed, and a
/// recipient of that mail: nobody can switch an address off by inventing one.
/// </summary>
internal sealed class BounceDesk(IDbContextFactory<TrackWatchDb> contexts)
{
    public async Task<Heard> TakeAsync(DeliveryReport report, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var mail = await db
            .Mails.Where(m => report.Returned.Contains(m.MessageId))
            .Select(m => new
            {
                m.Id,
                m.MessageId,
                m.PersonId,
                m.Recipients,
                m.Subject,
            })
            .FirstOrDefaultAsync(ct);
        if (mail is null)
            return new Heard.Ignored("a delivery report of a mail that TrackWatch never sent");

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var dead = new List<string>();
        var failed = 0;
        foreach (var fate in report.Fates)
        {
            var address = mail.Recipients.FirstOrDefault(r => IsAt(r, fate.Original) || IsAt(r, fate.Recipient));
            var verdict = Bounces.Judge(fate);
            if (address is null || verdict == BounceVerdict.Nothing)
                continue;
            failed++;
            var why = new ForeignText(
                fate.Diagnostic.Length > 0 ? fate.Diagnostic : $"{fate.Action} {fate.Status}"
            ).ToString();
            if (verdict == BounceVerdict.AddressIsDead && await DisableAsync(db, address, why, mail.Id, now, ct))
                dead.Add(address);
            // News about a mail to the operator would only come back again.
            if (mail.PersonId == Outbox.Operator)
                continue;
            if (verdict == BounceVerdict.MailFailed)
                await Outbox.TellOperatorAsync(
                    connection,
                    $"mail-bounced/{mail.Id}/{address}",
                    new OperatorNews.MailBounced(mail.PersonId, address, mail.Subject, why),
                    now,
                    ct
                );
            else if (dead.Contains(address))
                await Outbox.TellOperatorAsync(
                    connection,
                    $"address-dead/{address}/{mail.Id}",
                    new OperatorNews.AddressDead(
                        mail.PersonId,
                        address,
                        mail.Subject,
                        why,
                        await HasAnotherAsync(db, mail.PersonId, ct)
                    ),
                    now,
                    ct
                );
        }
        await transaction.CommitAsync(ct);
        return failed == 0
            ? new Heard.Ignored("a delivery report that says of nobody that it failed")
            : new Heard.Bounced(mail.MessageId, dead);
    }

    private static bool IsAt(string recipient, string? reported) =>
        reported is not null && MimeHeaders.Plain(recipient).Equals(reported, StringComparison.OrdinalIgnoreCase);

    /// <returns>False where it was disabled already.</returns>
    private static async Task<bool> DisableAsync(
        TrackWatchDb db,
        string address,
        string why,
        Guid mail,
        DateTimeOffset now,
        CancellationToken ct
    ) =>
        await db.Database.ExecuteSqlAsync(
            $"insert into refused_addresses (address, since, why, mail_id) values ({RefusedAddresses.KeyOf(address)}, {now}, {why}, {mail}) on conflict do nothing",
            ct
        ) > 0;

    private static async Task<bool> HasAnotherAsync(TrackWatchDb db, string personId, CancellationToken ct)
    {
        var person = await db.People.Where(p => p.Id == personId).Select(p => p.Profile).SingleOrDefaultAsync(ct);
        return person is not null && await RefusedAddresses.ReachableAsync(db, person, ct) is not null;
    }
}
