using System.CommandLine;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Rules;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch schema</c>: the JSON Schemas for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var which = new Argument<string>("FILE")
        {
            Description = "settings, orders, rules or journey (a script for simulate)",
        };
        which.AcceptOnlyFromAmong("settings", "orders", "rules", "journey");
        return new Command("schema", "Print the JSON Schema of a file, for editors") { which }.Does(
            (parsed, _) =>
            {
                Console.Write(
                    parsed.GetValue(which) switch
                    {
                        "settings" => JsonSchemaWriter.Settings(),
                        "orders" => OrdersFile.Schema(),
                        "journey" => JsonSchemaWriter.Write(typeof(ScriptEntries), "TrackWatch journey script"),
                        _ => RulePackLoader.Schema(),
                    }
                );
                return Task.FromResult(ExitCode.Fine);
            }
        );
    }
}
