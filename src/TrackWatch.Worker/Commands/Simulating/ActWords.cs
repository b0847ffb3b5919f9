using System.CommandLine;
using System.CommandLine.Parsing;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Commands.Simulating;

/// <summary>What a script's command line means.</summary>
/// <param name="FactOf">Makes the fact, by what is told already and the day of the order; null = the newest fact is taken back.</param>
internal sealed record SaidAct(string Order, Func<OrderFacts, DateOnly, Fact>? FactOf);

/// <summary>Reads the command lines of a script with the words of the real commands.</summary>
internal sealed class ActWords
{
    private readonly Dictionary<string, FactOf?> acts = [];
    private readonly RootCommand root = [];

    public ActWords()
    {
        foreach (var (command, factOf) in FactCommands.Words())
        {
            acts[command.Name] = factOf;
            root.Subcommands.Add(command);
        }
    }

    /// <param name="line">Without the program's name.</param>
    /// <exception cref="CommandException">The line cannot be understood.</exception>
    public SaidAct Read(string line)
    {
        var words = CommandLineParser.SplitCommandLine(line).ToList();
        if (words is not [var name, ..] || !acts.TryGetValue(name, out var factOf))
            throw new CommandException(
                ExitCode.Usage,
                $"'{words.FirstOrDefault()}' is none of {string.Join(", ", acts.Keys)}."
                    + (
                        Spelling.Closest(words.FirstOrDefault() ?? "", acts.Keys) is { } near
                            ? $" Did you mean '{near}'?"
                            : ""
                    )
            );
        var parsed = root.Parse(words);
        if (parsed.Errors.Count > 0)
            throw new CommandException(ExitCode.Usage, string.Join(' ', parsed.Errors.Select(e => e.Message)));
        return new SaidAct(
            FactCommands.OrderOf(parsed),
            factOf is null ? null : (before, today) => factOf(parsed, before, today)
        );
    }
}
