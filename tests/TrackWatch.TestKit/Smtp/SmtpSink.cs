using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace TrackWatch.TestKit.Smtp;

public enum SinkSecurity
{
    None,
    Starttls,
    Tls,
}

/// <summary>What kind of server a test wants.</summary>
public sealed record SmtpSinkOptions
{
    public SinkSecurity Security { get; init; } = SinkSecurity.None;

    /// <summary>Null = everybody may send; otherwise only who logs in.</summary>
    public string? User { get; init; }
    public string? Password { get; init; }
    public string? AccessToken { get; init; }
    public IReadOnlyList<string> Mechanisms { get; init; } = ["PLAIN", "LOGIN", "XOAUTH2"];

    /// <summary>The largest mail taken, in bytes.</summary>
    public int Size { get; init; } = 10_000_000;
    public bool SmtpUtf8 { get; init; } = true;
}

/// <param name="Parameters">Of MAIL FROM: <c>SIZE=…</c>, <c>SMTPUTF8</c>.</param>
/// <param name="User">Who had logged in.</param>
/// <param name="Connection">Counts the connections since the process started; equal numbers are one connection.</param>
public sealed record ReceivedMail(
    string From,
    IReadOnlyList<string> To,
    IReadOnlyList<string> Parameters,
    bool Encrypted,
    string? User,
    int Connection,
    string File
)
{
    /// <summary>The message as it came, dots unstuffed.</summary>
    public byte[] Bytes => System.IO.File.ReadAllBytes(File);
}

/// <summary>
/// An SMTP server (aiosmtpd, Debian's python3-aiosmtpd) in a process of its own on a loopback port. What it took lies in
/// files, so that it is still there after the server was switched off.
/// </summary>
public sealed class SmtpSink : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(20);

    private readonly SmtpSinkOptions _options;
    private readonly string _folder = Directory.CreateTempSubdirectory("tw-smtp-").FullName;
    private readonly Dictionary<string, string> _rules = [];
    private Process? _process;

    private SmtpSink(SmtpSinkOptions options) => _options = options;

    /// <summary>The name that the certificate bears.</summary>
    public static string Host => "localhost";
    public int Port { get; private set; }
    public SmtpSinkOptions Options => _options;

    /// <summary>The authority's certificate as a file, for a worker's <c>SSL_CERT_FILE</c>.</summary>
    public string RootFile => Path.Combine(_folder, "root.pem");

    /// <summary>What was taken so far, in order.</summary>
    public IReadOnlyList<ReceivedMail> Mails =>
        [
            .. Directory
                .EnumerateFiles(_folder, "*.json")
                .Where(file => Path.GetFileName(file) != "rules.json")
                .OrderBy(File.GetLastWriteTimeUtc)
                .ThenBy(file => file, StringComparer.Ordinal)
                .Select(file => JsonSerializer.Deserialize<ReceivedMail>(File.ReadAllBytes(file), Json)!),
        ];

    /// <summary>Every command, after the number of its connection: <c>1 EHLO [127.0.0.1]</c>. Never what AUTH carried.</summary>
    public IReadOnlyList<string> Conversation =>
        File.Exists(ConversationFile) ? File.ReadAllLines(ConversationFile) : [];

    private string ConversationFile => Path.Combine(_folder, "conversation.log");

    public static async Task<SmtpSink> StartAsync(SmtpSinkOptions? options = null)
    {
        var sink = new SmtpSink(options ?? new());
        await File.WriteAllTextAsync(Path.Combine(sink._folder, "server.pem"), TestAuthority.Instance.ServerPem);
        await File.WriteAllTextAsync(sink.RootFile, TestAuthority.Instance.RootPem);
        await File.WriteAllTextAsync(Path.Combine(sink._folder, "smtp_sink.py"), await ScriptAsync("smtp_sink.py"));
        await sink.SwitchOnAsync();
        return sink;
    }

    /// <summary>
    /// Makes the server misbehave from the next command on. <paramref name="when"/>: <c>CONNECT</c>, a verb, <c>RCPT address</c>,
    /// or <c>END</c> (the answer to the mail itself). <paramref name="answer"/>: a reply, <c>hang</c>, <c>drop</c>, <c>slow 0.2</c>;
    /// at <c>END</c> also <c>lost</c>: the mail is taken, the answer never comes. Null takes the rule back.
    /// </summary>
    public void On(string when, string? answer)
    {
        if (answer is null)
            _rules.Remove(when);
        else
            _rules[when] = answer;
        var file = Path.Combine(_folder, "rules.json");
        File.WriteAllText(file + ".tmp", JsonSerializer.Serialize(_rules));
        File.Move(file + ".tmp", file, overwrite: true);
    }

    /// <summary>Takes all rules back and throws away what was taken and said, so that tests may share a server.</summary>
    public void Forget()
    {
        _rules.Clear();
        foreach (
            var file in Directory
                .EnumerateFiles(_folder)
                .Where(f => Path.GetExtension(f) is ".json" or ".eml" or ".log")
        )
            File.Delete(file);
    }

    /// <summary>Waits until so many mails lie there; a shorter list comes back when time is up.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> WaitForAsync(int count, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(30));
        while (Mails.Count < count && !limit.IsCancellationRequested)
            await Task.Delay(50, CancellationToken.None);
        return Mails;
    }

    /// <summary>The server is gone, in the middle of whatever it does, until <see cref="SwitchOnAsync"/>.</summary>
    public async Task SwitchOffAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Starts the server, on the port it had before.</summary>
    public async Task SwitchOnAsync()
    {
        var start = new ProcessStartInfo(Python)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(_folder, "smtp_sink.py"));
        start.ArgumentList.Add(_folder);
        start.ArgumentList.Add(
            JsonSerializer.Serialize(
                new
                {
                    security = _options.Security.ToString().ToLowerInvariant(),
                    port = Port,
                    user = _options.User,
                    password = _options.Password,
                    token = _options.AccessToken,
                    mechanisms = _options.Mechanisms,
                    size = _options.Size,
                    utf8 = _options.SmtpUtf8,
                    certificate = Path.Combine(_folder, "server.pem"),
                }
            )
        );
        var process = Process.Start(start)!;
        var errors = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.Add(line.Data ?? "");
        };
        process.BeginErrorReadLine();
        var said = await process.StandardOutput.ReadLineAsync().WaitAsync(StartsWithin);
        if (said?.Split(' ') is not ["listening", var port])
        {
            await process.WaitForExitAsync();
            throw new InvalidOperationException(
                $"The SMTP server of the tests did not start; it needs Debian's python3-aiosmtpd. {string.Join('\n', errors)}"
            );
        }
        Port = int.Parse(port, System.Globalization.CultureInfo.InvariantCulture);
        _process = process;
    }

    public async ValueTask DisposeAsync()
    {
        await SwitchOffAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A port nobody listens on at present.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // Debian's own interpreter is the one that sees Debian's packages, whatever else is called python3 here.
    internal static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    internal static async Task<string> ScriptAsync(string name)
    {
        await using var script = typeof(SmtpSink).Assembly.GetManifestResourceStream(name)!;
        return await new StreamReader(script).ReadToEndAsync();
    }
}
