using System.CommandLine;
using TrackWatch.Worker.Running;

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
                await using var session = await Session.OpenAsync(CommandLine.Load(parsed), ct);
                var checks = await session.Get<HealthReport>().LookAsync(ct);
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
