using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Telemetry;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Notifying;

/// <summary>
/// Hands composed mails to the transport, outside any transaction, and keeps the server's last words. A mail is leased
/// while it is on its way; after a crash between the server's word and our note of it the same Message-ID goes again.
/// </summary>
internal sealed partial class MailSender(
    NpgsqlDataSource source,
    IMailTransport transport,
    MailSettings settings,
    ILogger<MailSender> logger
)
{
    private static readonly TimeSpan[] BackOff =
    [
        TimeSpan.FromMinutes(1),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
    ];

    /// <summary>Longer than any one conversation with the server can take, step by step.</summary>
    private TimeSpan Lease => (settings.StepTimeout * 12) + TimeSpan.FromMinutes(1);

    /// <returns>How many mails the server has taken.</returns>
    public async Task<int> SendDueAsync(DateTimeOffset now, CancellationToken ct)
    {
        var accepted = 0;
        while (await ClaimAsync(now, ct) is { } mail)
        {
            using var span = Instruments.Spans.StartActivity("send");
            var delivery = await SendAsync(mail, ct);
            await WriteBackAsync(mail, delivery, now, ct);
            Instruments.Mails.Add(1, new("kind", mail.Kind), new("result", delivery.GetType().Name));
            if (delivery is Delivery.Accepted)
                accepted++;
            // One refusal may mean that the server is not well: the rest can wait for the next ring.
            else if (delivery is Delivery.RefusedForNow)
                return accepted;
        }
        return accepted;
    }

    /// <param name="IsRest">Others have this mail already; these are the recipients that are left.</param>
    private sealed record ClaimedMail(
        Guid Id,
        Guid Token,
        string Kind,
        string PersonId,
        string Subject,
        int Attempts,
        bool IsRest,
        OutgoingMail Mail
    );

    private async Task<ClaimedMail?> ClaimAsync(DateTimeOffset now, CancellationToken ct)
    {
        var token = Guid.NewGuid();
        await using var claim = source.CreateCommand(
            """
            with due as (
                select id from mails
                where next_attempt_at <= $1 and (lease_until is null or lease_until < clock_timestamp())
                order by next_attempt_at, composed_at limit 1 for update skip locked
            )
            update mails m set lease_until = clock_timestamp() + $2, lease_token = $3 from due where m.id = due.id
            returning m.id, m.kind, m.person_id, m.subject, m.attempts, m.message_id, m.sender,
                array(select r from unnest(m.recipients) with ordinality u (r, i) where r <> all (m.settled) order by i),
                m.body, m.settled <> '{}'
            """
        );
        await using var row = await claim.With(At(now), P(Lease), P(token)).ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;
        var mail = new OutgoingMail(
            row.GetString(5),
            row.GetString(6),
            row.GetFieldValue<string[]>(7),
            row.GetFieldValue<byte[]>(8)
        )
        {
            Subject = row.GetString(3),
        };
        return new ClaimedMail(
            row.GetGuid(0),
            token,
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            row.GetInt32(4),
            row.GetBoolean(9),
            mail
        );
    }

    private async Task<Delivery> SendAsync(ClaimedMail mail, CancellationToken ct)
    {
        try
        {
            return await transport.SendAsync(mail.Mail, ct);
        }
        catch (Exception surprise) when (!ct.IsCancellationRequested)
        {
            SendingFailed(logger, transport.Name, surprise);
            return new Delivery.RefusedForNow($"unexpected {surprise.GetType().Name} while sending");
        }
    }

    private async Task WriteBackAsync(ClaimedMail mail, Delivery delivery, DateTimeOffset now, CancellationToken ct)
    {
        var remaining = delivery.Remaining(mail.Mail.To);
        DateTimeOffset? next = remaining.Count > 0 ? now + BackOff[Math.Min(mail.Attempts, BackOff.Length - 1)] : null;
        // The server has spoken: its word is written down even while we are being stopped.
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using (
            var write = new NpgsqlCommand(
                """
                update mails set attempts = attempts + 1, reply = $3, lease_until = null, lease_token = null, next_attempt_at = $4,
                    settled = settled || $7,
                    accepted_at = case when $5 = 'Accepted' then coalesce(accepted_at, $6) else accepted_at end,
                    refused_at = case when $5 = 'RefusedForGood' and accepted_at is null then $6 else refused_at end
                where id = $1 and lease_token = $2
                """,
                connection
            )
        )
        {
            write.With(
                P(mail.Id),
                P(mail.Token),
                P(Clean(delivery.Reply)!),
                new NpgsqlParameter<DateTimeOffset?>
                {
                    TypedValue = next,
                    NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
                },
                P(delivery.GetType().Name),
                At(now),
                P(mail.Mail.To.Except(remaining).ToArray())
            );
            await write.ExecuteNonQueryAsync(CancellationToken.None);
        }
        switch (delivery)
        {
            case Delivery.Accepted:
                Sent(logger, mail.Subject, delivery.Reply);
                break;
            case Delivery.RefusedForGood:
                Refused(logger, mail.Subject, delivery.Reply);
                // News about a refused operator mail would only be refused again.
                if (!mail.IsRest && mail.PersonId != Outbox.Operator && mail.Kind != Outbox.Operator)
                    await Outbox.TellOperatorAsync(
                        connection,
                        $"mail-refused/{mail.Id}",
                        new OperatorNews.MailRefused(mail.PersonId, mail.Subject, delivery.Reply),
                        now,
                        CancellationToken.None
                    );
                break;
            default:
                NotNow(logger, mail.Subject, delivery.Reply, next);
                break;
        }
        await TellOfRefusedAsync(connection, mail, delivery, next, now);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>The mail itself was taken, or waits; some of its recipients will not have it.</summary>
    private async Task TellOfRefusedAsync(
        NpgsqlConnection connection,
        ClaimedMail mail,
        Delivery delivery,
        DateTimeOffset? next,
        DateTimeOffset now
    )
    {
        foreach (var refusal in delivery.Refused.Where(r => !r.ForGood && delivery is Delivery.Accepted))
            NotNow(logger, mail.Subject, $"{refusal.To}: {refusal.Reply}", next);
        var refused = delivery switch
        {
            Delivery.RefusedForGood when !mail.IsRest => [],
            Delivery.RefusedForGood => mail.Mail.To.Select(to => new Refusal(to, delivery.Reply, ForGood: true)),
            _ => delivery.Refused.Where(r => r.ForGood),
        };
        foreach (var refusal in refused)
        {
            Refused(logger, mail.Subject, $"{refusal.To}: {refusal.Reply}");
            // Once a month, so that an address that is gone does not make a mail of every mail; then also the operator's own.
            await Outbox.TellOperatorAsync(
                connection,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"address-refused/{mail.PersonId}/{refusal.To}/{now.UtcDateTime:yyyy-MM}"
                ),
                new OperatorNews.AddressRefused(mail.PersonId, refusal.To, mail.Subject, refusal.Reply),
                now,
                CancellationToken.None
            );
        }
    }

    [LoggerMessage(701, LogLevel.Information, "Mail sent: {Subject} ({Reply})")]
    private static partial void Sent(ILogger logger, string subject, string reply);

    [LoggerMessage(702, LogLevel.Error, "Mail refused for good: {Subject} ({Reply})")]
    private static partial void Refused(ILogger logger, string subject, string reply);

    [LoggerMessage(703, LogLevel.Warning, "Mail not taken for now: {Subject} ({Reply}); next attempt {Next:u}")]
    private static partial void NotNow(ILogger logger, string subject, string reply, DateTimeOffset? next);

    [LoggerMessage(704, LogLevel.Error, "Sending by {Transport} failed in an unexpected way")]
    private static partial void SendingFailed(ILogger logger, string transport, Exception surprise);
}
