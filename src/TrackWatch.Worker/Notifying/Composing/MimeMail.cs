using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>What a mail says, before it is bytes.</summary>
internal sealed record MimeContent
{
    /// <summary>Without angle brackets, ASCII, the same for every attempt to send this mail.</summary>
    public required string MessageId { get; init; }

    /// <summary>In the zone of the person who reads it.</summary>
    public required DateTimeOffset Date { get; init; }
    public required MailboxAddress From { get; init; }
    public required IReadOnlyList<MailboxAddress> To { get; init; }
    public required string Subject { get; init; }

    /// <summary>The Message-IDs of the thread so far, oldest first; the last one is what this mail answers.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Further headers in their order: <c>List-Unsubscribe</c>, <c>Auto-Submitted</c>, ….</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public required string Text { get; init; }
    public required string Html { get; init; }
    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];
}

/// <param name="ContentType">With its parameters: <c>text/calendar; charset=utf-8; method=PUBLISH</c>.</param>
internal sealed record MailAttachment(string Name, string ContentType, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Writes a mail as RFC 5322 bytes. Equal content gives equal bytes, so that what the outbox stored, what a second attempt
/// sends and what a test expects are the same; System.Net.Mail draws its boundaries by chance and gives out no bytes.
/// </summary>
internal static class MimeMail
{
    private const int LineWidth = 78;

    // A word of a header cannot be folded, and no line may exceed 998.
    private const int LongestWord = 900;

    // The composer writes these itself, or must never write them.
    private static readonly string[] Written = (
        "Date From To Subject Message-ID In-Reply-To References MIME-Version "
        + "Content-Type Content-Transfer-Encoding Content-Disposition Cc Bcc"
    ).Split(' ');

    /// <exception cref="ArgumentException">An address, a Message-ID or a header's name is none; the message names it.</exception>
    public static byte[] Compose(MimeContent mail)
    {
        var lines = new StringBuilder();
        Header(lines, "Date", [DateOf(mail.Date)]);
        Header(lines, "From", Addresses([mail.From], "From"));
        Header(lines, "To", Addresses(mail.To, "To"));
        Header(lines, "Subject", Words(mail.Subject, "Subject"));
        Header(lines, "Message-ID", [Id(mail.MessageId)]);
        if (mail.References is [.., var answered])
        {
            Header(lines, "In-Reply-To", [Id(answered)]);
            Header(lines, "References", mail.References.Select(Id));
        }
        Header(lines, "MIME-Version", ["1.0"]);
        foreach (var (name, value) in mail.Headers)
            Header(lines, NameOf(name), Words(value, name));

        var bodies = Multipart(
            "alternative",
            mail.MessageId,
            [
                Part("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(mail.Text.ReplaceLineEndings("\r\n"))),
                Part("text/html; charset=utf-8", Encoding.UTF8.GetBytes(mail.Html.ReplaceLineEndings("\r\n"))),
            ]
        );
        lines.Append(
            mail.Attachments.Count == 0
                ? bodies
                : Multipart("mixed", mail.MessageId, [bodies, .. mail.Attachments.Select(Attached)])
        );
        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    private static void Header(StringBuilder lines, string name, IEnumerable<string> words)
    {
        lines.Append(name).Append(':');
        var first = true;
        var width = name.Length + 1;
        foreach (var word in words)
        {
            if (!first && width + 1 + word.Length > LineWidth)
            {
                lines.Append("\r\n");
                width = 0;
            }
            lines.Append(' ').Append(word);
            width += 1 + word.Length;
            first = false;
        }
        lines.Append("\r\n");
    }

    /// <summary>Free text as words between which a line may fold; control characters become spaces.</summary>
    private static string[] Words(string text, string header)
    {
        var words = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.All(word => IsPlain(word) && word.Length <= LongestWord)
            ? words
            : [.. EncodedWords(string.Join(' ', words), header)];
    }

    private static bool IsPlain(string text) => Ascii.IsValid(text) && !text.Contains("=?", StringComparison.Ordinal);

    /// <summary>RFC 2047 words, each of whole characters and short enough to follow the header's name in one line of 76.</summary>
    private static IEnumerable<string> EncodedWords(string text, string header)
    {
        var bytes = new byte[(76 - header.Length - ": =?UTF-8?B??=".Length) / 4 * 3];
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > bytes.Length)
            {
                yield return $"=?UTF-8?B?{Convert.ToBase64String(bytes, 0, used)}?=";
                used = 0;
            }
            used += rune.EncodeToUtf8(bytes.AsSpan(used));
        }
        if (used > 0)
            yield return $"=?UTF-8?B?{Convert.ToBase64String(bytes, 0, used)}?=";
    }

    private static IEnumerable<string> Addresses(IReadOnlyList<MailboxAddress> boxes, string header)
    {
        if (boxes.Count == 0)
            throw new ArgumentException("A mail needs somebody to go to.");
        return boxes.SelectMany(
            (box, i) =>
            {
                var address =
                    MimeAddress.ToWire(box.Address)
                    ?? throw new ArgumentException($"'{box.Address}' is no mail address of the form name@example.org.");
                var name = NameWords(box.Name ?? "", header);
                var comma = i < boxes.Count - 1 ? "," : "";
                return name.Length == 0 ? [address + comma] : name.Append($"<{address}>{comma}");
            }
        );
    }

    private static string[] NameWords(string name, string header)
    {
        var words = Words(name, header);
        if (words.All(word => word.All(MimeAddress.IsAtom)))
            return words;
        var quoted = string.Join(' ', words).Replace("\\", "\\\\").Replace("\"", "\\\"");
        return $"\"{quoted}\"".Split(' ');
    }

    private static string Id(string id) =>
        id.Contains('@')
        && id.All(c => char.IsBetween(c, '!', '~') && c is not ('<' or '>'))
        && id.Length <= LongestWord
            ? $"<{id}>"
            : throw new ArgumentException($"'{id}' is no Message-ID of the form id@example.org.");

    private static string NameOf(string header) =>
        header.Length is > 0 and <= 40
        && header.All(c => char.IsBetween(c, '!', '~') && c != ':')
        && !Written.Contains(header, StringComparer.OrdinalIgnoreCase)
            ? header
            : throw new ArgumentException($"'{header}' is no header that may be added.");

    // "zzz" writes a colon that RFC 5322 does not know.
    private static string DateOf(DateTimeOffset date) =>
        date.ToString("ddd, dd MMM yyyy HH:mm:ss ", CultureInfo.InvariantCulture)
        + date.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");

    private static string Attached(MailAttachment file)
    {
        var name = string.Concat(file.Name.Select(c => char.IsControl(c) || c is '/' or '\\' or '"' ? '_' : c));
        var parameter = Ascii.IsValid(name) ? $"filename=\"{name}\"" : $"filename*=UTF-8''{Uri.EscapeDataString(name)}";
        return Part(file.ContentType, file.Bytes.Span, $"Content-Disposition: attachment;\r\n {parameter}\r\n");
    }

    private static string Part(string type, ReadOnlySpan<byte> bytes, string headers = "")
    {
        if (!type.All(c => char.IsBetween(c, ' ', '~')))
            throw new ArgumentException($"'{type}' is no content type.");
        var body = Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks);
        return $"Content-Type: {type}\r\n{headers}Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n";
    }

    private static string Multipart(string kind, string messageId, IEnumerable<string> parts)
    {
        // No line of base64 begins with "--", so that a boundary needs no search for its own text.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 12);
        var boundary = $"=_{kind}_{Convert.ToHexStringLower(hash)}";
        var body = new StringBuilder($"Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\n");
        foreach (var part in parts)
            body.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\n{part}");
        return body.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n").ToString();
    }
}
