using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Console;
using TrackWatch.Worker.Assessing;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Recording;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Rules;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Running;

/// <summary>Builds the program from its rooms.</summary>
internal static class WorkerHost
{
    /// <summary>All rooms, for a worker as well as for a command; nothing in them starts by itself.</summary>
    public static IServiceCollection AddRooms(
        this IServiceCollection services,
        LoadedSettings loaded,
        string connectionString
    ) =>
        services
            .AddMetrics()
            .AddSingleton(loaded.Settings)
            .AddSingleton(TimeProvider.System)
            .AddStorage(connectionString)
            .AddRules(loaded.Settings) // what the outside world allows, and until when
            .AddRegistering(loaded) // read people and orders from the files
            .AddPolling(loaded.Settings) // ask the sources
            .AddRecording() // append what is new
            .AddAssessing(loaded.Settings) // hold it against the limits, pick the step
            .AddNotifying(loaded.Settings) // mail what is to be told
            .AddSingleton<TrackingPage>(PagesOfTheSources)
            .AddSingleton<RulePackNews>()
            .AddSingleton<Round>()
            .AddSingleton<Housekeeping>()
            .AddSingleton<HealthReport>();

    private static TrackingPage PagesOfTheSources(IServiceProvider provider)
    {
        var sources = provider.GetServices<ITrackingProvider>().ToDictionary(p => p.Id);
        return (id, number) => sources.GetValueOrDefault(id)?.PageOf(number);
    }

    /// <summary>The long-running worker: the rooms, their bells, the watcher of the files, and health.</summary>
    public static WebApplication Build(LoadedSettings loaded, string connectionString, out string? healthNote)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "trackwatch" });
        builder.Configuration.AddEnvironmentVariables();
        builder.Logging.AddTrackWatchConsole(loaded.Settings.Log);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        builder.Services.AddRooms(loaded, connectionString);
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddHostedService<OpeningRound>();
        builder.Services.AddHostedService<OrdersWatcher>();
        builder.Services.AddBells(loaded.Settings, PollingSetup.Bells(loaded.Settings));

        var listen = ListenAt(loaded.Settings.Health.Listen, out healthNote);
        if (listen is not null)
        {
            builder.WebHost.UseKestrelCore().UseUrls(listen);
            builder.Services.AddRoutingCore();
        }
        else
        {
            builder.WebHost.UseServer(new NoServer());
        }
        var app = builder.Build();
        if (listen is not null)
        {
            app.UseRouting();
            app.MapHealth();
        }
        return app;
    }

    public static ILoggingBuilder AddTrackWatchConsole(this ILoggingBuilder logging, LogSettings settings)
    {
        logging.SetMinimumLevel(settings.Level);
        foreach (var chatty in (string[])["Microsoft", "System", "Npgsql"])
            logging.AddFilter(chatty, settings.Level > LogLevel.Warning ? settings.Level : LogLevel.Warning);
        // A worker that was here before is a "failed instance" to Quartz, which is no news: the bells go on by themselves.
        logging.AddFilter("Quartz", LogLevel.Error);
        // A new database has no table of migrations yet; asking for it is not an error. Failures reach us as exceptions.
        foreach (var twice in (string[])["Database", "Query", "Update"])
            logging.AddFilter($"Microsoft.EntityFrameworkCore.{twice}", LogLevel.Critical);
        logging.AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>();
        if (settings.Format == LogFormat.Json)
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            });
        else
            logging.AddConsole(console => console.FormatterName = PlainConsole.FormatterName);
        // Standard output belongs to what a command was asked for.
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
        return logging;
    }

    /// <summary>A second worker on one machine finds the port taken; it takes any other and says so.</summary>
    private static string? ListenAt(string listen, out string? note)
    {
        note = null;
        if (listen.Equals("none", StringComparison.OrdinalIgnoreCase))
            return null;
        if (
            !Uri.TryCreate(listen, UriKind.Absolute, out var uri)
            || uri.Port == 0
            || !IPAddress.TryParse(uri.Host, out var address)
        )
            return listen;
        try
        {
            using var probe = new TcpListener(address, uri.Port);
            probe.Start();
            return listen;
        }
        catch (SocketException)
        {
            note = $"Port {uri.Port} of health.listen is taken; health answers on a free port instead.";
            return $"{uri.Scheme}://{uri.Host}:0";
        }
    }
}
