using System.Diagnostics;
using System.Security.Cryptography;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.TestKit.Database;

/// <summary>A private cluster from the machine's own PostgreSQL, in a folder under /tmp.</summary>
internal sealed class PrivateServer : TestServer
{
    private static readonly string[] Fast =
    [
        "fsync = off",
        "synchronous_commit = off",
        "full_page_writes = off",
        "wal_level = minimal",
        "max_wal_senders = 0",
        "autovacuum = off",
        "max_connections = 300",
        "jit = off",
        "timezone = 'UTC'",
    ];

    private readonly PostgresServer server;
    private readonly Process undertaker;
    private RunningServer running;

    private PrivateServer(PostgresServer server, Process undertaker, RunningServer running)
    {
        this.server = server;
        this.undertaker = undertaker;
        this.running = running;
    }

    public static new async Task<PrivateServer> StartAsync()
    {
        var home = $"/tmp/tw-test-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        var account = await ServerAccount.ChooseAsync(home);
        var binaries = PostgresBinaries.Choose(await PostgresBinaries.FindAsync(), existing: null, home);
        var server = new PostgresServer(home, binaries, account);
        await account.CreateFolderAsync(home);
        var undertaker = WaitForOurEnd(home, server);
        await server.CreateAsync(Fast);
        return new PrivateServer(server, undertaker, await server.StartAsync());
    }

    public override string ConnectionString(string database) => PostgresServer.ConnectionString(running, database);

    public override async ValueTask DisposeAsync()
    {
        undertaker.StandardInput.Close();
        await undertaker.WaitForExitAsync();
        undertaker.Dispose();
    }

    protected override async Task RestartOwnAsync()
    {
        await server.StopAsync();
        running = await server.StartAsync();
    }

    // A pipe of which only this process holds the other end closes when the process ends, by kill -9 too.
    private static Process WaitForOurEnd(string home, PostgresServer server) =>
        Process.Start(
            new ProcessStartInfo(
                "setsid",
                ["sh", "-c", "exec >/dev/null 2>&1; read -r _; \"$@\"; rm -rf \"$0\"", home, .. server.DropCommand()]
            )
            {
                RedirectStandardInput = true,
                WorkingDirectory = "/",
            }
        )!;
}
