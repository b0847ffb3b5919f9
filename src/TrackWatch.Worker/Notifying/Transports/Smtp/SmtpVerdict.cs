using System.Text;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Notifying.Transports.Smtp;

internal sealed record RefusedRecipient(string To, SmtpReply Reply);

/// <summary>What a server's answer means for the mail: given up, or tried again. Pure.</summary>
internal static class SmtpVerdict
{
    /// <summary>Why this server can never take this mail; null where it may.</summary>
    /// <param name="size">The largest mail it takes, where it says so.</param>
    public static string? WhyImpossible(OutgoingMail mail, MailServer server, bool takesUtf8, long? size)
    {
        if (mail.To.Count == 0)
            return "The mail names nobody it goes to.";
        if (mail.To.Prepend(mail.From).FirstOrDefault(a => MimeAddress.ToWire(a) is null) is { } odd)
            return $"'{string.Concat(odd.Where(c => !char.IsControl(c)))}' is no mail address.";
        if (!takesUtf8 && (HasUtf8(mail.From) || !Ascii.IsValid(HeadersOf(mail)) || mail.To.All(HasUtf8)))
            return $"{server} {NoSmtpUtf8}";
        if (size is > 0 and var most && mail.Bytes.Length > most)
            return $"The mail has {mail.Bytes.Length} bytes, {server} takes {most}.";
        return HasBareLineEnd(mail.Bytes.Span)
            ? "The mail has a line end that is not CRLF, which servers read in different ways."
            : null;
    }

    /// <summary>Whom this server need not be asked about: without SMTPUTF8 such an address cannot even be said.</summary>
    public static IEnumerable<RefusedRecipient> Unspeakable(OutgoingMail mail, bool takesUtf8) =>
        takesUtf8
            ? []
            : mail
                .To.Where(HasUtf8)
                .Select(to => new RefusedRecipient(to, new(553, [$"5.6.7 The server {NoSmtpUtf8}"])));

    // Also where those who need it have the mail by now: their addresses stand in its headers.
    public static bool NeedsSmtpUtf8(OutgoingMail mail) =>
        mail.To.Prepend(mail.From).Any(HasUtf8) || !Ascii.IsValid(HeadersOf(mail));

    public static Delivery Accepted(SmtpReply reply, IReadOnlyList<RefusedRecipient> refused) =>
        new Delivery.Accepted(refused.Count == 0 ? $"{reply}" : $"{reply} But not for {Tell(refused)}")
        {
            Refused = [.. refused.Select(r => new Refusal(r.To, $"{r.Reply}", !IsForNow(r.Reply)))],
        };

    // The sender is the same for every mail: giving up on this one would give up on all of them.
    public static Delivery OnSender(OutgoingMail mail, SmtpReply reply) =>
        reply.Code == 552 || reply.Status is "5.3.4" or "5.2.3" ? new Delivery.RefusedForGood($"{reply}")
        : reply.IsForNow ? new Delivery.RefusedForNow($"{reply}")
        : reply.Code == 530 ? new Delivery.RefusedForNow($"{reply} {LogIn}")
        : new Delivery.RefusedForNow($"{reply} The server takes no mail from {mail.From}: mend mail.from.");

    /// <summary>Nobody takes the mail, or somebody does not take it yet.</summary>
    public static Delivery OnRecipients(MailServer server, IReadOnlyList<RefusedRecipient> refused) =>
        refused.Any(r => IsForNow(r.Reply))
            ? new Delivery.RefusedForNow(Tell(refused))
            {
                Refused = [.. refused.Select(r => new Refusal(r.To, $"{r.Reply}", !IsForNow(r.Reply)))],
            }
        : server.Login is null && refused.Any(r => r.Reply.Status.StartsWith("5.7.", StringComparison.Ordinal))
            ? new Delivery.RefusedForNow($"{Tell(refused)} {LogIn}")
        : new Delivery.RefusedForGood(Tell(refused));

    public static Delivery OnContent(SmtpReply reply) =>
        IsForNow(reply) ? new Delivery.RefusedForNow($"{reply}") : new Delivery.RefusedForGood($"{reply}");

    // "530 Authentication required" is about the set-up, at whichever command it comes.
    public static bool IsForNow(SmtpReply reply) => reply.IsForNow || reply.Code == 530;

    private const string LogIn = "Perhaps the server wants a log-in: set mail.user and mail.password.";

    private static string Tell(IReadOnlyList<RefusedRecipient> refused) =>
        string.Join("; ", refused.Select(r => $"{r.To}: {r.Reply}"));

    private const string NoSmtpUtf8 =
        "has no SMTPUTF8, without which no address can have letters like those before the @: "
        + "use another address, or a server that has it.";

    private static bool HasUtf8(string address) => MimeAddress.NeedsSmtpUtf8(MimeAddress.ToWire(address)!);

    private static ReadOnlySpan<byte> HeadersOf(OutgoingMail mail)
    {
        var bytes = mail.Bytes.Span;
        return bytes.IndexOf("\r\n\r\n"u8) is >= 0 and var end ? bytes[..end] : bytes;
    }

    private static bool HasBareLineEnd(ReadOnlySpan<byte> mail)
    {
        for (var rest = mail; rest.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var at; rest = rest[(at + 2)..])
            if (!rest[at..].StartsWith("\r\n"u8))
                return true;
        return false;
    }
}
