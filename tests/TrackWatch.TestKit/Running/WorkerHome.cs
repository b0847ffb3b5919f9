using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.TestKit.Running;

/// <summary>
/// What a user has: a folder with the files and some environment variables. Bells ring fast, mails do not settle, and
/// health takes a free port; everything else is as it comes.
/// </summary>
public sealed class WorkerHome : IDisposable
{
    public WorkerHome(string? connectionString = null)
    {
        Environment["TRACKWATCH__STATE"] = Path.Combine(Folder, "state");
        Environment["TRACKWATCH__POLLING__RING"] = "200ms";
        Environment["TRACKWATCH__MAIL__SETTLE"] = "0";
        Environment["TRACKWATCH__HEALTH__LISTEN"] = "http://127.0.0.1:0";
        Environment["TRACKWATCH__TIMEZONE"] = "Europe/Istanbul";
        if (connectionString is not null)
            Environment["TRACKWATCH__DATABASE__CONNECTIONSTRING"] = connectionString;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("tw-worker-").FullName;

    /// <summary>What the program is started with; of the test run's own environment no <c>TRACKWATCH…</c> reaches it.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public string OrdersFile => Path.Combine(Folder, "orders.yaml");

    /// <summary>Points Cainiao to a stub that may be asked as fast as it answers.</summary>
    public WorkerHome Asking(Uri cainiao)
    {
        Environment["TRACKWATCH__PROVIDERS__CAINIAO__BASEURL"] = cainiao.AbsoluteUri;
        Environment["TRACKWATCH__PROVIDERS__CAINIAO__MINGAP"] = "0";
        Environment["TRACKWATCH__PROVIDERS__CAINIAO__FLOOR"] = "0";
        return this;
    }

    /// <summary>Sends mails from <c>watch@example.org</c> to a sink, with its log-in where it wants one.</summary>
    public WorkerHome MailingTo(SmtpSink sink)
    {
        Environment["SSL_CERT_FILE"] = sink.RootFile;
        Environment["TRACKWATCH__MAIL__FROM"] = "TrackWatch <watch@example.org>";
        Environment["TRACKWATCH__MAIL__HOST"] = SmtpSink.Host;
        Environment["TRACKWATCH__MAIL__PORT"] = sink.Port.ToString(CultureInfo.InvariantCulture);
        Environment["TRACKWATCH__MAIL__SECURITY"] = sink.Options.Security.ToString().ToLowerInvariant();
        if (sink.Options is { User: { } user, Password: { } password })
        {
            Environment["TRACKWATCH__MAIL__USER"] = user;
            Environment["TRACKWATCH__MAIL__PASSWORD"] = password;
        }
        return this;
    }

    /// <summary>Saves as editors do: a new file takes the old one's place.</summary>
    public WorkerHome WriteOrders(string yaml)
    {
        var fresh = OrdersFile + ".tmp";
        File.WriteAllText(fresh, yaml);
        File.Move(fresh, OrdersFile, overwrite: true);
        return this;
    }

    /// <summary>Starts <c>trackwatch run</c>, or another command, in the folder.</summary>
    public WorkerProcess Start(params string[] arguments) => new(Program(arguments));

    /// <summary>Runs a command to its end.</summary>
    public async Task<Ended> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        var exitCode = await process.ExitAsync(TimeSpan.FromMinutes(2));
        return new Ended(exitCode, process.Output, process.Log);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private ProcessStartInfo Program(string[] arguments)
    {
        var built = Path.Combine(AppContext.BaseDirectory, "trackwatch");
        // RuntimeDirectory is shared/Microsoft.NETCore.App/VERSION/ below the root.
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string[] words = arguments is [] ? ["run"] : arguments;
        var start = File.Exists(built)
            ? new ProcessStartInfo(built, words)
            : new ProcessStartInfo(Path.Combine(root, "dotnet"), [built + ".dll", .. words]);
        start.WorkingDirectory = Folder;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_ROOT"] = root;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    private static bool IsOurs(string variable) =>
        variable.StartsWith("TRACKWATCH", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A command that has ended.</summary>
public sealed record Ended(int ExitCode, string Output, string Log);
