using Npgsql;
using TrackWatch.TestKit.Database;

namespace TrackWatch.Worker.Tests.Storage.Databases;

public sealed class TestDatabasesTests
{
    [Fact]
    public async Task Every_test_gets_a_database_of_its_own_and_the_migrations_run_once()
    {
        var migrated = 0;
        var databases = new TestDatabases(async connectionString =>
        {
            migrated++;
            await ExecuteAsync(connectionString, "create table parcels (id int)");
        });

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => databases.CreateAsync()));

        foreach (var one in all)
            await ExecuteAsync(one, "insert into parcels values (1)");
        (await ExecuteAsync(all[0], "select count(*) from parcels")).ShouldBe(1L);
        migrated.ShouldBe(1);
        foreach (var one in all)
            await databases.DropAsync(one);
    }

    [Fact]
    public async Task A_server_of_ones_own_can_be_restarted_and_the_shared_one_cannot()
    {
        await using var server = await TestServer.StartAsync();
        var database = await new TestDatabases(_ => Task.CompletedTask, server).CreateAsync();
        await ExecuteAsync(database, "create table parcels (id int)");

        await server.RestartAsync();

        (await ExecuteAsync(database + ";Pooling=false", "select count(*) from parcels")).ShouldBe(0L);
        var shared = await TestServer.SharedAsync();
        await Should.ThrowAsync<InvalidOperationException>(() => shared.RestartAsync());
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
