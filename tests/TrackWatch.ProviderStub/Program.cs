using System.Globalization;
using TrackWatch.ProviderStub;

// Stands for Cainiao in a process of its own: see StubOptions for the command line and StubServer for what it answers.
var options = StubOptions.Parse(args);
await using var server = StubServer.Build(options);
await server.StartAsync();
Console.WriteLine(server.Urls.First());
await Console.Out.FlushAsync();

// Whoever started it holds its standard input; when that closes, nobody wants it any more.
if (options.UntilStdinCloses)
    _ = Console.In.ReadToEndAsync().ContinueWith(_ => server.StopAsync(), TaskScheduler.Default);
await server.WaitForShutdownAsync();

namespace TrackWatch.ProviderStub
{
    /// <param name="Port">0 = a free one.</param>
    /// <param name="Folder">Holds <c>NUMBER.json</c>, one parcel object each; null = only what is put by <c>/_parcels</c>.</param>
    /// <param name="Synthetic">Any number answers with so many events; 0 = off.</param>
    internal sealed record StubOptions(int Port, string? Folder, int Synthetic, bool UntilStdinCloses)
    {
        public static StubOptions Parse(string[] args)
        {
            var options = new StubOptions(0, null, 0, false);
            for (var i = 0; i < args.Length; i++)
                options = args[i] switch
                {
                    "--port" => options with { Port = Number(args[++i]) },
                    "--folder" => options with { Folder = args[++i] },
                    "--synthetic" => options with { Synthetic = Number(args[++i]) },
                    "--until-stdin-closes" => options with { UntilStdinCloses = true },
                    var unknown => throw new ArgumentException(
                        $"Unknown option {unknown}; known are --port N, --folder DIR, --synthetic EVENTS, --until-stdin-closes."
                    ),
                };
            return options;
        }

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
