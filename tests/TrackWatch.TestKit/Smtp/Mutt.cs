using System.Diagnostics;
using System.Text;

namespace TrackWatch.TestKit.Smtp;

/// <summary>What mutt shows of a mail.</summary>
/// <param name="Headers">By name, decoded.</param>
/// <param name="Body">The text part, between markers where the mail has attachments.</param>
public sealed record MuttView(IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A mail program that people really use, Debian's mutt: one run shows many mails.</summary>
public static class Mutt
{
    private const string End = "=====this mail ends here=====";

    public static string? WhyMissing => File.Exists("/usr/bin/mutt") ? null : "Debian's package mutt is not installed.";

    /// <param name="mails">Without lines that begin with "From ", which a mailbox would take for the next mail.</param>
    public static async Task<IReadOnlyList<MuttView>> ShowAsync(IReadOnlyList<byte[]> mails)
    {
        var folder = Directory.CreateTempSubdirectory("tw-mutt-").FullName;
        try
        {
            var box = new StringBuilder();
            foreach (var mail in mails)
                box.Append("From watch@example.org Mon Nov 16 09:00:00 2026\n")
                    .Append(Encoding.UTF8.GetString(mail).Replace("\r\n", "\n"))
                    .Append('\n');
            await File.WriteAllTextAsync(Path.Combine(folder, "box"), box.ToString());
            await File.WriteAllTextAsync(
                Path.Combine(folder, "muttrc"),
                $"""
                set folder={folder} tmpdir={folder} charset=utf-8 wait_key=no sort=mailbox-order
                set pipe_decode pipe_split=no pipe_sep="\n{End}\n" wrap_headers=998 weed=no
                alternative_order text/plain

                """
            );
            // It wants a terminal even where nobody looks at it.
            var start = new ProcessStartInfo(
                "/usr/bin/script",
                [
                    "-qec",
                    "mutt -n -F muttrc -R -f box -e 'push <tag-pattern>.<enter><tag-prefix><pipe-message>cat>shown<enter><exit>'",
                    "/dev/null",
                ]
            )
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            start.Environment["TERM"] = "xterm";
            start.Environment["LC_ALL"] = "C.UTF-8";
            start.Environment["HOME"] = folder;
            using var mutt = Process.Start(start)!;
            mutt.StandardInput.Close();
            await mutt.StandardOutput.ReadToEndAsync();
            await mutt.WaitForExitAsync();
            var shown = await File.ReadAllTextAsync(Path.Combine(folder, "shown"));
            return [.. shown.Split($"\n{End}\n").Where(s => s.Contains('\n')).Select(Read)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static MuttView Read(string shown)
    {
        var parts = shown.Split("\n\n", 2);
        var headers = parts[0]
            .Replace("\n\t", " ")
            .Replace("\n ", " ")
            .Split('\n')
            .Where(line => line.Contains(": "))
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new(headers, parts[^1]);
    }
}
