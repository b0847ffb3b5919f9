using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Tests.Storage.Embedded;

/// <summary>With the machine's real PostgreSQL, and real processes that are really killed.</summary>
public sealed class EmbeddedClusterTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("tw").FullName;
    private readonly string state;

    public EmbeddedClusterTests()
    {
        OpenToAll(root);
        state = Path.Combine(root, "state");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task What_is_written_outlives_the_cluster_and_no_process_does()
    {
        int server;
        await using (var cluster = await OpenAsync(ClusterRole.Worker))
        {
            server = ServerOf(state)!.Value;
            await ScalarAsync(cluster, "create table kept (line text); insert into kept values ('Ankara Özel')");
        }
        IsAlive(server).ShouldBeFalse();

        await using var again = await OpenAsync(ClusterRole.Command);
        (await ScalarAsync(again, "select line from kept")).ShouldBe("Ankara Özel");
    }

    [Fact]
    public async Task It_is_durable_and_private()
    {
        await using var cluster = await OpenAsync(ClusterRole.Command);

        (await ScalarAsync(cluster, "show listen_addresses")).ShouldBe("");
        (await ScalarAsync(cluster, "show fsync")).ShouldBe("on");
        (await ScalarAsync(cluster, "show full_page_writes")).ShouldBe("on");
        (await ScalarAsync(cluster, "show synchronous_commit")).ShouldBe("on");
        (await ScalarAsync(cluster, "show data_checksums")).ShouldBe("on");
        (await ScalarAsync(cluster, "show server_encoding")).ShouldBe("UTF8");
        File.GetUnixFileMode(Path.Combine(state, "postgres"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_second_worker_is_refused_and_told_what_to_do()
    {
        await using var first = await OpenAsync(ClusterRole.Worker);

        var refused = await Should.ThrowAsync<EmbeddedClusterException>(() => OpenAsync(ClusterRole.Worker));

        refused.Message.ShouldContain("use a connection string");
        refused.Message.ShouldContain($"process {Environment.ProcessId} since 2");
        (await ScalarAsync(first, "select 1")).ShouldBe(1);
    }

    [Theory]
    [InlineData(ClusterRole.Worker, ClusterRole.Command)]
    [InlineData(ClusterRole.Command, ClusterRole.Worker)]
    [InlineData(ClusterRole.Command, ClusterRole.Command)]
    internal async Task Who_comes_second_joins_and_who_leaves_last_stops_it(ClusterRole first, ClusterRole second)
    {
        var one = await OpenAsync(first);
        var server = ServerOf(state)!.Value;
        var two = await OpenAsync(second);
        two.ConnectionString.ShouldBe(one.ConnectionString);

        await one.DisposeAsync();
        (await ScalarAsync(two, "select 1")).ShouldBe(1);
        ServerOf(state).ShouldBe(server);

        await two.DisposeAsync();
        IsAlive(server).ShouldBeFalse();
    }

    [Fact]
    public async Task Many_that_come_and_leave_at_once_do_not_trip_over_each_other()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async _ =>
                {
                    for (var round = 0; round < 3; round++)
                    {
                        await using var cluster = await OpenAsync(ClusterRole.Command);
                        (await ScalarAsync(cluster, "select 1")).ShouldBe(1);
                    }
                })
        );

        ServerOf(state).ShouldBeNull();
    }

    [Fact]
    public async Task A_server_left_by_a_killed_worker_is_used_and_then_stopped()
    {
        using var worker = ClusterHost.Start(state, ClusterRole.Worker);
        await OpenedAsync(worker);
        var orphan = ServerOf(state)!.Value;
        ClusterHost.Signal("KILL", $"{worker.Id}");
        await worker.WaitForExitAsync();
        IsAlive(orphan).ShouldBeTrue();

        await using (var adopter = await OpenAsync(ClusterRole.Worker))
        {
            ServerOf(state).ShouldBe(orphan);
            (await ScalarAsync(adopter, "select count(*) from kept")).ShouldBe(0L);
        }

        IsAlive(orphan).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_was_killed_itself_is_recovered()
    {
        using var worker = ClusterHost.Start(state, ClusterRole.Worker);
        await OpenedAsync(worker);
        var server = ServerOf(state)!.Value;
        ClusterHost.Signal("KILL", $"{worker.Id}");
        ClusterHost.Signal("KILL", $"{server}");
        await worker.WaitForExitAsync();

        await using var again = await OpenAsync(ClusterRole.Worker);
        (await ScalarAsync(again, "select count(*) from kept")).ShouldBe(0L);
    }

    [Fact]
    public async Task Ctrl_C_reaches_the_worker_and_leaves_the_database_to_it()
    {
        using var worker = ClusterHost.Start(state, ClusterRole.Worker);
        await OpenedAsync(worker);
        var server = ServerOf(state)!.Value;

        ClusterHost.Signal("INT", $"-{worker.Id}");

        (await LastWordsAsync(worker)).ShouldBe("still answers\nclosed\n");
        await worker.WaitForExitAsync();
        worker.ExitCode.ShouldBe(0);
        IsAlive(server).ShouldBeFalse();
    }

    [RootFact]
    public async Task An_ordinary_user_runs_it_under_their_own_name()
    {
        var program = CopyOfOurselves();
        Run("chown", "nobody", root);
        string[] asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"];

        using var worker = ClusterHost.Start(state, ClusterRole.Worker, program, asNobody);
        await OpenedAsync(worker);
        var server = ServerOf(state)!.Value;
        Run("stat", "-c", "%u", $"/proc/{server}").ShouldBe("65534\n");

        // Root's commands join it, whoever runs it.
        await using (var command = await OpenAsync(ClusterRole.Command))
            (await ScalarAsync(command, "select 1")).ShouldBe(1);

        ClusterHost.Signal("TERM", $"{worker.Id}");
        (await LastWordsAsync(worker)).ShouldEndWith("closed\n");
        IsAlive(server).ShouldBeFalse();
    }

    [RootFact]
    public async Task Below_a_folder_that_only_root_can_enter_the_data_lies_elsewhere()
    {
        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var pointer = Path.Combine(state, "postgres.at");
        try
        {
            await using (var cluster = await OpenAsync(ClusterRole.Worker))
                await ScalarAsync(cluster, "create table kept (line text)");
            (await File.ReadAllTextAsync(pointer)).ShouldStartWith("/var/lib/trackwatch/");

            await using var again = await OpenAsync(ClusterRole.Worker);
            (await ScalarAsync(again, "select count(*) from kept")).ShouldBe(0L);
        }
        finally
        {
            Directory.Delete((await File.ReadAllTextAsync(pointer)).Trim(), recursive: true);
        }
    }

    [Theory]
    [InlineData("it's a $HOME of \"quotes\"")]
    [InlineData(
        "a folder whose name is so long that no path of a socket could ever be put below it, not even a short one"
    )]
    public async Task Any_name_of_a_folder_will_do(string name)
    {
        var odd = Path.Combine(root, name);

        await using var cluster = await EmbeddedCluster.OpenAsync(
            odd,
            ClusterRole.Worker,
            NullLogger.Instance,
            default
        );

        (await ScalarAsync(cluster, "select 1")).ShouldBe(1);
        var sockets = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        await cluster.DisposeAsync();
        if (!sockets.StartsWith(odd, StringComparison.Ordinal))
            Directory.Exists(sockets).ShouldBeFalse();
    }

    [Fact]
    public async Task Data_of_another_release_is_left_alone_and_the_steps_are_named()
    {
        await (await OpenAsync(ClusterRole.Worker)).DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(state, "postgres/data/PG_VERSION"), "9\n");

        var refused = await Should.ThrowAsync<EmbeddedClusterException>(() => OpenAsync(ClusterRole.Worker));

        refused.Message.ShouldContain("written by PostgreSQL 9");
        refused.Message.ShouldContain("apt-get install postgresql-9");
        refused.Message.ShouldContain("pg_upgrade");
        refused.Message.ShouldContain("pg_restore");
        ServerOf(state).ShouldBeNull();
    }

    [Fact]
    public async Task A_server_that_does_not_start_says_why_and_leaves_the_way_free()
    {
        await (await OpenAsync(ClusterRole.Worker)).DisposeAsync();
        var config = Path.Combine(state, "postgres/data/postgresql.conf");
        var good = await File.ReadAllTextAsync(config);
        await File.AppendAllTextAsync(config, "shared_buffers = plenty\n");

        var failed = await Should.ThrowAsync<EmbeddedClusterException>(() => OpenAsync(ClusterRole.Worker));
        failed.Message.ShouldContain("invalid value for parameter \"shared_buffers\": \"plenty\"");

        await File.WriteAllTextAsync(config, good);
        await using var mended = await OpenAsync(ClusterRole.Worker);
        (await ScalarAsync(mended, "select 1")).ShouldBe(1);
    }

    private Task<EmbeddedCluster> OpenAsync(ClusterRole role) =>
        EmbeddedCluster.OpenAsync(state, role, NullLogger.Instance, CancellationToken.None);

    private static async Task OpenedAsync(Process host) =>
        (await host.StandardOutput.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith("Host=");

    private static Task<string> LastWordsAsync(Process host) =>
        host.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));

    private static async Task<object?> ScalarAsync(EmbeddedCluster cluster, string sql)
    {
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString);
        return await source.CreateCommand(sql).ExecuteScalarAsync();
    }

    private static int? ServerOf(string state)
    {
        var file = Path.Combine(state, "postgres/data/postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture) : null;
    }

    private static bool IsAlive(int process) =>
        File.Exists($"/proc/{process}/stat")
        && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal); // a zombie is dead

    private static void OpenToAll(string folder) =>
        File.SetUnixFileMode(
            folder,
            File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
        );

    /// <summary>This program where any user can read it.</summary>
    private string CopyOfOurselves()
    {
        var copy = Path.Combine(root, "program");
        Run("cp", "-r", AppContext.BaseDirectory, copy);
        Run("chmod", "-R", "a+rX", copy);
        return Path.Combine(copy, Path.GetFileName(typeof(ClusterHost).Assembly.Location));
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, program);
        return said;
    }
}
