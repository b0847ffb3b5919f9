using System.Security.Cryptography;
using System.Text;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Registering.Replying;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Turns a written mail into the outbox's row: its final bytes, its sender, and a Message-ID that what it tells decides.</summary>
/// <param name="sender">Who people see as the sender.</param>
/// <param name="key">
/// Keys the digest in Message-IDs, so that an answer or a bounce that names one proves that the mail was there; null where
/// nobody will refer to it.
/// </param>
internal sealed class Postmark(MailboxAddress sender, byte[]? key = null)
{
    // RFC 2606: a name that can never be anybody's, where the sender's domain is no domain of the world.
    private const string Nowhere = "trackwatch.invalid";

    private readonly string _domain = DomainOf(sender.Address);

    /// <summary>Where answers are read; null = nowhere but at the sender.</summary>
    public string? Replies { get; init; }

    /// <summary>https, with <c>{person}</c> where the person's id belongs; null = there is no such page.</summary>
    public string? UnsubscribeUrl { get; init; }

    /// <summary>The same with the key that all workers share.</summary>
    public Postmark Keyed(byte[] shared) => new(sender, shared) { Replies = Replies, UnsubscribeUrl = UnsubscribeUrl };

    /// <summary>Names the mail in its tokens.</summary>
    public MailTag TagOf(string identity, Person person) => MailTag.Of(Digest(identity, person));

    /// <summary>The Message-ID of a mail, without angle brackets.</summary>
    public string IdOf(string kind, string identity, Person person) => IdOf(kind, Digest(identity, person));

    private string IdOf(string kind, byte[] digest) =>
        $"{kind.ToLowerInvariant()}.{Convert.ToHexStringLower(digest.AsSpan(0, 16))}@{_domain}";

    private byte[] Digest(string identity, Person person)
    {
        var said = Encoding.UTF8.GetBytes($"{person.Id}\n{identity}");
        return key is null ? SHA256.HashData(said) : HMACSHA256.HashData(key, said);
    }

    private static string DomainOf(string address) =>
        MimeAddress.ToWire(address) is { } wire
        && wire[(wire.LastIndexOf('@') + 1)..] is var domain
        && domain.Contains('.')
            ? domain
            : Nowhere;

    /// <param name="identity">What makes this mail this mail; the same identity gives the same Message-ID.</param>
    /// <param name="zone">The person's: the Date header is in it.</param>
    /// <param name="thread">Message-IDs of the mails before this one in its thread, oldest first.</param>
    /// <param name="stop">A <c>mailto:</c> link that ends mails like this one; null = there is none, and the sender is asked.</param>
    public MailRow Compose(
        string kind,
        string identity,
        Person person,
        TimeZoneInfo zone,
        WrittenMail mail,
        DateTimeOffset now,
        IReadOnlyList<string>? thread = null,
        Uri? stop = null
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
                    To = Shown(person),
                    Subject = mail.Subject,
                    References = thread ?? [],
                    Headers = [.. Headers(person, mail, stop)],
                    Text = mail.Text,
                    Html = mail.Html,
                    Attachments = mail.Attachments,
                }
            ),
            ComposedAt = now,
            NextAttemptAt = now,
        };
    }

    /// <summary>
    /// An address that needs SMTPUTF8 is not shown beside others that do not: in the headers it would keep the mail from
    /// them too wherever a server cannot take it.
    /// </summary>
    private static List<MailboxAddress> Shown(Person person)
    {
        var boxes = person.Emails.Select(email => new MailboxAddress(email, person.Name)).ToLookup(NeedsSmtpUtf8);
        return [.. boxes.Contains(false) ? boxes[false] : boxes[true]];
    }

    private static bool NeedsSmtpUtf8(MailboxAddress box) =>
        MimeAddress.ToWire(box.Address) is { } wire && MimeAddress.NeedsSmtpUtf8(wire);

    // No Precedence: RFC 3834 advises against it, and filters take "bulk" for advertising. Nothing here counts readers.
    private IEnumerable<KeyValuePair<string, string>> Headers(Person person, WrittenMail mail, Uri? stop)
    {
        if (Replies is { } replies && MimeAddress.ToWire(replies) is { } wire)
            yield return new("Reply-To", wire);
        if (mail.Language is { } language)
            yield return new("Content-Language", language);
        yield return new("Auto-Submitted", "auto-generated");
        yield return new("X-Auto-Response-Suppress", "All");
        var byMail = stop is { Scheme: "mailto" }
            ? stop.AbsoluteUri
            : $"mailto:{Uri.EscapeDataString(MimeAddress.ToWire(sender.Address)!).Replace("%40", "@")}?subject=unsubscribe";
        if (UnsubscribeUrl is { } page)
        {
            var url = page.Replace("{person}", Uri.EscapeDataString(person.Id), StringComparison.Ordinal);
            yield return new("List-Unsubscribe", $"<{new Uri(url).AbsoluteUri}>, <{byMail}>");
            yield return new("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        else
            yield return new("List-Unsubscribe", $"<{byMail}>");
    }
}
