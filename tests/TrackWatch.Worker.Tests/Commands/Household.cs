using System.Diagnostics;
using System.Text.Json;
using TrackWatch.TestKit.Database;

namespace TrackWatch.Worker.Tests.Commands;

/// <summary>What a command said and how it ended.</summary>
internal sealed record Answer(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output as JSON; anything beside it there is an error.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>A folder with files, a database of its own, and the built program run in them as a process.</summary>
internal sealed class Household : IDisposable
{
    private readonly Dictionary<string, string> environment = new()
    {
        ["TRACKWATCH__PROVIDERS__SIMULATED__ENABLED"] = "true",
        ["TRACKWATCH__PROVIDERS__CAINIAO__ENABLED"] = "false",
        ["COLUMNS"] = "80",
        ["TZ"] = "UTC",
    };

    public string Folder { get; } = Directory.CreateTempSubdirectory("tw-commands-").FullName;

    public string ConnectionString { get; private init; } = "";

    public static async Task<Household> WithDatabaseAsync()
    {
        var connectionString = await ProductDatabases.Shared.CreateAsync();
        return new Household { ConnectionString = connectionString }.Set(
            "TRACKWATCH__DATABASE__CONNECTIONSTRING",
            connectionString
        );
    }

    public Household Set(string variable, string value)
    {
        environment[variable] = value;
        return this;
    }

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public Task<Answer> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    public async Task<Answer> RunWithInputAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "trackwatch.dll"), .. arguments]
        )
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Whatever the tests were started with is not theirs.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("TRACKWATCH", StringComparison.Ordinal)))
            start.Environment.Remove(name);
        start.Environment["HOME"] = Folder;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await using (var standardInput = process.StandardInput)
            await standardInput.WriteAsync(input);
        await process.WaitForExitAsync();
        return new Answer(process.ExitCode, await said, await complained);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
