using System.Net;
using System.Net.Sockets;
using Npgsql;
using Testcontainers.PostgreSql;

namespace TrackWatch.TestKit.Database;

/// <summary>The same in a container. Compiled only where Testcontainers.PostgreSql can be restored.</summary>
internal sealed class ContainerServer : TestServer
{
    private readonly PostgreSqlContainer container;

    private ContainerServer(PostgreSqlContainer container) => this.container = container;

    /// <summary>Null where no container engine answers, or it cannot get the image; the reason goes to standard error.</summary>
    public static async Task<ContainerServer?> TryStartAsync()
    {
        try
        {
            var container = new PostgreSqlBuilder("postgres:15-alpine")
                .WithPortBinding(FreePort(), PostgreSqlBuilder.PostgreSqlPort) // a random one would change with a restart
                .WithCommand("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300")
                .Build();
            await container.StartAsync();
            return new ContainerServer(container);
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync($"No PostgreSQL container ({e.Message}); tests use a private cluster.");
            return null;
        }
    }

    public override string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Database = database }.ConnectionString;

    public override ValueTask DisposeAsync() => container.DisposeAsync();

    protected override async Task RestartOwnAsync()
    {
        await container.StopAsync();
        await container.StartAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
