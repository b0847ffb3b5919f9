using System.Globalization;
using System.Text;

namespace TrackWatch.Worker.Tests.Registering.Replying;

/// <summary>Messages as mail programs write them.</summary>
internal static class Messages
{
    private static int count;

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Samples", "replies");

    /// <param name="id">Of the mail that is answered, or that came back.</param>
    public static byte[] Sample(
        string name,
        string id,
        string to = "ayse@example.org",
        string action = "failed",
        string status = "5.1.1"
    ) =>
        Encoding.UTF8.GetBytes(
            File.ReadAllText(Path.Combine(Folder, $"{name}.eml"))
                .Replace("{id}", id, StringComparison.Ordinal)
                .Replace("{n}", Next(), StringComparison.Ordinal)
                .Replace("{to}", to, StringComparison.Ordinal)
                .Replace("{action}", action, StringComparison.Ordinal)
                .Replace("{status}", status, StringComparison.Ordinal)
        );

    public static byte[] Plain(
        string subject,
        string body = "",
        string from = "ayse@example.org",
        string? answers = null,
        string? more = null,
        string? id = null
    ) =>
        Encoding.UTF8.GetBytes(
            $"From: {from}\r\nTo: trackwatch@example.net\r\nSubject: {subject}\r\n"
                + $"Message-ID: <{id ?? Next() + "@client"}>\r\n"
                + (answers is null ? "" : $"In-Reply-To: <{answers}>\r\n")
                + (more is null ? "" : $"{more}\r\n")
                + $"\r\n{body}\r\n"
        );

    private static string Next() => Interlocked.Increment(ref count).ToString("D6", CultureInfo.InvariantCulture);
}
