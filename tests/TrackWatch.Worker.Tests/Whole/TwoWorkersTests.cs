using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Whole;

/// <summary>More workers are just more processes on the same database.</summary>
[Collection(nameof(WholeRuns))]
public sealed class TwoWorkersTests
{
    // Each worker asks a stub of its own, so that it is known who asked.
    private static readonly Load Load = new(Moving: 1995, Stalled: 5);
    private static readonly Load Fewer = new(Moving: 397, Stalled: 3);

    [Fact]
    public async Task Two_workers_ask_about_each_parcel_once()
    {
        await using var one = await Load.StartStubAsync();
        await using var other = await Load.StartStubAsync();
        await using var sink = await SmtpSink.StartAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = Home(database, one, sink);
        using var otherHome = Home(database, other, sink);
        await using var worker = home.Start();
        await using var otherWorker = otherHome.Start("run", "--orders", home.OrdersFile);
        await ShowLoadAsync(Load, home, worker, otherWorker);

        await Until.SoAsync("all is told", () => IsToldAsync(Load, tables, sink), null, worker, otherWorker);

        // Which of the two hears which bell is Quartz's affair; both may have been asked by one.
        await ShouldBeAskedOnceAsync(one, other);
        await Load.ShouldBeWholeIn(tables, sink);
        (await worker.TerminateAsync(), await otherWorker.TerminateAsync()).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_worker_takes_from_another_what_that_one_has_not_in_hand()
    {
        await using var one = await Load.StartStubAsync();
        await using var other = await Load.StartStubAsync();
        await using var sink = await SmtpSink.StartAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = Home(database, one, sink);
        using var otherHome = Home(database, other, sink);
        // One lane holds a small part of the load, and its source answers only after the other has been asked.
        home.Environment["TRACKWATCH__PROVIDERS__CAINIAO__LANES"] = "1";
        otherHome.Environment["TRACKWATCH__PROVIDERS__CAINIAO__LANES"] = "1";
        await one.SetModeAsync("slow", 3_000);
        home.WriteOrders(Load.Orders());
        await using var worker = home.Start();
        await worker.UntilAsync("it has a load in hand", async () => (await one.StatsAsync()).Numbers.Count > 0);

        // A round of its own needs no bell.
        var round = await otherHome.RunAsync("run", "--once", "--orders", home.OrdersFile);
        round.ExitCode.ShouldBe(0, round.Log);
        (await other.StatsAsync()).Numbers.Count.ShouldBeGreaterThan(0);
        await one.SetModeAsync("normal");

        await worker.UntilAsync("all is told", () => IsToldAsync(Load, tables, sink));
        await ShouldBeAskedOnceAsync(one, other);
        await Load.ShouldBeWholeIn(tables, sink);
        (await worker.TerminateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_killed_worker_had_in_hand_passes_to_the_other()
    {
        await using var stuck = await Fewer.StartStubAsync();
        await using var other = await Fewer.StartStubAsync();
        await stuck.SetModeAsync("slow", 15_000);
        await using var sink = await SmtpSink.StartAsync();
        var database = await ProductDatabases.Shared.CreateAsync();
        await using var tables = new Tables(database);
        using var home = Home(database, stuck, sink);
        using var otherHome = Home(database, other, sink);
        // Whoever claims says for how long.
        home.Environment["TRACKWATCH__POLLING__LEASE"] = "3s";
        home.WriteOrders(Fewer.Orders());
        await using var victim = home.Start();
        await victim.UntilAsync("it has a batch in flight", async () => (await stuck.StatsAsync()).Numbers.Count > 0);

        // The other comes only now: it is the faster one, and would have left the victim nothing to hold.
        await using var survivor = otherHome.Start("run", "--orders", home.OrdersFile);
        await victim.KillAsync();

        await survivor.UntilAsync("all is told", () => IsToldAsync(Fewer, tables, sink));
        var stats = await other.StatsAsync();
        var taken = (await stuck.StatsAsync()).Numbers.Keys.ToList();
        taken.ShouldAllBe(n => stats.CountOf(n) == 1);
        await Fewer.ShouldBeWholeIn(tables, sink);
        (await tables.CountAsync("select count(*) from shipment_sources where lease_token is not null")).ShouldBe(0);
        (await survivor.TerminateAsync()).ShouldBe(0);
    }

    private static async Task ShouldBeAskedOnceAsync(ProviderStubProcess one, ProviderStubProcess other)
    {
        var (first, second) = (await one.StatsAsync(), await other.StatsAsync());
        Enumerable
            .Range(0, Load.All)
            .Select(Load.Number)
            .Where(n => first.CountOf(n) + second.CountOf(n) != 1)
            .ShouldBeEmpty();
    }

    private static WorkerHome Home(string database, ProviderStubProcess stub, SmtpSink sink)
    {
        var home = new WorkerHome(database).Asking(stub.Url).MailingTo(sink);
        home.Environment["TRACKWATCH__PROVIDERS__CAINIAO__LANES"] = "8";
        // Longer than any machine takes to ask about a load and write it back: a lease that runs out asks twice, and may.
        home.Environment["TRACKWATCH__POLLING__LEASE"] = "5m";
        return home.WriteOrders("orders:\n  - {email: quiet@example.org, number: " + Load.Number(0) + ", id: o0}\n");
    }

    /// <summary>Work comes when both are up: whoever starts first would have done it all.</summary>
    private static async Task ShowLoadAsync(Load load, WorkerHome home, params WorkerProcess[] workers)
    {
        foreach (var worker in workers)
            await worker.UntilLoggedAsync("Watching.");
        home.WriteOrders(load.Orders());
    }

    private static async Task<bool> IsToldAsync(Load load, Tables tables, SmtpSink sink) =>
        await tables.CountAsync("select count(*) from shipment_sources where last_outcome = 'Ok'") == load.All
        && sink.Mails.Count >= load.Stalled
        && await tables.CountAsync("select count(*) from mails where accepted_at is not null") == load.Stalled;
}
