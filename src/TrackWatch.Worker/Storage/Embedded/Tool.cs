using System.Diagnostics;

namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>Runs the small programs that come with PostgreSQL and with the system, and hears them out.</summary>
internal static class Tool
{
    /// <summary>
    /// Runs a program in a session of its own, so that Ctrl-C at the terminal cannot break it off half-way, and with next to
    /// no environment: settings such as PGPORT must not leak in, nor our secrets out to another account's processes.
    /// </summary>
    /// <exception cref="EmbeddedClusterException">There is no such program.</exception>
    public static async Task<ToolResult> RunAsync(IEnumerable<string> command, string? folder = null)
    {
        var start = new ProcessStartInfo("setsid", command)
        {
            WorkingDirectory = folder ?? "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = SearchPath;
        start.Environment["LC_ALL"] = "C";

        using var process = Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, (await output).Trim(), (await errors).Trim());
    }

    /// <summary>The folders programs are looked for in: those of the environment, then the system's own.</summary>
    public static string SearchPath { get; } =
        Environment.GetEnvironmentVariable("PATH") + ":/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new EmbeddedClusterException(
                "The embedded PostgreSQL needs the program `setsid` (Debian package util-linux), which is not to be found."
                    + " Install it, or name a database in database.connection_string.",
                e
            );
        }
    }
}

/// <param name="ExitCode">127 = there is no such program.</param>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    public bool Worked => ExitCode == 0;

    /// <summary>What the program said, wherever it said it.</summary>
    public string Said => string.Join('\n', new[] { Output, Errors }.Where(said => said.Length > 0));
}
