using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Embedded;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Commands;

/// <summary>A database within reach: the one that is configured, or the private cluster of the state folder.</summary>
internal sealed class ReachedDatabase : IAsyncDisposable
{
    private readonly EmbeddedCluster? cluster;

    private ReachedDatabase(string connectionString, EmbeddedCluster? cluster)
    {
        ConnectionString = connectionString;
        this.cluster = cluster;
    }

    public string ConnectionString { get; }

    public bool IsEmbedded => cluster is not null;

    /// <exception cref="EmbeddedClusterException">The private cluster cannot be had.</exception>
    public static async Task<ReachedDatabase> OpenAsync(
        TrackWatchSettings settings,
        ClusterRole role,
        ILoggerFactory logs,
        CancellationToken ct
    )
    {
        if (settings.Database.ConnectionString is { Length: > 0 } configured)
            return new ReachedDatabase(configured, null);
        var cluster = await EmbeddedCluster.OpenAsync(
            settings.State,
            role,
            logs.CreateLogger("TrackWatch.Storage.Embedded"),
            ct
        );
        return new ReachedDatabase(cluster.ConnectionString, cluster);
    }

    public ValueTask DisposeAsync() => cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>The rooms for one command: nothing rings, the schema is up to date, and the database is left when it ends.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly ReachedDatabase database;
    private readonly ServiceProvider services;

    private Session(LoadedSettings loaded, ReachedDatabase database, ServiceProvider services)
    {
        Loaded = loaded;
        this.database = database;
        this.services = services;
        Now = Get<TimeProvider>().GetUtcNow();
    }

    public LoadedSettings Loaded { get; }

    /// <summary>The one moment of this command: read once.</summary>
    public DateTimeOffset Now { get; }

    public IServiceProvider Services => services;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>The rooms without a database, for what asks nothing of it.</summary>
    public static ServiceProvider Offline(LoadedSettings loaded)
    {
        var log =
            loaded.Settings.Log.Level < LogLevel.Warning
                ? loaded.Settings.Log with
                {
                    Level = LogLevel.Warning,
                }
                : loaded.Settings.Log;
        return new ServiceCollection()
            .AddLogging(logging => logging.AddTrackWatchConsole(log))
            .AddRooms(loaded, "Host=/nowhere")
            .BuildServiceProvider();
    }

    /// <param name="quiet">Only warnings are logged: the command itself says what it did.</param>
    public static async Task<Session> OpenAsync(LoadedSettings loaded, CancellationToken ct, bool quiet = true)
    {
        var log =
            quiet && loaded.Settings.Log.Level < LogLevel.Warning
                ? loaded.Settings.Log with
                {
                    Level = LogLevel.Warning,
                }
                : loaded.Settings.Log;
        using var logs = Logs(log);
        var database = await ReachedDatabase.OpenAsync(loaded.Settings, ClusterRole.Command, logs, ct);
        ServiceProvider? services = null;
        try
        {
            services = new ServiceCollection()
                .AddLogging(logging => logging.AddTrackWatchConsole(log))
                .AddRooms(loaded, database.ConnectionString)
                .BuildServiceProvider();
            await services.GetRequiredService<Migrator>().MigrateAsync(ct);
            return new Session(loaded, database, services);
        }
        catch
        {
            if (services is not null)
                await services.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>For what is logged before the host is there.</summary>
    public static ILoggerFactory Logs(LogSettings settings) =>
        LoggerFactory.Create(logging =>
        {
            logging.Services.AddSingleton(TimeProvider.System);
            logging.AddTrackWatchConsole(settings);
        });

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }
}
