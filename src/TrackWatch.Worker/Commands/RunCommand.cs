using System.CommandLine;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch run</c>: the worker itself, or one round of it.</summary>
internal static partial class RunCommand
{
    private static readonly Option<bool> Once = new("--once")
    {
        Description = "Do one full round (register, poll what is due, assess, send what may go) and end",
    };

    private static readonly Option<TimeSpan?> MaxTime = new("--max-time")
    {
        Description = "With --once: how long polling may go on taking new work (10m, 90s; default 10m)",
        HelpName = "T",
        CustomParser = result =>
        {
            if (Durations.TryParse(result.Tokens[0].Value, out var time) && time > TimeSpan.Zero)
                return time;
            result.AddError($"--max-time: '{result.Tokens[0].Value}' is no duration; write 10m, 90s or 1h30m.");
            return null;
        },
    };

    public static Command Create() =>
        new Command("run", "Watch: poll what is due, find stalls, send the mails; until stopped")
        {
            Once,
            MaxTime,
        }.Does(
            (parsed, ct) =>
            {
                var loaded = CommandLine.Load(parsed);
                return parsed.GetValue(Once)
                    ? OnceAsync(loaded, parsed.GetValue(MaxTime) ?? TimeSpan.FromMinutes(10), ct)
                    : WatchAsync(loaded, ct);
            }
        );

    private static async Task<int> OnceAsync(LoadedSettings loaded, TimeSpan maxTime, CancellationToken ct)
    {
        await using var session = await Session.OpenAsync(loaded, ct, quiet: false);
        var result = await session.Get<OrdersDesk>().RefreshAsync(ct);
        if (result is DeskResult.Unusable)
            throw new CommandException(ExitCode.Wrong, "the orders have errors; see above, or run: trackwatch check");
        var report = await session.Get<Round>().RunRoundAsync(maxTime, ct);
        Console.Error.WriteLine(
            $"One round: {Sayings.Count(report.Polls.Polled, "shipment")} polled ({report.Polls.Unchanged} unchanged, "
                + $"{Sayings.Count(report.Polls.Events, "new event")}), {Sayings.Count(report.Assessed, "order")} assessed, "
                + $"{Sayings.Count(report.Composed, "mail")} written, {report.Sent} sent."
        );
        return ExitCode.Fine;
    }

    private static async Task<int> WatchAsync(LoadedSettings loaded, CancellationToken ct)
    {
        using var logs = Session.Logs(loaded.Settings.Log);
        var logger = logs.CreateLogger("TrackWatch.Run");
        await using var database = await ReachedDatabase.OpenAsync(loaded.Settings, ClusterRole.Worker, logs, ct);
        await using var app = WorkerHost.Build(loaded, database.ConnectionString, out var healthNote);
        if (healthNote is not null)
            HealthMoved(logger, healthNote);

        await app.Services.GetRequiredService<Migrator>().MigrateAsync(ct);
        if (
            await app.Services.GetRequiredService<OrdersDesk>().RefreshAsync(ct) is DeskResult.Unusable
            && !await AnyOrdersAsync(app.Services, ct)
        )
            throw new CommandException(
                ExitCode.Wrong,
                "the orders have errors and there are none from before; see above, or run: trackwatch check"
            );

        await app.StartAsync(ct);
        Watching(logger, app.Services.GetRequiredService<IMailTransport>().Name);
        // A worker that listens nowhere has no addresses at all.
        if (
            ((IApplicationBuilder)app).ServerFeatures.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is
            { } url
        )
            HealthAt(logger, $"{url}/health/ready");
        await app.WaitForShutdownAsync(ct);
        Stopped(logger);
        return ExitCode.Fine;
    }

    private static async Task<bool> AnyOrdersAsync(IServiceProvider services, CancellationToken ct)
    {
        await using var db = await services
            .GetRequiredService<IDbContextFactory<TrackWatchDb>>()
            .CreateDbContextAsync(ct);
        return await db.Orders.AnyAsync(o => o.ArchivedAt == null, ct);
    }

    [LoggerMessage(1, LogLevel.Information, "Watching. Mails go to {Transport}. Stop with Ctrl-C.")]
    private static partial void Watching(ILogger logger, string transport);

    [LoggerMessage(2, LogLevel.Information, "Health: {Url}")]
    private static partial void HealthAt(ILogger logger, string url);

    [LoggerMessage(3, LogLevel.Warning, "{Note}")]
    private static partial void HealthMoved(ILogger logger, string note);

    [LoggerMessage(4, LogLevel.Information, "Stopped.")]
    private static partial void Stopped(ILogger logger);
}
