using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>As what a process uses the embedded cluster.</summary>
internal enum ClusterRole
{
    /// <summary><c>trackwatch run</c>: one at a time.</summary>
    Worker,

    /// <summary>Any other command: beside the worker and beside other commands, or alone.</summary>
    Command,
}

/// <summary>
/// TrackWatch's private PostgreSQL in its state folder, for everyone who names no database. It runs while anybody uses it:
/// who comes first starts it, who leaves last stops it, and a server left alive by a killed worker is simply used and then
/// stopped by the next. Three lock files in the state folder carry this: <c>owner.lock</c> is held by the one worker,
/// <c>users.lock</c> is shared by all who use the cluster, <c>gate.lock</c> is held for the moment of coming or leaving.
/// </summary>
internal sealed class EmbeddedCluster : IAsyncDisposable
{
    private const string Database = "trackwatch";
    private const string Pointer = "postgres.at";

    private static readonly string[] Settings =
    [
        "shared_buffers = 64MB",
        "max_wal_size = 512MB",
        "jit = off",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "lc_messages = 'C'",
        "log_min_messages = warning",
        "log_checkpoints = off",
        "cluster_name = 'trackwatch'",
        "unix_socket_permissions = 0700",
    ];

    private readonly string stateFolder;
    private readonly PostgresServer server;
    private readonly ILogger log;
    private readonly FileStream? owner;
    private FileStream? user;

    private EmbeddedCluster(
        string stateFolder,
        PostgresServer server,
        RunningServer running,
        ILogger log,
        FileStream? owner,
        FileStream user
    )
    {
        this.stateFolder = stateFolder;
        this.server = server;
        this.log = log;
        this.owner = owner;
        this.user = user;
        ConnectionString = PostgresServer.ConnectionString(running, Database);
    }

    /// <summary>For Npgsql; valid until this is disposed.</summary>
    public string ConnectionString { get; }

    /// <summary>Joins the cluster of a state folder; creates and starts it where needed.</summary>
    /// <exception cref="EmbeddedClusterException">It cannot be had, or another worker runs on it already.</exception>
    public static async Task<EmbeddedCluster> OpenAsync(
        string stateFolder,
        ClusterRole role,
        ILogger log,
        CancellationToken ct
    )
    {
        stateFolder = Path.GetFullPath(stateFolder);
        CreateStateFolder(stateFolder);
        var owner = role == ClusterRole.Worker ? await OwnAsync(stateFolder) : null;
        FileStream? user = null;
        try
        {
            await using var gate = await LockFile.HoldAsync(Path.Combine(stateFolder, "gate.lock"), ct);
            var alone = IsUnused(stateFolder);
            user = LockFile.TryShare(UsersLock(stateFolder));
            var server = await PrepareAsync(stateFolder, log);
            try
            {
                var running = await EnsureRunningAsync(server, alone, log, ct);
                return new EmbeddedCluster(stateFolder, server, running, log, owner, user!);
            }
            catch when (alone)
            {
                await server.StopAsync();
                throw;
            }
        }
        catch
        {
            user?.Dispose();
            owner?.Dispose();
            throw;
        }
    }

    /// <summary>Leaves the cluster; the last one stops it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref user, null) is not { } mine)
            return;
        await using (await LockFile.HoldAsync(Path.Combine(stateFolder, "gate.lock"), CancellationToken.None))
        {
            await mine.DisposeAsync();
            if (!IsUnused(stateFolder))
                EmbeddedClusterLog.LeftRunning(log);
            else if (await server.StopAsync())
                EmbeddedClusterLog.Stopped(log);
            else
                EmbeddedClusterLog.StillStopping(log);
        }
        if (owner is not null)
            await owner.DisposeAsync();
    }

    private static string UsersLock(string stateFolder) => Path.Combine(stateFolder, "users.lock");

    /// <summary>Whether nobody uses the cluster. Asked behind the gate, so the answer stays true while it is closed.</summary>
    private static bool IsUnused(string stateFolder)
    {
        using var held = LockFile.TryHold(UsersLock(stateFolder));
        return held is not null;
    }

    private static void CreateStateFolder(string stateFolder)
    {
        try
        {
            // Started as root, the account that runs the server must pass through here; it can list nothing.
            const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            const UnixFileMode passing = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            Directory.CreateDirectory(stateFolder, Environment.IsPrivilegedProcess ? mine | passing : mine);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedClusterException(
                $"The state folder {stateFolder} cannot be created: {e.Message} Name another one (`state:`, TRACKWATCH__STATE), or name a database in database.connection_string.",
                e
            );
        }
    }

    private static async Task<FileStream> OwnAsync(string stateFolder)
    {
        var path = Path.Combine(stateFolder, "owner.lock");
        if (LockFile.TryHold(path) is { } held)
        {
            using var us = Process.GetCurrentProcess();
            held.SetLength(0);
            await held.WriteAsync(Encoding.UTF8.GetBytes($"{us.Id} since {us.StartTime.ToUniversalTime():u}\n"));
            await held.FlushAsync();
            return held;
        }

        var who = await Tool.RunAsync(["cat", path]); // .NET would ask for a lock to read it
        throw new EmbeddedClusterException(
            $"""
            Another worker runs on the embedded PostgreSQL of {stateFolder} already (process {who.Output}). One can use it at a time.
            For several workers give them a database they share: use a connection string (database.connection_string, or TRACKWATCH__DATABASE__CONNECTIONSTRING).
            """
        );
    }

    private static async Task<PostgresServer> PrepareAsync(string stateFolder, ILogger log)
    {
        var (home, account) = await SettleAsync(stateFolder, log);
        var dataFolder = PostgresServer.DataFolderIn(home);
        var release = PostgresServer.ReleaseOf(home);
        var binaries = PostgresBinaries.Choose(await PostgresBinaries.FindAsync(), release, dataFolder);
        var server = new PostgresServer(home, binaries, account);
        if (release is null)
        {
            EmbeddedClusterLog.Creating(log, binaries.Major, dataFolder);
            await account.CreateFolderAsync(home);
            await server.CreateAsync(Settings);
        }
        return server;
    }

    /// <summary>The cluster's home folder and the account that runs it.</summary>
    private static async Task<(string Home, ServerAccount Account)> SettleAsync(string stateFolder, ILogger log)
    {
        var pointer = Path.Combine(stateFolder, Pointer);
        var home = File.Exists(pointer)
            ? (await File.ReadAllTextAsync(pointer)).Trim()
            : Path.Combine(stateFolder, "postgres");
        RefuseForeign(home);

        var account = await ServerAccount.ChooseAsync(PostgresServer.DataFolderIn(home));
        if (File.Exists(pointer) || await account.CanEnterAsync(stateFolder))
            return (home, account);

        if (Directory.Exists(PostgresServer.DataFolderIn(home)))
            throw new EmbeddedClusterException(
                $"The account that owns {home} can no longer pass through the folders above it. Open them to it (chmod o+x), or move the state folder to where it can."
            );
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stateFolder)))[..12];
        home = $"/var/lib/trackwatch/{hash}";
        Directory.CreateDirectory(Path.GetDirectoryName(home)!);
        await File.WriteAllTextAsync(pointer, home + "\n");
        EmbeddedClusterLog.Elsewhere(log, stateFolder, home);
        return (home, account);
    }

    private static void RefuseForeign(string home)
    {
        try
        {
            if (Directory.Exists(home))
                _ = Directory.EnumerateFileSystemEntries(home).Any();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedClusterException(
                $"The embedded PostgreSQL in {home} belongs to another user. Start TrackWatch as that user or as root, or name another state folder (`state:`, TRACKWATCH__STATE).",
                e
            );
        }
    }

    private static async Task<RunningServer> EnsureRunningAsync(
        PostgresServer server,
        bool alone,
        ILogger log,
        CancellationToken ct
    )
    {
        var running = server.Running();
        if (running is null)
        {
            running = await server.StartAsync();
            EmbeddedClusterLog.Started(log, running.ProcessId);
        }
        else if (alone)
        {
            EmbeddedClusterLog.Adopted(log, running.ProcessId);
        }

        await server.WaitUntilItAnswersAsync(running, ct);
        await EnsureDatabaseAsync(running, ct);
        return running;
    }

    private static async Task EnsureDatabaseAsync(RunningServer running, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(
            PostgresServer.ConnectionString(running, "postgres", pooling: false)
        );
        await connection.OpenAsync(ct);
        await using var look = new NpgsqlCommand("select 1 from pg_database where datname = @name", connection)
        {
            Parameters = { new("name", Database) },
        };
        if (await look.ExecuteScalarAsync(ct) is not null)
            return;
        await using var create = new NpgsqlCommand($"create database {Database}", connection);
        await create.ExecuteNonQueryAsync(ct);
    }
}
