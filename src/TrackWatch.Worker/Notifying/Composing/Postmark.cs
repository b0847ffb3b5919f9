using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Turns a written mail into the outbox's row: its final bytes, its sender, and a Message-ID that what it tells decides.</summary>
/// <param name="sender">Who people see as the sender.</param>
internal sealed class Postmark(MailboxAddress sender)
{
    /// <summary>The Message-ID of a mail, without angle brackets.</summary>
    public string IdOf(string kind, string identity, Person person) => IdOf(kind, Digest(identity, person));

    private string IdOf(string kind, byte[] digest) =>
        $"{kind.ToLowerInvariant()}.{Convert.ToHexStringLower(digest.AsSpan(0, 16))}@{sender.Address[(sender.Address.LastIndexOf('@') + 1)..]}";

    private static byte[] Digest(string identity, Person person) =>
        SHA256.HashData(Encoding.UTF8.GetBytes($"{person.Id}\n{identity}"));

    /// <param name="identity">What makes this mail this mail; the same identity gives the same Message-ID.</param>
    /// <param name="zone">The person's: the Date header is in it.</param>
    /// <param name="references">Message-IDs of its thread so far, oldest first; null = it begins one.</param>
    public MailRow Compose(
        string kind,
        string identity,
        Person person,
        TimeZoneInfo zone,
        WrittenMail mail,
        DateTimeOffset now,
        IReadOnlyList<string>? references = null
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
                    References = references ?? [],
                    Headers =
                    [
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
}
