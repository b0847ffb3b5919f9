using System.Globalization;
using Npgsql;

namespace TrackWatch.TestKit.Database;

/// <summary>
/// Fresh databases with the schema already in them: the migrations run once, on a template, and every test gets a copy
/// within tens of milliseconds. Keep one in a static field, or inherit a class fixture from it.
/// </summary>
/// <param name="migrate">Brings the database of a connection string up to date.</param>
/// <param name="server">Where; null = the run's shared one.</param>
public class TestDatabases(Func<string, Task> migrate, TestServer? server = null)
{
    private static int count;

    private readonly Lazy<Task<(TestServer Server, string Name)>> template = new(() => PrepareAsync(migrate, server));

    /// <summary>The connection string of a database of the caller's own.</summary>
    public async Task<string> CreateAsync()
    {
        var (on, from) = await template.Value;
        var name = NextName("test");
        await on.ExecuteAsync($"create database {name} template {from} strategy file_copy");
        return on.ConnectionString(name);
    }

    /// <summary>Gives the disk space back before the run's end; nobody has to.</summary>
    public async Task DropAsync(string connectionString)
    {
        var (on, _) = await template.Value;
        await on.ExecuteAsync(
            $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)"
        );
    }

    private static async Task<(TestServer Server, string Name)> PrepareAsync(
        Func<string, Task> migrate,
        TestServer? server
    )
    {
        server ??= await TestServer.SharedAsync();
        var name = NextName("template");
        await server.ExecuteAsync($"create database {name}");
        await migrate(server.ConnectionString(name) + ";Pooling=false");

        // Nobody may be connected to a template while it is copied.
        await server.ExecuteAsync($"alter database {name} allow_connections false");
        await server.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        return (server, name);
    }

    private static string NextName(string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}_{Interlocked.Increment(ref count)}");
}
