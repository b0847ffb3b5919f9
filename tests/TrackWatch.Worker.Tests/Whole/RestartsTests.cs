using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Running;
using TrackWatch.TestKit.Smtp;

namespace TrackWatch.Worker.Tests.Whole;

/// <summary>The database goes away and comes back while the worker works.</summary>
[Collection(nameof(WholeRuns))]
public sealed class RestartsTests
{
    [Fact]
    public async Task A_worker_goes_on_by_itself_after_its_database_was_restarted()
    {
        var load = new Load(Moving: 997, Stalled: 3);
        await using var server = await TestServer.StartAsync();
        var database = await new TestDatabases(ProductDatabases.MigrateAsync, server).CreateAsync();
        await using var tables = new Tables(database);
        await using var stub = await load.StartStubAsync();
        await stub.SetModeAsync("slow", 20);
        await using var sink = await SmtpSink.StartAsync();
        using var home = new WorkerHome(database).Asking(stub.Url).MailingTo(sink).WriteOrders(load.Orders());
        home.Environment["TRACKWATCH__POLLING__LEASE"] = "3s";
        await using var worker = home.Start();

        for (var restarts = 1; restarts <= 2; restarts++)
        {
            var enough = restarts * load.All / 3;
            await worker.UntilAsync(
                "it is in the midst of it",
                async () => await tables.CountAsync("select count(*) from polls") >= enough
            );
            await server.RestartAsync();
        }
        await worker.UntilAsync(
            "all is told",
            async () =>
                await tables.CountAsync("select count(*) from shipment_sources where last_outcome = 'Ok'") == load.All
                && await tables.CountAsync("select count(*) from mails where accepted_at is not null") == load.Stalled,
            TimeSpan.FromMinutes(3)
        );

        await load.ShouldBeWholeIn(tables, sink);
        worker.Log.ShouldContain("warning: ");
        worker.Log.ShouldNotContain("   at ", customMessage: worker.Log);
        worker
            .Log.Split('\n')
            .Count(line => line.Contains("error: ", StringComparison.Ordinal))
            .ShouldBeLessThan(20, worker.Log);
        (await worker.TerminateAsync()).ShouldBe(0);
    }
}
