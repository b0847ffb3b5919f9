using Npgsql;

namespace TrackWatch.TestKit.Database;

/// <summary>A throw-away PostgreSQL for one test run. It forgets to be durable, and ends with the test process however that ends.</summary>
public abstract class TestServer : IAsyncDisposable
{
    private static readonly Lazy<Task<TestServer>> Shared = new(StartAsync);

    /// <summary>The one that all tests of a run share, each in databases of its own.</summary>
    public static Task<TestServer> SharedAsync() => Shared.Value;

    /// <summary>One more, for a test that restarts it or counts what it does.</summary>
    public static async Task<TestServer> StartAsync()
    {
#if TESTCONTAINERS
        if (await ContainerServer.TryStartAsync() is { } container)
            return container;
#endif
        return await PrivateServer.StartAsync();
    }

    /// <summary>For Npgsql; stays true over a restart.</summary>
    public abstract string ConnectionString(string database);

    /// <summary>Stops and starts it: every connection breaks. For servers of a test's own; the shared one serves others.</summary>
    public Task RestartAsync() =>
        Shared.IsValueCreated && Shared.Value.IsCompletedSuccessfully && ReferenceEquals(Shared.Value.Result, this)
            ? throw new InvalidOperationException("Other tests use the shared server: restart one from StartAsync().")
            : RestartOwnAsync();

    public abstract ValueTask DisposeAsync();

    protected abstract Task RestartOwnAsync();

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
