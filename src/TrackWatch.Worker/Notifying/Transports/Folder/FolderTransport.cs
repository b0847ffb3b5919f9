using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace TrackWatch.Worker.Notifying.Transports.Folder;

/// <summary>
/// Lays each mail into a folder as <c>2026-10-09T083000-write-to-the-seller-1f0c2a.eml</c>, with its HTML beside it for a
/// browser. The name comes from the mail alone, so that the same mail twice is one file.
/// </summary>
/// <param name="folder">Absolute; made when the first mail comes.</param>
internal sealed partial class FolderTransport(string folder) : IMailTransport
{
    public string Name => $"folder {folder}";

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, NameOf(mail));
            // The .eml comes last: whoever sees it finds the page too.
            if (HtmlOf(mail.Bytes.Span) is { } html)
                await WriteAsync(path + ".html", html, ct);
            await WriteAsync(path + ".eml", mail.Bytes, ct);
            return new Delivery.Accepted($"{path}.eml");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Delivery.RefusedForNow(
                $"The mail folder cannot be written: {e.Message} Free or open it, or name another in mail.folder."
            );
        }
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var unfinished = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            await File.WriteAllBytesAsync(unfinished, bytes, ct);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string NameOf(OutgoingMail mail)
    {
        var date = DateTimeOffset.TryParse(
            Header(mail.Bytes.Span, "Date"),
            CultureInfo.InvariantCulture,
            out var written
        )
            ? written.ToString("yyyy-MM-ddTHHmmss", CultureInfo.InvariantCulture)
            : "undated";
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mail.MessageId)).AsSpan(0, 4));
        return string.Join('-', ((string[])[date, Slug(Header(mail.Bytes.Span, "Subject")), id]).Where(s => s != ""));
    }

    private static string Slug(string subject)
    {
        var words = NotInAName().Replace(subject, "-").ToLowerInvariant().Trim('-');
        return words.Length <= 48 ? words : words[..48].TrimEnd('-');
    }

    /// <summary>A header's text as <see cref="Composing.MimeMail"/> wrote it, or nothing.</summary>
    private static string Header(ReadOnlySpan<byte> mail, string name)
    {
        var end = mail.IndexOf("\r\n\r\n"u8);
        var headers = Encoding.UTF8.GetString(end < 0 ? mail : mail[..end]).Replace("\r\n ", " ");
        var line = headers.Split("\r\n").FirstOrDefault(h => h.StartsWith(name + ": ", StringComparison.Ordinal)) ?? "";
        return EncodedWord()
            .Replace(
                line.Length > 0 ? line[(name.Length + 2)..] : "",
                word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups[1].Value))
            );
    }

    private static byte[]? HtmlOf(ReadOnlySpan<byte> mail)
    {
        var part = HtmlPart().Match(Encoding.UTF8.GetString(mail));
        return part.Success ? Convert.FromBase64String(part.Groups["body"].Value) : null;
    }

    [GeneratedRegex(
        @"\r\nContent-Type: text/html[^\r]*\r\nContent-Transfer-Encoding: base64\r\n\r\n(?<body>[A-Za-z0-9+/=\r\n]*)\r\n--"
    )]
    private static partial Regex HtmlPart();

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex NotInAName();

    [GeneratedRegex(@"=\?UTF-8\?B\?([A-Za-z0-9+/=]*)\?=(?:\s+(?==\?))?")]
    private static partial Regex EncodedWord();
}
