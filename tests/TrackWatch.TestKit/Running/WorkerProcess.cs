using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TrackWatch.TestKit.Running;

/// <summary>The built program, running. It ends with this object, and with the test run at the latest.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private const int SigKill = 137;

    private readonly Process _process = new();
    private readonly Process _undertaker;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _log = new();

    internal WorkerProcess(ProcessStartInfo start)
    {
        _process.StartInfo = start;
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_log, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // Only this process holds the other end of its input: where that closes without a word, the test run was killed.
        _undertaker = Process.Start(
            new ProcessStartInfo("setsid", ["sh", "-c", "read -r word || kill -9 \"$0\"", Id])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            }
        )!;
    }

    private string Id => _process.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Standard output: what a command was asked for.</summary>
    public string Output => Text(_output);

    /// <summary>Standard error: what the program logs.</summary>
    public string Log => Text(_log);

    public bool IsRunning => !_process.HasExited;

    /// <summary>As <c>systemctl stop</c> and <c>docker stop</c> do.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-s", "TERM", Id]))
            await kill.WaitForExitAsync();
        return await ExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>SIGKILL: it does not hear it coming.</summary>
    public async Task KillAsync()
    {
        if (IsRunning)
            _process.Kill();
        await ExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not end within {within}:\n{Log}");
        }
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        try
        {
            await _undertaker.StandardInput.WriteLineAsync("ended");
            _undertaker.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }
        await _undertaker.WaitForExitAsync();
        _undertaker.Dispose();
        _process.Dispose();
    }

    /// <summary>Waits until it is so, looking often; fails with the log when the program has ended or the time is up.</summary>
    public Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan? within = null) =>
        Until.SoAsync(what, isSo, within, this);

    /// <summary>Waits for words in the log.</summary>
    public Task UntilLoggedAsync(string words, TimeSpan? within = null) =>
        UntilAsync(
            $"the log says '{words}'",
            () => Task.FromResult(Log.Contains(words, StringComparison.Ordinal)),
            within
        );

    internal string? WhyEnded =>
        IsRunning ? null
        : _process.ExitCode == SigKill ? "it was killed"
        : $"it ended with {_process.ExitCode}";

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}

/// <summary>Waiting for what other processes do.</summary>
public static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <param name="workers">Who is at work on it: where one of them ends, waiting is in vain. Their logs go with the failure.</param>
    public static async Task SoAsync(
        string what,
        Func<Task<bool>> isSo,
        TimeSpan? within = null,
        params WorkerProcess[] workers
    )
    {
        using var limit = new CancellationTokenSource(within ?? Patience);
        while (!await isSo())
        {
            var dead = workers.Select(w => w.WhyEnded).FirstOrDefault(why => why is not null);
            if (dead is not null || limit.IsCancellationRequested)
                throw new TimeoutException(
                    $"Waited in vain until {what}{(dead is null ? "" : $": {dead}")}.\n"
                        + string.Join("\n----\n", workers.Select(w => Tail(w.Log)))
                );
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Its end, and before that what is out of the ordinary.</summary>
    private static string Tail(string log) =>
        log.Length <= 4000
            ? log
            : string.Join(
                '\n',
                log[..^4000]
                    .Split('\n')
                    .Where(line =>
                        line.Contains("warning:", StringComparison.Ordinal)
                        || line.Contains("error:", StringComparison.Ordinal)
                    )
                    .TakeLast(30)
            ) + $"\n…{log[^4000..]}";
}
