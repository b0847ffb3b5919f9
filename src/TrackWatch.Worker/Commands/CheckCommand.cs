using System.CommandLine;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Rules;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch check</c>: reads both files and the rule packs, and says everything that is wrong or could be better.</summary>
internal static class CheckCommand
{
    public static Command Create() =>
        new Command("check", "Check the settings, the orders and your rule packs; nothing is changed")
        {
            CommandLine.Json,
        }.Does(
            (parsed, _) =>
            {
                var loaded = SettingsLoader.Load(
                    SettingsRequest.OfThisProcess(
                        parsed.GetValue(CommandLine.Config),
                        parsed.GetValue(CommandLine.Orders)
                    )
                );
                var problems = ProblemsOf(loaded, out var found);
                if (!parsed.GetValue(CommandLine.Json) && found is { IsUsable: true })
                    Console.WriteLine(
                        $"{Sayings.Count(found.Orders.Count, "order")} with "
                            + $"{Sayings.Count(found.Orders.Sum(o => o.Order.Tracking.Count), "tracking number")} for "
                            + $"{Sayings.Count(found.People.Count, "person", "people")}."
                    );
                var ok = problems.All(p => p.Severity != Severity.Error);
                if (parsed.GetValue(CommandLine.Json))
                    JsonOutput.Print(new { ok, problems = problems.Select(Shape) });
                else
                    Print(problems, ok);
                return Task.FromResult(ok ? ExitCode.Fine : ExitCode.Wrong);
            }
        );

    /// <summary>All that is wrong with the files or could be better.</summary>
    /// <param name="found">Null where the settings or the orders cannot be read at all.</param>
    public static List<Problem> ProblemsOf(LoadedSettings loaded, out OrdersReading.Found? found)
    {
        found = null;
        var problems = loaded.Problems.ToList();
        if (!loaded.IsUsable)
            return problems;
        problems.AddRange(
            MailServer
                .Resolve(loaded.Settings.Mail)
                .Problems.Select(p => new Problem(
                    loaded.SettingsPath ?? SettingsLoader.FileName,
                    0,
                    0,
                    Severity.Error,
                    $"{p.Setting}: {p.Message}"
                ))
        );
        var reading = OrdersFile.Read(
            loaded.Orders,
            OrdersDesk.Context(loaded.Settings, TimeProvider.System.GetUtcNow())
        );
        problems.AddRange(reading.Problems);
        problems.AddRange(RuleBooks.Load(loaded.Settings.Rules.Folder).Problems);
        if (reading is OrdersReading.Nothing nothing)
            problems.Add(new Problem(loaded.Orders.File ?? loaded.Orders.Folder, 0, 0, Severity.Error, nothing.Why));
        found = reading as OrdersReading.Found;
        return problems;
    }

    public static object Shape(Problem p) =>
        new
        {
            file = p.File,
            line = p.Line,
            column = p.Column,
            severity = p.Severity.ToString().ToLowerInvariant(),
            message = p.Message,
            suggestion = p.Suggestion,
        };

    private static void Print(List<Problem> problems, bool ok)
    {
        foreach (var line in problems.Where(p => p.Missing is null))
            Console.WriteLine(line);
        // Each fact by itself stands in the JSON; a person wants to know which orders are vague.
        foreach (var order in problems.Where(p => p.Missing is not null).GroupBy(p => p.Missing!.Order))
        {
            var (place, keys) = (order.First(), string.Join(", ", order.Select(p => p.Missing!.Key)));
            Console.WriteLine(place with { Message = $"'{order.Key}': its dates would be exact with {keys}." });
        }
        var errors = Sayings.Count(problems.Count(p => p.Severity == Severity.Error), "error");
        var warnings = Sayings.Count(problems.Count(p => p.Severity == Severity.Warning), "warning");
        Console.WriteLine(ok ? $"Fine, {warnings}." : $"{errors}, {warnings}.");
    }
}
