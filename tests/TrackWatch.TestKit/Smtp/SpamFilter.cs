using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TrackWatch.TestKit.Smtp;

/// <param name="Rules">Those that hit, each with its score: <c>HTML_MESSAGE=0.001</c>.</param>
public sealed record SpamVerdict(double Score, IReadOnlyList<string> Rules);

/// <summary>SpamAssassin with Debian's rules and nothing but the mail to go by: no network, nothing learned.</summary>
public static class SpamFilter
{
    private const string Rules = "/usr/share/spamassassin/72_active.cf";

    public static string? WhyMissing => File.Exists(Rules) ? null : "Debian's package spamassassin is not installed.";

    /// <summary>One verdict for each mail, which gets the header of the server it arrived at.</summary>
    public static async Task<IReadOnlyList<SpamVerdict>> JudgeAsync(IReadOnlyList<byte[]> mails)
    {
        var folder = Directory.CreateTempSubdirectory("tw-spam-").FullName;
        try
        {
            var files = new List<string>();
            foreach (var (i, mail) in mails.Index())
            {
                files.Add(Path.Combine(folder, $"{i}.eml"));
                await File.WriteAllBytesAsync(files[i], [.. Encoding.ASCII.GetBytes(Arrival), .. mail]);
            }
            var script = Path.Combine(folder, "spam_check.pl");
            await File.WriteAllTextAsync(script, await SmtpSink.ScriptAsync("spam_check.pl"));
            var start = new ProcessStartInfo("/usr/bin/perl", [script, folder, .. files])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["HOME"] = folder;
            start.Environment["TZ"] = "UTC";
            using var perl = Process.Start(start)!;
            var told = perl.StandardOutput.ReadToEndAsync();
            var errors = await perl.StandardError.ReadToEndAsync();
            await perl.WaitForExitAsync();
            var verdicts = (await told).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Verdict).ToList();
            return verdicts.Count == mails.Count
                ? verdicts
                : throw new InvalidOperationException(
                    $"SpamAssassin judged {verdicts.Count} of {mails.Count}: {errors}"
                );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private const string Arrival =
        "Return-Path: <watch@example.org>\r\n"
        + "Received: from mail.example.org (mail.example.org [93.184.216.34])\r\n"
        + "\tby mx.example.net (Postfix) with ESMTPS id 4XyZ1a2b3c\r\n"
        + "\tfor <ayse@example.net>; Mon, 16 Nov 2026 06:00:02 +0000 (UTC)\r\n";

    private static SpamVerdict Verdict(string line)
    {
        var words = line.Split('\t');
        return new(double.Parse(words[1], CultureInfo.InvariantCulture), words[2..]);
    }
}
