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

        // A test run that is gone needs us no longer.
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            signalled.TrySetResult();
        });

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
    public static Process Start(string stateFolder, ClusterRole role, string? program = null, string[]? under = null)
    {
        // Without env, tests that a script runs in its background would hand down that SIGINT is ignored.
        string[] command = ["env", "--default-signal=INT", .. under ?? [], "dotnet", program ?? OwnProgram];
        return Process.Start(
            new ProcessStartInfo("setsid", [.. command, stateFolder, $"{role}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
    }

    private static string OwnProgram => typeof(ClusterHost).Assembly.Location;

    /// <summary>Sends a signal to the process, or with a minus before the id to its whole group.</summary>
    public static void Signal(string name, string processId) =>
        Process.Start("kill", ["-s", name, "--", processId]).WaitForExit();
}
