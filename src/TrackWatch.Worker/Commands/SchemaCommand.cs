using System.CommandLine;
using TrackWatch.Worker.Configuration.Yaml;
using TrackWatch.Worker.Registering;

namespace TrackWatch.Worker.Commands;

/// <summary><c>trackwatch schema</c>: the JSON Schemas for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var which = new Argument<string>("FILE") { Description = "settings or orders" };
        which.AcceptOnlyFromAmong("settings", "orders");
        return new Command("schema", "Print the JSON Schema of a file, for editors") { which }.Does(
            (parsed, _) =>
            {
                Console.Write(
                    parsed.GetValue(which) == "settings" ? JsonSchemaWriter.Settings() : OrdersFile.Schema()
                );
                return Task.FromResult(ExitCode.Fine);
            }
        );
    }
}
