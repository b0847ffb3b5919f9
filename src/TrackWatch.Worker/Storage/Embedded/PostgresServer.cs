using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>
/// One private PostgreSQL: a home folder with the data directory <c>data</c>, the socket folder <c>run</c> and
/// <c>server.log</c>. No TCP; who may enter the home folder may connect. Its callers see to it that only one at a time
/// creates, starts or stops it.
/// </summary>
internal sealed class PostgresServer(string home, PostgresBinaries binaries, ServerAccount account)
{
    private const string User = "trackwatch";
    private const int LongestSocketPath = 107; // sun_path of unix(7), less its closing zero
    private const string SocketName = ".s.PGSQL.5432";
    private const long LogSizeToKeep = 1 << 20;

    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2); // recovery after a power cut takes its time
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeftoversGoneWithin = TimeSpan.FromSeconds(10);

    public static string DataFolderIn(string home) => Path.Combine(home, "data");

    /// <summary>The release that wrote the data directory; null where there is none yet.</summary>
    public static int? ReleaseOf(string home)
    {
        var file = Path.Combine(DataFolderIn(home), "PG_VERSION");
        return File.Exists(file) ? int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture) : null;
    }

    private string DataFolder => DataFolderIn(home);

    // By line: 1 process id, 5 socket folder (PostgreSQL's miscinit.h).
    private string ProcessFile => Path.Combine(DataFolder, "postmaster.pid");
    private string LogFile => Path.Combine(home, "server.log");

    /// <summary>The process that serves this data directory; null where none does.</summary>
    public RunningServer? Running() =>
        ReadProcessFile() is [var pid, _, _, _, { Length: > 0 } sockets, ..]
        && int.Parse(pid, CultureInfo.InvariantCulture) is var id
        && (IsPostgres(id) || Listens(sockets)) // one in another container shows only by its socket
            ? new RunningServer(id, sockets)
            : null;

    /// <summary>Creates an empty cluster with these lines at the end of its postgresql.conf.</summary>
    public async Task CreateAsync(IEnumerable<string> settings)
    {
        // Made beside its place and moved there whole: a creation that is broken off leaves no half cluster.
        string[] cluster = ["-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"];
        string[] lines = ["", "# Set by TrackWatch when it created this cluster; yours to change.", .. settings];
        foreach (
            var step in (string[][])
                [
                    ["rm", "-rf", "data.new"],
                    [binaries.PathOf("initdb"), "-D", "data.new", .. cluster],
                    ["sh", "-c", "printf '%s\\n' \"$@\" >> data.new/postgresql.conf", "sh", .. lines],
                    ["mv", "data.new", "data"],
                ]
        )
        {
            if (await RunAsync(step) is { Worked: false } failed)
                throw new EmbeddedClusterException($"PostgreSQL could not create {DataFolder}:\n{failed.Said}");
        }
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task<RunningServer> StartAsync()
    {
        if (File.Exists(LogFile) && new FileInfo(LogFile).Length > LogSizeToKeep)
            await RunAsync("truncate", "--size=0", LogFile);
        await ForgetDeadServerAsync();

        // pg_ctl detaches the server into a session of its own, which Ctrl-C at our terminal does not reach. It hands this
        // one string to a shell. The relative paths below keep the home folder's name out of the shell's sight.
        var sockets = await SocketFolderAsync();
        var options = $"-c listen_addresses='' -k '{sockets.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var logged = File.Exists(LogFile) ? new FileInfo(LogFile).Length : 0;
            var started = await ControlAsync("start", StartWithin, "-l", "server.log", "-o", options);
            if (started.Worked && Running() is { } server)
                return server;
            var why = LoggedSince(logged);
            if (
                !why.Contains("shared memory block", StringComparison.Ordinal)
                || patience.Elapsed > LeftoversGoneWithin
            )
                throw new EmbeddedClusterException(
                    $"The embedded PostgreSQL in {home} does not start: {started.Said}\n{why}The whole log: {LogFile}"
                );
            await Task.Delay(TimeSpan.FromMilliseconds(200)); // a killed server's helpers need a moment to notice
        }
    }

    /// <summary>Stops it cleanly, whoever is connected. False where it needs longer than half a minute: it then goes on stopping.</summary>
    public async Task<bool> StopAsync()
    {
        if (Running() is not { } server)
            return true;
        if (IsPostgres(server.ProcessId))
            await ControlAsync("stop", StopWithin, "-m", "fast");
        if (Running() is not null)
            return false;
        await RemoveSocketsAsync(server.SocketFolder);
        return true;
    }

    /// <summary>Waits until a server that runs also answers: it may be starting, or recovering.</summary>
    public async Task WaitUntilItAnswersAsync(RunningServer server, CancellationToken ct)
    {
        var patience = Stopwatch.StartNew();
        await using var connection = new NpgsqlConnection(ConnectionString(server, "postgres", pooling: false));
        while (true)
        {
            try
            {
                await connection.OpenAsync(ct);
                return;
            }
            catch (NpgsqlException) when (Running() is not null && patience.Elapsed < StartWithin)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
            }
            catch (NpgsqlException e)
            {
                throw new EmbeddedClusterException(
                    $"The embedded PostgreSQL (process {server.ProcessId}) runs but does not answer on {server.SocketFolder}: {e.Message}\nIts log: {LogFile}",
                    e
                );
            }
        }
    }

    public static string ConnectionString(RunningServer server, string database, bool pooling = true) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = server.SocketFolder,
            Username = User,
            Database = database,
            Pooling = pooling,
        }.ConnectionString;

    /// <summary>The command that stops it at once and without care, for throw-away servers.</summary>
    public IEnumerable<string> DropCommand() =>
        account.Run(binaries.PathOf("pg_ctl"), "-D", DataFolder, "-m", "immediate", "-w", "stop");

    private Task<ToolResult> ControlAsync(string verb, TimeSpan within, params IEnumerable<string> more) =>
        RunAsync([binaries.PathOf("pg_ctl"), verb, "-D", "data", "-w", "-t", $"{within.TotalSeconds}", .. more]);

    // Whatever changes a file in the home folder runs under the account that owns it. Root writing there itself would follow
    // any link that account laid.
    private Task<ToolResult> RunAsync(params IEnumerable<string> command) => Tool.RunAsync(account.Run(command), home);

    private Task<ToolResult> RemoveSocketsAsync(string folder) =>
        RunAsync("sh", "-c", $"rm -f \"$1/{SocketName}\" \"$1/{SocketName}.lock\"; rmdir \"$1\"", "sh", folder);

    private async Task<string> SocketFolderAsync()
    {
        var folder = Path.Combine(home, "run");
        if (Encoding.UTF8.GetByteCount(Path.Combine(folder, SocketName)) > LongestSocketPath)
            folder = $"/tmp/trackwatch-{RandomNumberGenerator.GetHexString(16, lowercase: true)}"; // nobody can be there first
        var made = await RunAsync("mkdir", "-p", "-m", "0700", folder);
        return made.Worked
            ? folder
            : throw new EmbeddedClusterException($"The folder for PostgreSQL's socket cannot be created: {made.Said}");
    }

    /// <summary>
    /// Takes a dead server's process id out of postmaster.pid, and its socket away. After a power cut or in a new container
    /// the number may belong to somebody else, and PostgreSQL would take that for a server. The rest of the file stays: by
    /// it PostgreSQL makes sure that none of the dead server's helpers still writes.
    /// </summary>
    private async Task ForgetDeadServerAsync()
    {
        if (ReadProcessFile() is not [_, _, _, _, var sockets, ..])
            return;
        await RunAsync("sed", "-i", $"1s/.*/{int.MaxValue}/", ProcessFile);
        await RemoveSocketsAsync(sockets);
    }

    private string[] ReadProcessFile() => File.Exists(ProcessFile) ? File.ReadAllLines(ProcessFile) : [];

    private string LoggedSince(long position)
    {
        if (!File.Exists(LogFile))
            return "";
        using var log = File.OpenRead(LogFile);
        log.Seek(Math.Max(position, log.Length - 4096), SeekOrigin.Begin);
        return new StreamReader(log).ReadToEnd();
    }

    private static bool Listens(string socketFolder)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Path.Combine(socketFolder, SocketName)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static bool IsPostgres(int processId)
    {
        try
        {
            // "123 (postgres) S …". A server whose new parent does not fetch its exit status (a container's first process)
            // stays listed as a zombie, and is gone all the same.
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat.Contains("(postgres) ", StringComparison.Ordinal)
                && !stat.Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // there is no such process (any more)
        }
    }
}

/// <param name="SocketFolder">Where it listens; Npgsql takes it as the host.</param>
internal sealed record RunningServer(int ProcessId, string SocketFolder);
