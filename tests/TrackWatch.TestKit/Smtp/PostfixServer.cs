using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TrackWatch.TestKit.Smtp;

/// <summary>
/// Postfix with Dovecot's log-in and mailboxes, as Debian packages them (postfix, dovecot-core, dovecot-lmtpd, dovecot-imapd), from a private folder on loopback ports:
/// the kind of server a person really has. It runs only as root, as Postfix wants it.
/// </summary>
public sealed class PostfixServer : IAsyncDisposable
{
    private const string Master = "/usr/lib/postfix/sbin/master";
    private const string Dovecot = "/usr/sbin/dovecot";
    private const string Lmtp = "/usr/lib/dovecot/lmtp";
    private const string Imap = "/usr/lib/dovecot/imap";
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(30);

    // A folder whose name is short: the path of a socket may have 107 bytes.
    private readonly string _folder = Directory.CreateTempSubdirectory("tw-pf-").FullName;
    private Process? _process;

    private PostfixServer() { }

    /// <summary>Why it cannot run on this machine; null where it can.</summary>
    public static string? WhyMissing =>
        !File.Exists(Master) ? "Debian's package postfix is not installed."
        : !File.Exists(Dovecot) ? "Debian's package dovecot-core is not installed."
        : !File.Exists(Lmtp) ? "Debian's package dovecot-lmtpd is not installed."
        : !File.Exists(Imap) ? "Debian's package dovecot-imapd is not installed."
        : !Environment.IsPrivilegedProcess ? "Postfix starts only as root."
        : null;

    public static string Host => SmtpSink.Host;
    public static string User => "watch@example.org";
    public static string Password => "p=ä ß\"\\x";

    /// <summary>Takes mail for anybody at example.org but <c>nobody@example.org</c>, from who logs in.</summary>
    public int StarttlsPort { get; private set; }

    /// <summary>The same with TLS from the first byte.</summary>
    public int TlsPort { get; private set; }

    /// <summary>The <see cref="Mailboxes"/> by IMAP, with STARTTLS.</summary>
    public int ImapPort { get; private set; }

    /// <summary>Its <c>sendmail</c>, for mail of this machine.</summary>
    public string Sendmail => Path.Combine(_folder, "sendmail");

    /// <summary>What was delivered, with Postfix's own headers on top and LF line ends.</summary>
    public IReadOnlyList<byte[]> Mails =>
        Directory.Exists(Inbox)
            ? [.. Directory.EnumerateFiles(Inbox).OrderBy(File.GetLastWriteTimeUtc).Select(File.ReadAllBytes)]
            : [];

    private string Inbox => Path.Combine(_folder, "mail", "inbox", "new");

    /// <summary>Addresses with a mailbox of Dovecot's; others at example.net do not exist.</summary>
    public static IReadOnlyList<string> Mailboxes { get; } =
    ["ayse@example.net", "root@example.net", "answers@example.net"];

    /// <summary>Mails to this address go to the pipe.</summary>
    public static string PipedAddress => "trackwatch@example.net";

    /// <summary>What the piped program said so far.</summary>
    public string PipeLog => File.ReadAllText(Path.Combine(_folder, "inbound.log"));

    /// <summary>Postfix's and Dovecot's own words, for a test that fails.</summary>
    public string Log => Logs();

    /// <summary>What lies in one of the mailboxes.</summary>
    public IReadOnlyList<byte[]> MailsOf(string address)
    {
        var folder = Path.Combine(MaildirOf(address), "new");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(File.ReadAllBytes)] : [];
    }

    /// <summary>Where a mailbox lies; its folders are <c>.NAME</c> in there.</summary>
    public string MaildirOf(string address) => Path.Combine(_folder, "mail", address.Split('@')[0]);

    /// <param name="pipe">A shell line that reads a mail, and the unprivileged account it runs as.</param>
    public static async Task<PostfixServer> StartAsync((string Line, string User)? pipe = null)
    {
        var server = new PostfixServer { StarttlsPort = SmtpSink.FreePort() };
        do server.TlsPort = SmtpSink.FreePort();
        while (server.TlsPort == server.StarttlsPort);
        do server.ImapPort = SmtpSink.FreePort();
        while (server.ImapPort == server.StarttlsPort || server.ImapPort == server.TlsPort);
        await server.OpenAsync(pipe);
        return server;
    }

    /// <summary>Waits until the mail with this Message-ID was delivered; null when it was not in time.</summary>
    public async Task<byte[]?> WaitForAsync(string messageId)
    {
        var header = Encoding.ASCII.GetBytes($"\nMessage-ID: <{messageId}>\n");
        using var limit = new CancellationTokenSource(StartsWithin);
        while (true)
        {
            var mail = Mails.FirstOrDefault(mail => mail.AsSpan().IndexOf(header) >= 0);
            if (mail is not null || limit.IsCancellationRequested)
                return mail;
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenAsync((string Line, string User)? pipe)
    {
        var script = Path.Combine(_folder, "postfix_server.sh");
        await File.WriteAllTextAsync(script, await SmtpSink.ScriptAsync("postfix_server.sh"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "server.pem"), TestAuthority.Instance.ServerPem);
        await File.WriteAllLinesAsync(
            Path.Combine(_folder, "users"),
            [.. Mailboxes.Append(User).Select(user => $"{user}:{{PLAIN}}{Password}:")]
        );
        string[] piped = [];
        if (pipe is { } wanted)
        {
            var program = Path.Combine(_folder, "inbound.sh");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\n{wanted.Line} 2>> {_folder}/inbound.log\n");
            piped = [program, wanted.User];
        }
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true };
        foreach (
            var argument in (string[])
                [script, _folder, Number(StarttlsPort), Number(TlsPort), Number(ImapPort), .. piped]
        )
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;

        using var limit = new CancellationTokenSource(StartsWithin);
        while (!File.Exists(Path.Combine(_folder, "auth", "sasl")) || !await AnswersAsync())
        {
            if (limit.IsCancellationRequested || _process.HasExited)
                throw new InvalidOperationException($"Postfix did not start: {Logs()}");
            await Task.Delay(100, CancellationToken.None);
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", StarttlsPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Logs()
    {
        var text = new StringBuilder();
        foreach (var log in Directory.EnumerateFiles(_folder, "*.log"))
            text.AppendLine(File.ReadAllText(log));
        return text.ToString();
    }

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
