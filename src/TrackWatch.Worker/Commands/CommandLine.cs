using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Reflection;
using Npgsql;
using TrackWatch.Worker.Commands.Doctoring;
using TrackWatch.Worker.Commands.Previewing;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Commands;

/// <summary>The command line: what every command shares, and how each ends.</summary>
internal static class CommandLine
{
    public static readonly Option<string?> Config = new("--config")
    {
        Description =
            "The settings file (default: $TRACKWATCH_CONFIG, ./trackwatch.yaml, ~/.config/trackwatch, /etc/trackwatch)",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<string?> Orders = new("--orders")
    {
        Description = "The orders file or folder (default: the settings' orders)",
        HelpName = "FILE",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answer as JSON on standard output" };

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("TrackWatch watches parcels, and tells you what to do when one stalls.")
        {
            Config,
            Orders,
        };
        foreach (var option in root.Options.OfType<VersionOption>())
            option.Action = new VersionAction();
        foreach (var command in All())
            root.Subcommands.Add(command);

        var parsed = root.Parse(args);
        // Standard output belongs to answers; the whole help is one only where nothing was asked for.
        if (parsed.Action is ParseErrorAction error)
            error.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
        var asked = await parsed.InvokeAsync(
            // Our own handling below knows more about what went wrong; a worker may take its time to stop.
            new InvocationConfiguration
            {
                Output = parsed.Errors.Count > 0 ? Console.Error : Console.Out,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
            }
        );
        if (parsed.Errors.Count == 0)
            return asked;
        if (parsed.Action is ParseErrorAction { ShowHelp: false })
            Console.Error.WriteLine($"trackwatch {Named(parsed.CommandResult)}--help says how it is used.");
        return ExitCode.Usage;
    }

    private static string Named(CommandResult command) =>
        command.Parent is CommandResult outer ? $"{Named(outer)}{command.Command.Name} " : "";

    private static IEnumerable<Command> All() =>
        [
            RunCommand.Create(),
            CheckCommand.Create(),
            StatusCommand.Create(),
            TimelineCommand.Create(),
            ExplainCommand.Create(),
            SimulateCommand.Create(),
            PreviewCommand.Create(),
            CalendarCommand.Create(),
            EvidenceCommand.Create(),
            NumberCommand.Create(),
            AddCommand.Create(),
            .. FactCommands.All(),
            ReloadCommand.Create(),
            MailCommand.Create(),
            InboundCommand.Create(),
            RulesCommand.Create(),
            SchemaCommand.Create(),
            MigrateCommand.Create(),
            HealthCommand.Create(),
            DoctorCommand.Create(),
            ProbeCommand.Create(),
        ];

    /// <summary>Gives a command its body, and its troubles the exit codes they stand for.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> body)
    {
        command.SetAction(
            async (parsed, ct) =>
            {
                try
                {
                    return await body(parsed, ct);
                }
                catch (CommandException e)
                {
                    return Fail(e.ExitCode, e.Message);
                }
                catch (EmbeddedClusterException e)
                {
                    return Fail(ExitCode.Unreachable, e.Message);
                }
                catch (Exception e)
                    when (e is NpgsqlException or TimeoutException || e.InnerException is NpgsqlException)
                {
                    return Fail(
                        ExitCode.Unreachable,
                        $"the database cannot be used: {(e as NpgsqlException ?? e.InnerException ?? e).Message}. "
                            + "Look whether PostgreSQL runs there, and at database.connection_string "
                            + "(TRACKWATCH__DATABASE__CONNECTIONSTRING)."
                    );
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    return ExitCode.Fine;
                }
                catch (Exception e)
                {
                    return Fail(ExitCode.Unexpected, $"This should not have happened, please report it: {e}");
                }
            }
        );
        return command;
    }

    private static int Fail(int exitCode, string message)
    {
        Console.Error.WriteLine($"trackwatch: {message}");
        return exitCode;
    }

    /// <summary>Reads the settings; errors end the command, warnings are printed.</summary>
    public static LoadedSettings Load(ParseResult parsed)
    {
        var loaded = SettingsLoader.Load(
            SettingsRequest.OfThisProcess(parsed.GetValue(Config), parsed.GetValue(Orders))
        );
        Print(loaded.Problems.Where(p => p.Severity != Severity.Info));
        if (!loaded.IsUsable)
            throw new CommandException(ExitCode.Wrong, "the settings have errors; nothing was done");
        return loaded;
    }

    /// <summary>To standard error, as compilers print them.</summary>
    public static void Print(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine(problem);
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(Describe());
            return ExitCode.Fine;
        }

        private static readonly string[] OptionalPackages = ["MailKit", "OpenTelemetry.Extensions.Hosting"];

        private static string Describe()
        {
            var version =
                typeof(CommandLine)
                    .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                    ?.InformationalVersion
                ?? "0";
            var referenced = typeof(CommandLine).Assembly.GetReferencedAssemblies().Select(a => a.Name).ToHashSet();
            string[] optional = [.. OptionalPackages.Where(referenced.Contains)];
            return $"trackwatch {version} (optional packages: {(optional.Length == 0 ? "none" : string.Join(", ", optional))})";
        }
    }
}
