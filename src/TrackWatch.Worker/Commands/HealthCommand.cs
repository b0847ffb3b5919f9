using System.CommandLine;
using Npgsql;
using TrackWatch.Worker.Running;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch health</c>: what the ready endpoint says, for containers and scripts; needs no running worker.</summary>
internal static class HealthCommand
{
    public static Command Create() =>
        new Command("health", "Say whether the database answers, polls come by and mail leaves")
        {
            CommandLine.Json,
        }.Does(
            async (parsed, ct) =>
            {
                var settings = CommandLine.Load(parsed).Settings;
                using var logs = Session.Logs(settings.Log with { Level = LogLevel.Warning });
                await using var database = await ReachedDatabase.OpenAsync(settings, ClusterRole.Command, logs, ct);
                // No session: containers ask twice a minute, and a look neither migrates nor waits for who does.
                await using var source = NpgsqlDataSource.Create(database.ConnectionString);
                var checks = await new HealthReport(source, TimeProvider.System).LookAsync(ct);
                var well = checks.All(c => c.Well);
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(new { ok = well, checks });
                else
                    foreach (var check in checks)
                        Console.WriteLine($"{(check.Well ? "well  " : "unwell")}  {check.Name}: {check.Detail}");
                return well ? ExitCode.Fine : ExitCode.Wrong;
            }
        );
}
