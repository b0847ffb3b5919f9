using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Rules;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Embedded;
using TrackWatch.Worker.Storage.Tables;
using Command = System.CommandLine.Command;

namespace TrackWatch.Worker.Commands.Doctoring;

/// <summary><c>trackwatch doctor</c>: looks at all that TrackWatch needs, and says what is wrong and what to do. Safe beside workers.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Force = new("--force")
    {
        Description = "Ask a source although it is being left alone after trouble",
    };

    public static Command Create() =>
        new Command("doctor", "Try everything once: files, database, clock, sources, mail; and say what to do")
        {
            Force,
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                var loaded = SettingsLoader.Load(
                    SettingsRequest.OfThisProcess(
                        parsed.GetValue(CommandLine.Config),
                        parsed.GetValue(CommandLine.Orders)
                    )
                );
                var report = new Report(parsed.GetValue(CommandLine.Json));
                report.Add(Doctor.Files(loaded, CheckCommand.ProblemsOf(loaded, out _)));
                report.Add(Doctor.Proxy());
                if (loaded.IsUsable)
                    await LookAsync(loaded, report, parsed.GetValue(Force), ct);
                return report.End();
            }
        );

    private static async Task LookAsync(LoadedSettings loaded, Report report, bool force, CancellationToken ct)
    {
        var settings = loaded.Settings;
        using var logs = Session.Logs(settings.Log with { Level = LogLevel.Error });
        if (settings.Database.ConnectionString is not { Length: > 0 })
            report.Add(await Doctor.PostgresAsync(settings.State));
        await WithDatabaseAsync(loaded, report, logs, force, ct);
        report.Add(await Doctor.MailAsync(settings, TimeProvider.System, logs, ct));
        var zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone ?? TimeZoneInfo.Local.Id);
        report.Add(Doctor.Rules(RuleBooks.Load(settings.Rules.Folder), Days.In(zone, TimeProvider.System.GetUtcNow())));
    }

    private static async Task WithDatabaseAsync(
        LoadedSettings loaded,
        Report report,
        ILoggerFactory logs,
        bool force,
        CancellationToken ct
    )
    {
        var usable = false;
        try
        {
            await using var database = await ReachedDatabase.OpenAsync(loaded.Settings, ClusterRole.Command, logs, ct);
            await using var services = new ServiceCollection()
                .AddLogging(logging =>
                    logging.AddTrackWatchConsole(loaded.Settings.Log with { Level = LogLevel.Error })
                )
                .AddRooms(loaded, database.ConnectionString)
                .BuildServiceProvider();
            var checks = await Doctor.DatabaseAsync(
                services.GetRequiredService<IDbContextFactory<TrackWatchDb>>(),
                services.GetRequiredService<TimeProvider>(),
                ct
            );
            foreach (var check in checks)
                report.Add(check);
            usable = checks[0].State == Finding.Ok;
            if (usable)
                report.Add(
                    await Doctor.AddressesAsync(services.GetRequiredService<IDbContextFactory<TrackWatchDb>>(), ct)
                );
            await SourcesAsync(services, loaded.Settings, report, usable, force, ct);
        }
        catch (Exception e)
            when (!usable
                && (
                    e is EmbeddedClusterException or NpgsqlException or TimeoutException
                    || e.InnerException is NpgsqlException
                )
            )
        {
            report.Unreachable(
                new Check(
                    "database",
                    Finding.Failed,
                    $"cannot be used: {(e.InnerException as NpgsqlException ?? e).Message}",
                    "Look whether PostgreSQL runs there, and at database.connection_string. Without it the sources are not asked."
                )
            );
        }
    }

    /// <summary>How far the source's limits go among what it is asked about.</summary>
    private static Check WithLimits(Check check, ProviderHealthRow? health, TimeSpan moving)
    {
        var budget = SourceLimits.BudgetOf(health);
        var said = SourceLimits.Say(budget, SourceLimits.QuotaOf(health), moving).ToList();
        return said.Count == 0
            ? check
            : check with
            {
                State = budget is { IsTight: true } && check.State == Finding.Ok ? Finding.Warning : check.State,
                Detail = $"{check.Detail} {string.Join(' ', said)}",
            };
    }

    private static async Task<Dictionary<string, ProviderHealthRow>> HealthAsync(
        IServiceProvider services,
        CancellationToken ct
    )
    {
        await using var db = await services
            .GetRequiredService<IDbContextFactory<TrackWatchDb>>()
            .CreateDbContextAsync(ct);
        return await db.ProviderHealth.ToDictionaryAsync(h => h.Provider, ct);
    }

    /// <param name="guarded">The database has its tables: requests take their slots in them. Without tables no worker runs.</param>
    private static async Task SourcesAsync(
        IServiceProvider services,
        TrackWatchSettings settings,
        Report report,
        bool guarded,
        bool force,
        CancellationToken ct
    )
    {
        using var wire = new WireWatch();
        var clock = services.GetRequiredService<TimeProvider>();
        var trial = new SourceTrial(
            services.GetRequiredService<ProviderGate>(),
            services.GetRequiredService<NpgsqlDataSource>()
        );
        var providers = services.GetServices<ITrackingProvider>().ToDictionary(p => p.Id);
        var health = guarded ? await HealthAsync(services, ct) : [];
        foreach (var source in SourceList.Of(settings.Providers))
        {
            if (!providers.TryGetValue(source.Id, out var provider))
                report.Add(
                    new(
                        $"source {source.Id}",
                        source.IsCustom ? Finding.Warning : Finding.Ok,
                        $"{source.WhyOff ?? "off"}."
                    )
                );
            else
            {
                var check = await Doctor.SourceAsync(
                    provider,
                    token =>
                        guarded
                            ? trial.TakeAsync(provider, force, clock.GetUtcNow(), token)
                            : Task.FromResult<Leave>(Leave.Given.Instance),
                    ct
                );
                report.Add(WithLimits(check, health.GetValueOrDefault(source.Id), settings.Polling.Interval));
            }
        }
        if (wire.ClockAhead is { Count: > 0 } seen)
            report.Add(Doctor.Clock("clock of sources", "the sources'", seen.MinBy(a => a.Duration())));
    }

    /// <summary>Tells each finding as it comes, or all at the end as JSON.</summary>
    private sealed class Report(bool json)
    {
        private readonly List<Check> checks = [];
        private bool unreachable;

        public void Add(Check check)
        {
            checks.Add(check);
            if (json)
                return;
            var word = check.State switch
            {
                Finding.Ok => "ok     ",
                Finding.Warning => "warning",
                _ => "failed ",
            };
            Console.WriteLine($"{word}  {check.Name}: {check.Detail}");
            if (check.Hint is { } hint)
                Console.WriteLine($"         {hint}");
        }

        public void Unreachable(Check check)
        {
            unreachable = true;
            Add(check);
        }

        public int End()
        {
            var ok = checks.TrueForAll(c => c.State != Finding.Failed);
            if (json)
                JsonOutput.Print(
                    new
                    {
                        ok,
                        checks = checks.Select(c => new
                        {
                            name = c.Name,
                            state = c.State.Id(),
                            detail = c.Detail,
                            hint = c.Hint,
                        }),
                    }
                );
            return unreachable ? ExitCode.Unreachable
                : ok ? ExitCode.Fine
                : ExitCode.Wrong;
        }
    }
}
