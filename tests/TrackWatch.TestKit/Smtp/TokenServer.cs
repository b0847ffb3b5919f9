using System.Diagnostics;
using System.Text.Json;

namespace TrackWatch.TestKit.Smtp;

/// <summary>Gives OAuth access tokens, in a process of its own on a loopback port.</summary>
public sealed class TokenServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tw-oauth-").FullName;
    private Process? _process;

    private TokenServer() { }

    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The fields of every question so far.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Asked =>
        File.Exists(Log)
            ? [.. File.ReadAllLines(Log).Select(l => JsonSerializer.Deserialize<Dictionary<string, string>>(l)!)]
            : [];

    private string Log => Path.Combine(_folder, "asked.log");

    public static async Task<TokenServer> StartAsync()
    {
        var server = new TokenServer();
        var script = Path.Combine(server._folder, "token_server.py");
        await File.WriteAllTextAsync(script, await SmtpSink.ScriptAsync("token_server.py"));
        server._process = Process.Start(
            new ProcessStartInfo(SmtpSink.Python, [script, server._folder])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        var said = await server._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        server.Url = said?.Split(' ') is ["listening", var port]
            ? new Uri($"http://127.0.0.1:{port}/token")
            : throw new InvalidOperationException("The token server of the tests did not start.");
        return server;
    }

    /// <param name="body">Any object, as JSON; a string as it is.</param>
    public void Answers(int status, object body) => Say(new { status, body });

    public void Redirects(Uri to) => Say(new { status = 307, to });

    public void Hangs() => Say(new { hang = true });

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private void Say(object answer) =>
        File.WriteAllText(Path.Combine(_folder, "answer.json"), JsonSerializer.Serialize(answer));
}
