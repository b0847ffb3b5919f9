using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Turns a written mail into the outbox's row: its final bytes, its sender, and a Message-ID that what it tells decides.</summary>
/// <param name="sender">Who people see as the sender.</param>
/// <param name="replies">Where answers go; null = to the sender.</param>
/// <param name="key">
/// Keys the digest in Message-IDs, so that an answer or a bounce that names one proves that the mail was there; null where
/// nobody will refer to it.
/// </param>
internal sealed class Postmark(MailboxAddress sender, MailboxAddress? replies = null, byte[]? key = null)
{
    /// <summary>The same with the key that all workers share.</summary>
    public Postmark Keyed(byte[] shared) => new(sender, replies, shared);

    /// <summary>Names the mail in its tokens.</summary>
    public MailTag TagOf(string identity, Person person) => MailTag.Of(Digest(identity, person));

    /// <summary>The Message-ID of a mail, without angle brackets.</summary>
    public string IdOf(string kind, string identity, Person person) => IdOf(kind, Digest(identity, person));

    private string IdOf(string kind, byte[] digest) =>
        $"{kind.ToLowerInvariant()}.{Convert.ToHexStringLower(digest.AsSpan(0, 16))}@{sender.Address[(sender.Address.LastIndexOf('@') + 1)..]}";

    private byte[] Digest(string identity, Person person)
    {
        var said = Encoding.UTF8.GetBytes($"{person.Id}\n{identity}");
        return key is null ? SHA256.HashData(said) : HMACSHA256.HashData(key, said);
    }

    /// <param name="identity">What makes this mail this mail; the same identity gives the same Message-ID.</param>
    /// <param name="zone">The person's: the Date header is in it.</param>
    public MailRow Compose(
        string kind,
        string identity,
        Person person,
        TimeZoneInfo zone,
        WrittenMail mail,
        DateTimeOffset now
    )
    {
        var digest = Digest(identity, person);
        var messageId = IdOf(kind, digest);
        return new MailRow
        {
            Id = new Guid(digest.AsSpan(0, 16)),
            PersonId = person.Id,
            Kind = kind,
            MessageId = messageId,
            Sender = sender.Address,
            Recipients = [.. person.Emails],
            Subject = mail.Subject,
            Body = MimeMail.Compose(
                new MimeContent
                {
                    MessageId = messageId,
                    Date = TimeZoneInfo.ConvertTime(now, zone),
                    From = sender,
                    To = [.. person.Emails.Select(email => new MailboxAddress(email, person.Name))],
                    Subject = mail.Subject,
                    Headers =
                    [
                        .. replies is null ? [] : ReplyTo(replies),
                        new("Auto-Submitted", "auto-generated"),
                        new("X-Auto-Response-Suppress", "All"),
                        new(
                            "List-Unsubscribe",
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"<mailto:{sender.Address}?subject=unsubscribe>"
                            )
                        ),
                    ],
                    Text = mail.Text,
                    Html = mail.Html,
                    Attachments = mail.Attachments,
                }
            ),
            ComposedAt = now,
            NextAttemptAt = now,
        };
    }

    private static KeyValuePair<string, string>[] ReplyTo(MailboxAddress replies) =>
        [new("Reply-To", MimeAddress.ToWire(replies.Address) ?? replies.Address)];
}
