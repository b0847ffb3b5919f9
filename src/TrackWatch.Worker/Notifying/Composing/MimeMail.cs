using System.Buffers.Text;
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

    private const int LongestQuote = 60;
    private const string HtmlType = "text/html; charset=utf-8";
    private const string TransferEncoding = "Content-Transfer-Encoding";

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
            [TextPart("text/plain; charset=utf-8", mail.Text), TextPart(HtmlType, mail.Html)]
        );
        lines.Append(
            mail.Attachments.Count == 0
                ? bodies
                : Multipart("mixed", mail.MessageId, [bodies, .. mail.Attachments.Select(Attached)])
        );
        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    /// <summary>Bytes of the words in both parts as they travel, without headers and attachments.</summary>
    public static int SizeOf(WrittenMail mail) =>
        TextPart("text/plain", mail.Text).Length + TextPart(HtmlType, mail.Html).Length;

    /// <summary>The page of a mail that <see cref="Compose"/> wrote; null in any other.</summary>
    public static byte[]? HtmlOf(ReadOnlySpan<byte> mail)
    {
        var start = mail.IndexOf(Encoding.ASCII.GetBytes($"\r\nContent-Type: {HtmlType}\r\n{TransferEncoding}: "));
        if (start < 0)
            return null;
        var part = mail[(start + 2)..];
        var head = part.IndexOf("\r\n\r\n"u8);
        var end = part.IndexOf("\r\n--=_"u8);
        if (head < 0 || end < head + 4)
            return null;
        var body = Encoding.ASCII.GetString(part[(head + 4)..end]);
        return part[..head].EndsWith("base64"u8) ? Convert.FromBase64String(body) : QuotedPrintable.Decode(body);
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

    /// <summary>
    /// RFC 2047 words, each of whole characters and short enough to follow the header's name in one line of 76.
    /// </summary>
    private static IEnumerable<string> EncodedWords(string text, string header)
    {
        var room = 76 - header.Length - ": =?UTF-8?Q??=".Length;
        var quoted = text.EnumerateRunes().Sum(rune => QuotedWord(rune).Length);
        return QuotedPrintable.IsBetter(quoted, Base64.GetMaxEncodedToUtf8Length(Encoding.UTF8.GetByteCount(text)))
            ? Cut(text, room, rune => QuotedWord(rune).Length)
                .Select(word => $"=?UTF-8?Q?{string.Concat(word.EnumerateRunes().Select(QuotedWord))}?=")
            : Cut(text, room / 4 * 3, rune => rune.Utf8SequenceLength)
                .Select(word => $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word))}?=");
    }

    /// <summary>Pieces of whole characters, each of at most <paramref name="room"/>.</summary>
    private static IEnumerable<string> Cut(string text, int room, Func<Rune, int> size)
    {
        var piece = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + size(rune) > room)
            {
                yield return piece.ToString();
                piece.Clear();
                used = 0;
            }
            piece.Append(rune);
            used += size(rune);
        }
        if (used > 0)
            yield return piece.ToString();
    }

    /// <summary>RFC 2047, 5 (3): what may stand for itself even in a name beside an address.</summary>
    private static string QuotedWord(Rune rune) =>
        rune.Value == ' ' ? "_"
        : rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || "!*+-/".Contains((char)rune.Value))
            ? rune.ToString()
        : QuotedPrintable.Escaped(rune);

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
        var joined = string.Join(' ', words);
        var quoted = $"\"{joined.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
        // Not every program reads a quoted text on through the end of a line.
        return quoted.Length <= LongestQuote ? [quoted] : [.. EncodedWords(joined, header)];
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
        return Part(
            file.ContentType,
            file.Bytes.Span,
            $"Content-Disposition: attachment{Parameter("filename", name)}\r\n"
        );
    }

    /// <summary>RFC 2231: a value of any letters and any length, in lines of their own.</summary>
    private static string Parameter(string name, string value)
    {
        const int Room = 55;
        if (Ascii.IsValid(value) && value.Length <= Room)
            return $";\r\n {name}=\"{value}\"";
        var pieces = Cut(value, Room, rune => Uri.EscapeDataString(rune.ToString()).Length)
            .Select(Uri.EscapeDataString)
            .ToList();
        return pieces.Count == 1
            ? $";\r\n {name}*=UTF-8''{pieces[0]}"
            : string.Concat(pieces.Select((piece, i) => $";\r\n {name}*{i}*={(i == 0 ? "UTF-8''" : "")}{piece}"));
    }

    private static string TextPart(string type, string text) =>
        Part(type, Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));

    private static string Part(string type, ReadOnlySpan<byte> bytes, string headers = "")
    {
        if (!type.All(c => char.IsBetween(c, ' ', '~')))
            throw new ArgumentException($"'{type}' is no content type.");
        var (encoding, body) = ("base64", Convert.ToBase64String(bytes, Base64FormattingOptions.InsertLineBreaks));
        if (
            type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            && QuotedPrintable.TryEncode(bytes, out var text)
            && QuotedPrintable.IsBetter(text.Length, body.Length)
        )
            (encoding, body) = ("quoted-printable", text);
        return $"Content-Type: {type}\r\n{headers}{TransferEncoding}: {encoding}\r\n\r\n{body}\r\n";
    }

    private static string Multipart(string kind, string messageId, IEnumerable<string> parts)
    {
        // "=_" occurs in no base64 and in no quoted-printable (RFC 2045, 6.7), so that a boundary needs no search for itself.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(messageId)).AsSpan(0, 12);
        var boundary = $"=_{kind}_{Convert.ToHexStringLower(hash)}";
        var body = new StringBuilder($"Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\n");
        foreach (var part in parts)
            body.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\n{part}");
        return body.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n").ToString();
    }
}
