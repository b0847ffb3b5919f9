using System.Text;
using System.Text.RegularExpressions;
using TrackWatch.Domain.Registering.Replying;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>A delivery report (RFC 3464) in a message.</summary>
/// <param name="Returned">Message-IDs of the mail that came back.</param>
internal sealed record DeliveryReport(IReadOnlyList<DeliveryFate> Fates, IReadOnlyList<string> Returned);

/// <summary>
/// A message that came in, read as far as TrackWatch needs: its head, the text a person wrote, and a delivery report. Small
/// and bounded on purpose; whatever bytes come, reading ends soon and never fails.
/// </summary>
internal sealed partial class MimeMessage
{
    /// <summary>Nobody's answer is larger; what comes beyond is not read.</summary>
    public const int LargestBytes = 1 << 20;

    private const int Deepest = 8;
    private const int MostParts = 100;
    private const int LongestText = 40_000;

    private int parts;
    private string? plain;
    private string? html;
    private List<DeliveryFate>? fates;
    private IReadOnlyList<string> returned = [];

    private MimeMessage(MimeHeaders headers) => Headers = headers;

    public MimeHeaders Headers { get; }

    /// <summary>What the sender wrote: the plain text, else the HTML reduced to text.</summary>
    public string Body => string.IsNullOrWhiteSpace(plain) && html is not null ? ReplyText.OfHtml(html) : plain ?? "";

    /// <summary>Null = it is none.</summary>
    public DeliveryReport? Report => fates is null ? null : new DeliveryReport(fates, returned);

    public static MimeMessage Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LargestBytes)
            bytes = bytes[..LargestBytes];
        var headers = MimeHeaders.Read(bytes, out var body);
        var message = new MimeMessage(headers);
        message.ReadPart(headers, bytes[body..], 0, inReport: false);
        return message;
    }

    private void ReadPart(MimeHeaders headers, ReadOnlySpan<byte> body, int depth, bool inReport)
    {
        if (depth > Deepest || ++parts > MostParts)
            return;
        var (type, parameters) = ContentType(headers["Content-Type"]);
        var encoding = headers["Content-Transfer-Encoding"];
        if (type.StartsWith("multipart/", StringComparison.Ordinal))
        {
            var isReport =
                depth == 0
                && type == "multipart/report"
                && parameters("report-type").Equals("delivery-status", StringComparison.OrdinalIgnoreCase);
            if (parameters("boundary") is { Length: > 0 } boundary)
                ReadParts(body, boundary, depth, isReport || inReport);
        }
        else if (inReport && type is "message/delivery-status" or "message/global-delivery-status")
            fates ??= [.. Fates(MimeText.Transferred(body, encoding))];
        else if (
            inReport
            && (type is "message/rfc822" or "text/rfc822-headers" or "message/global" or "message/global-headers")
        )
            returned = MimeHeaders.Read(MimeText.Transferred(body, encoding), out _).Ids("Message-ID");
        else if (!headers["Content-Disposition"].StartsWith("attachment", StringComparison.OrdinalIgnoreCase))
        {
            if (type == "text/plain")
                plain ??= Text(body, encoding, parameters("charset"));
            else if (type == "text/html")
                html ??= Text(body, encoding, parameters("charset"));
        }
    }

    private void ReadParts(ReadOnlySpan<byte> body, string boundary, int depth, bool inReport)
    {
        var mark = Encoding.Latin1.GetBytes($"--{boundary}");
        var from = -1;
        for (var at = 0; at < body.Length && parts <= MostParts; )
        {
            var line = MimeHeaders.LineAt(body, at, out var next);
            if (
                line.StartsWith(mark)
                && line[mark.Length..].TrimEnd(" \t"u8) is var end
                && (end.Length == 0 || end.SequenceEqual("--"u8))
            )
            {
                if (from >= 0)
                    Read(body[from..at]);
                from = next;
                if (end.Length > 0)
                    return;
            }
            at = next;
        }
        // Cut off before its end.
        if (from >= 0 && from < body.Length)
            Read(body[from..]);

        void Read(ReadOnlySpan<byte> part)
        {
            var headers = MimeHeaders.Read(part, out var rest);
            ReadPart(headers, part[rest..], depth + 1, inReport);
        }
    }

    private static string Text(ReadOnlySpan<byte> body, string encoding, string charset)
    {
        var text = MimeText.Decode(MimeText.Transferred(body, encoding), charset);
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    /// <summary>Groups of fields: the first is about the mail, each further one about a recipient.</summary>
    private static List<DeliveryFate> Fates(ReadOnlySpan<byte> body)
    {
        var fates = new List<DeliveryFate>();
        for (var at = 0; at < body.Length && fates.Count < MostParts; )
        {
            var fields = MimeHeaders.Read(body[at..], out var rest);
            at += rest;
            if (AddressIn(fields["Final-Recipient"]) is { } recipient)
                fates.Add(
                    new DeliveryFate(
                        recipient,
                        AddressIn(fields["Original-Recipient"]),
                        fields["Action"].Trim(),
                        fields["Status"].Trim(),
                        fields.Decoded("Diagnostic-Code")
                    )
                );
        }
        return fates;
    }

    /// <summary><c>rfc822; me@example.org</c>.</summary>
    private static string? AddressIn(string field)
    {
        var address = field[(field.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim().Trim('<', '>');
        return address.Contains('@', StringComparison.Ordinal) ? MimeHeaders.Plain(address) : null;
    }

    private static (string Type, Func<string, string> Parameters) ContentType(string value)
    {
        var type = value.Split(';', 2)[0].Trim().ToLowerInvariant();
        return (
            type.Contains('/', StringComparison.Ordinal) ? type : "text/plain",
            name =>
                Parameter()
                    .Matches(value)
                    .FirstOrDefault(m => m.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
                    is { } found
                    ? found.Groups["quoted"].Success
                        ? found.Groups["quoted"].Value.Replace("\\", "", StringComparison.Ordinal)
                        : found.Groups["plain"].Value
                    : ""
        );
    }

    [GeneratedRegex(
        """; *(?<name>[A-Za-z-]{1,40}) *= *(?:"(?<quoted>(?:[^"\\]|\\.){0,200})"|(?<plain>[^\s;"]{1,200}))"""
    )]
    private static partial Regex Parameter();
}
