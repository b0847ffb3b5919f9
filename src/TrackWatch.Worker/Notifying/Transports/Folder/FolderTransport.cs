using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using TrackWatch.Worker.Notifying.Composing;

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
            if (MimeMail.HtmlOf(mail.Bytes.Span) is { } html)
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
        var date = DateTimeOffset.TryParse(DateOf(mail.Bytes.Span), CultureInfo.InvariantCulture, out var written)
            ? written.ToString("yyyy-MM-ddTHHmmss", CultureInfo.InvariantCulture)
            : "undated";
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(mail.MessageId)).AsSpan(0, 4));
        return string.Join('-', ((string[])[date, Slug(mail.Subject), id]).Where(s => s != ""));
    }

    /// <summary>The Date header, in the zone of the person.</summary>
    private static string DateOf(ReadOnlySpan<byte> mail)
    {
        var name = "Date: "u8;
        if (!mail.StartsWith(name))
            return "";
        var rest = mail[name.Length..];
        return Encoding.ASCII.GetString(rest[..Math.Max(0, rest.IndexOf("\r\n"u8))]);
    }

    private static string Slug(string subject)
    {
        var words = NotInAName().Replace(subject, "-").ToLowerInvariant().Trim('-');
        return words.Length <= 48 ? words : words[..48].TrimEnd('-');
    }

    [GeneratedRegex(@"[^\p{L}\p{N}]+")]
    private static partial Regex NotInAName();
}
