using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Tests.Storage.Embedded;

/// <summary>
/// A process that uses an embedded cluster until SIGINT or SIGTERM, for tests that kill it. On standard output: the connection
/// string when it is open, after the signal one line for a query that must still work, and <c>closed</c>.
/// </summary>
internal static class ClusterHost
{
    public static async Task<int> Main(string[] args)
    {
        var signalled = new TaskCompletionSource();
        void Note(PosixSignalContext signal)
        {
            signal.Cancel = true;
            signalled.TrySetResult();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Note);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Note);

        try
        {
            await using var cluster = await EmbeddedCluster.OpenAsync(
                args[0],
                Enum.Parse<ClusterRole>(args[1]),
                NullLogger.Instance,
                CancellationToken.None
            );
            await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
            await source.CreateCommand("create table if not exists kept (line text)").ExecuteNonQueryAsync();
            Console.WriteLine(cluster.ConnectionString);
            await signalled.Task;
            // Time enough for a server that had heard the signal too to be gone.
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            await source.CreateCommand("insert into kept values ('last words')").ExecuteNonQueryAsync();
            Console.WriteLine("still answers");
        }
        catch (EmbeddedClusterException e)
        {
            Console.WriteLine(e.Message);
            return 3;
        }
        Console.WriteLine("closed");
        return 0;
    }

    /// <summary>Starts it at the head of a process group of its own, which is what Ctrl-C at a terminal signals.</summary>
    public static Process Start(string stateFolder, ClusterRole role, string? program = null, string[]? under = null) =>
        Process.Start(
            new ProcessStartInfo(
                "setsid",
                [.. under ?? [], "dotnet", program ?? typeof(ClusterHost).Assembly.Location, stateFolder, $"{role}"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;

    /// <summary>Sends a signal to the process, or with a minus before the id to its whole group.</summary>
    public static void Signal(string name, string processId) =>
        Process.Start("kill", ["-s", name, "--", processId]).WaitForExit();
}
