using System.CommandLine;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch migrate</c>: brings the database up to date; <c>run</c> does the same at its start.</summary>
internal static class MigrateCommand
{
    public static Command Create() =>
        new Command("migrate", "Bring the database up to date").Does(
            async (parsed, ct) =>
            {
                var loaded = CommandLine.Load(parsed);
                var log = loaded.Settings.Log with { Level = LogLevel.Warning };
                using var logs = Session.Logs(log);
                await using var database = await ReachedDatabase.OpenAsync(
                    loaded.Settings,
                    ClusterRole.Command,
                    logs,
                    ct
                );
                await using var services = new ServiceCollection()
                    .AddLogging(logging => logging.AddTrackWatchConsole(log))
                    .AddSingleton(TimeProvider.System)
                    .AddStorage(database.ConnectionString)
                    .BuildServiceProvider();
                var applied = await services.GetRequiredService<Migrator>().MigrateAsync(ct);
                Console.WriteLine(
                    applied.Count == 0 ? "The database is up to date." : $"Applied: {string.Join(", ", applied)}"
                );
                return ExitCode.Fine;
            }
        );
}
