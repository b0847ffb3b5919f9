using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using TrackWatch.Worker.Notifying.Composing;

namespace TrackWatch.Worker.Notifying.Transports.Sendmail;

/// <summary>
/// Pipes mails to a program with sendmail's ways (Postfix, Exim, msmtp). It runs once for each recipient: an exit code says
/// one thing, and where one of several was refused it does not say whether the others have the mail.
/// </summary>
internal sealed class SendmailTransport(SendmailProgram program) : IMailTransport
{
    private const int LongestReply = 500;

    public string Name => $"{program}";

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        if (MimeAddress.ToWire(mail.From) is not { } sender)
            return new Delivery.RefusedForNow($"'{mail.From}' is no mail address: mend mail.from.");
        var text = WithLf(mail.Bytes.Span);
        var taken = "";
        var refused = new List<Refusal>();
        foreach (var to in mail.To)
        {
            var (reply, why) = await HandOverAsync(sender, to, text, ct);
            if (why is null)
                taken = reply;
            else
                refused.Add(new Refusal(to, reply, why.Value));
        }
        var told = string.Join("; ", refused.Select(r => $"{r.To}: {r.Reply}"));
        return refused.Count < mail.To.Count
                ? new Delivery.Accepted(refused.Count == 0 ? taken : $"{taken} But not for {told}")
                {
                    Refused = refused,
                }
            : refused.Exists(r => !r.ForGood) ? new Delivery.RefusedForNow(told) { Refused = refused }
            : new Delivery.RefusedForGood(refused.Count == 0 ? "The mail names nobody it goes to." : told);
    }

    /// <returns>Its last words, and whether they mean a refusal: null = none, true = for good.</returns>
    private async Task<(string Reply, bool? ForGood)> HandOverAsync(
        string sender,
        string recipient,
        byte[] text,
        CancellationToken ct
    )
    {
        if (MimeAddress.ToWire(recipient) is not { } to)
            return ("This is no mail address.", true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(program.Timeout);
        Process? process = null;
        try
        {
            process = Start(sender, to);
            var said = Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(limit.Token),
                process.StandardError.ReadToEndAsync(limit.Token)
            );
            await WriteAsync(process, text, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var words = await said;
            return Verdict(
                process.ExitCode,
                LastWords(words[1]) is { Length: > 0 } error ? error : LastWords(words[0])
            );
        }
        catch (OperationCanceledException)
        {
            process?.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            return ($"{program} was not done within {program.Timeout.TotalSeconds:0} s and was ended.", false);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return ($"{program} cannot be started: {e.Message}. Mend mail.sendmail.", false);
        }
        finally
        {
            process?.Dispose();
        }
    }

    private Process Start(string sender, string recipient)
    {
        // No shell stands between: each argument arrives as it is. -i: a line that is a dot ends nothing; --: whatever
        // follows is an address, however it begins.
        var start = new ProcessStartInfo(program.Path, ["-i", "-f", sender, "--", recipient])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // Our secrets are none of its business.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        return Process.Start(start)!;
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("TRACKWATCH__", StringComparison.OrdinalIgnoreCase);

    private static async Task WriteAsync(Process process, byte[] text, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(text, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It would not hear the mail out; its exit code says why.
        }
    }

    /// <summary>By sysexits.h. What concerns the set-up can be mended, and the mail must not be lost over it.</summary>
    private (string, bool?) Verdict(int code, string words)
    {
        var reply = words == "" ? $"exit code {code}" : $"{words} (exit code {code})";
        return code switch
        {
            0 => (words == "" ? $"{program} took it." : words, null),
            65 or 67 or 68 => (reply, true),
            64 => ($"{reply} It does not understand -i -f SENDER -- RECIPIENT; mend mail.sendmail.", false),
            77 or 78 => ($"{reply} Mend the settings of {program}.", false),
            _ => (reply, false),
        };
    }

    /// <summary>The end of what it said, on one line: msmtp tells the server's words before its own last ones.</summary>
    private static string LastWords(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c)))
            .TakeLast(3);
        var words = string.Join(' ', lines);
        return words.Length <= LongestReply ? words : "…" + words[^LongestReply..];
    }

    /// <summary>Programs on this machine end lines as it does; they write CRLF themselves where they speak SMTP.</summary>
    private static byte[] WithLf(ReadOnlySpan<byte> mail)
    {
        var text = new MemoryStream(mail.Length);
        for (var rest = mail; !rest.IsEmpty; )
        {
            var end = rest.IndexOf("\r\n"u8);
            text.Write(end < 0 ? rest : rest[..end]);
            if (end >= 0)
                text.WriteByte((byte)'\n');
            rest = end < 0 ? [] : rest[(end + 2)..];
        }
        return text.ToArray();
    }
}
