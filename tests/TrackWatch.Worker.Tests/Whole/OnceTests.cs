using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Whole;

/// <summary><c>trackwatch run --once</c>, for cron and for checks.</summary>
[Collection(nameof(WholeRuns))]
public sealed class OnceTests
{
    [Fact]
    public async Task One_round_goes_from_the_file_to_the_mail_and_ends_well()
    {
        var load = new Load(Moving: 2, Stalled: 1);
        await using var stub = await load.StartStubAsync();
        await using var sink = await SmtpSink.StartAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = new WorkerHome(database).Asking(stub.Url).MailingTo(sink).WriteOrders(load.Orders());

        var first = await home.RunAsync("run", "--once");
        var second = await home.RunAsync("run", "--once");

        (first.ExitCode, second.ExitCode).ShouldBe((0, 0), first.Log + second.Log);
        first.Log.ShouldContain("3 shipments polled (0 unchanged, 9 new events)");
        second.Log.ShouldContain("0 shipments polled");
        await load.ShouldBeWholeIn(tables, sink);
    }

    [Fact]
    public async Task A_blocked_source_is_no_failure_of_the_round()
    {
        var load = new Load(Moving: 2, Stalled: 0);
        await using var stub = await load.StartStubAsync();
        await stub.SetModeAsync("block-page");
        using var home = new WorkerHome(await ProductDatabases.Shared.CreateAsync())
            .Asking(stub.Url)
            .WriteOrders(load.Orders());

        var round = await home.RunAsync("run", "--once");

        round.ExitCode.ShouldBe(0, round.Log);
        round.Log.ShouldContain("warning: cainiao gave no answer (Blocked");
    }

    [Fact]
    public async Task Bad_orders_end_it_with_1_and_leave_the_last_good_ones()
    {
        var load = new Load(Moving: 1, Stalled: 0);
        await using var stub = await load.StartStubAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = new WorkerHome(database).Asking(stub.Url).WriteOrders(load.Orders());
        (await home.RunAsync("run", "--once")).ExitCode.ShouldBe(0);

        home.WriteOrders(load.Orders().Replace("tracking", "traking", StringComparison.Ordinal));
        var bad = await home.RunAsync("run", "--once");

        bad.ExitCode.ShouldBe(1);
        bad.Log.ShouldContain("traking");
        (await tables.CountAsync("select count(*) from orders where archived_at is null")).ShouldBe(1);
    }

    [Fact]
    public async Task A_broken_rule_pack_stops_nothing_and_the_operator_is_told_once()
    {
        var load = new Load(Moving: 1, Stalled: 0);
        await using var stub = await load.StartStubAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = new WorkerHome(database).Asking(stub.Url).WriteOrders(load.Orders());
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(home.OrdersFile)!, "rules.d"));
        File.WriteAllText(
            Path.Combine(folder.FullName, "tr.yaml"),
            "pack: country/TR\nversion: 2099-01-01\nruls: []\n"
        );

        var first = await home.RunAsync("run", "--once");
        var second = await home.RunAsync("run", "--once");

        (first.ExitCode, second.ExitCode).ShouldBe((0, 0), first.Log + second.Log);
        first.Log.ShouldContain("tr.yaml:3:1: error: there is no key 'ruls' here. Did you mean 'rules'?");
        first.Log.ShouldContain("1 shipment polled");
        (await tables.CountAsync("select count(*) from notices where instance like 'rules-refused/%'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=me;Password=hunter2", 3, "The database cannot be used")]
    [InlineData("Host=127.0.0.1;Port=1;Username=me;Passwrd=hunter2", 1, "database.connection_string")]
    [InlineData("postgres://me:hunter2@127.0.0.1/x", 1, "database.connection_string")]
    public async Task A_database_out_of_reach_is_told_without_its_password(string database, int exitCode, string said)
    {
        using var home = new WorkerHome(database).WriteOrders(new Load(1, 0).Orders());

        foreach (
            var command in (string[][])
                [
                    ["run", "--once"],
                    ["run"],
                ]
        )
        {
            var ended = await home.RunAsync(command);

            ended.ExitCode.ShouldBe(exitCode, ended.Log);
            ended.Log.ShouldContain(said);
            ended.Log.ShouldNotContain("hunter2");
            ended.Log.ShouldNotContain("   at ");
        }
    }

    [Fact]
    public async Task Max_time_ends_the_polling_and_the_next_round_goes_on()
    {
        var load = new Load(Moving: 100, Stalled: 0);
        await using var stub = await load.StartStubAsync();
        await stub.SetModeAsync("slow", 400);
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = new WorkerHome(database).Asking(stub.Url).WriteOrders(load.Orders());

        (await home.RunAsync("run", "--once", "--max-time", "1s")).ExitCode.ShouldBe(0);
        (await tables.CountAsync("select count(*) from polls")).ShouldBeInRange(1, load.All - 1);
        await stub.SetModeAsync("normal");
        (await home.RunAsync("run", "--once")).ExitCode.ShouldBe(0);

        (await stub.StatsAsync()).Numbers.Values.ShouldAllBe(times => times.Count == 1);
        (await tables.CountAsync("select count(*) from polls")).ShouldBe(load.All);
    }

    [Fact]
    public async Task Beside_a_running_worker_nothing_is_asked_or_mailed_twice()
    {
        var load = new Load(Moving: 297, Stalled: 3);
        await using var stub = await load.StartStubAsync();
        await stub.SetModeAsync("slow", 30);
        await using var sink = await SmtpSink.StartAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = new WorkerHome(database).Asking(stub.Url).MailingTo(sink).WriteOrders(load.Orders());
        await using var worker = home.Start();
        await worker.UntilLoggedAsync("Watching.");

        var rounds = await Task.WhenAll(home.RunAsync("run", "--once"), home.RunAsync("run", "--once"));

        rounds.ShouldAllBe(r => r.ExitCode == 0);
        await worker.UntilAsync(
            "all is told",
            async () =>
                await tables.CountAsync("select count(*) from shipment_sources where last_outcome = 'Ok'") == load.All
                && await tables.CountAsync("select count(*) from mails where accepted_at is not null") == load.Stalled
        );
        (await stub.StatsAsync()).Numbers.Values.ShouldAllBe(times => times.Count == 1);
        await load.ShouldBeWholeIn(tables, sink);
    }
}
