using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Domain.Polling;
using TrackWatch.TestKit.Database;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Running;

namespace TrackWatch.TestKit.Scenarios;

/// <summary>The rooms of one worker on a real database, with an orders file of its own, a clock in the test's hand and a source that says what the test wants.</summary>
internal sealed class Rooms : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string folder = Directory.CreateTempSubdirectory("tw-rooms-").FullName;

    private Rooms(string connectionString, VirtualClock clock, CainiaoMouth source)
    {
        ConnectionString = connectionString;
        Tables = new Tables(connectionString);
        Clock = clock;
        Source = source;
        var loaded = new LoadedSettings(new TrackWatchSettings(), [], null, OrdersPaths.Of(OrdersFile));
        var rooms = new ServiceCollection().AddLogging().AddRooms(loaded, connectionString + ";Maximum Pool Size=8");
        rooms.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        rooms.RemoveAll<ITrackingProvider>();
        rooms.AddSingleton<ITrackingProvider>(source);
        services = rooms.BuildServiceProvider();
    }

    public string ConnectionString { get; }
    public Tables Tables { get; }
    public VirtualClock Clock { get; }
    public CainiaoMouth Source { get; }

    private string OrdersFile => Path.Combine(folder, "orders.yaml");

    public static async Task<Rooms> OpenAsync(DateTimeOffset start) =>
        new(await ProductDatabases.Shared.CreateAsync(), new VirtualClock(start), new CainiaoMouth());

    /// <summary>Another worker on the same database with a file of its own, as on another host.</summary>
    public Rooms Beside() => new(ConnectionString, Clock, Source);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Saves the file and has it read, as <c>trackwatch reload</c> would.</summary>
    public Task<DeskResult> ReadAsync(string yaml, bool confirmed = false)
    {
        File.WriteAllText(OrdersFile, yaml);
        return Get<OrdersDesk>().RefreshAsync(CancellationToken.None, confirmed);
    }

    /// <summary>Lets time pass, then asks about everything that is due.</summary>
    public Task<PollTally> PollAsync(TimeSpan later = default)
    {
        Clock.SetTo(Clock.GetUtcNow() + later);
        return Get<Round>().PollAsync(Source, TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Tables.DisposeAsync();
        Source.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Says of each number what the test put there, in Cainiao's words, and reads them as the real provider does.</summary>
internal sealed class CainiaoMouth : ITrackingProvider, IDisposable
{
    private readonly CainiaoProvider reader = new(
        new CainiaoSettings(),
        TimeProvider.System,
        NullLogger<CainiaoProvider>.Instance
    );

    public Dictionary<string, string> Parcels { get; } = [];

    /// <summary>Each number as often as it was asked about.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Happens between the question and its answer.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public string Id => reader.Id;

    public ProviderLimits Limits { get; } =
        new()
        {
            BatchSize = 10,
            MinGap = TimeSpan.Zero,
            Floor = TimeSpan.FromMinutes(1),
        };

    public Uri? PageOf(string number) => reader.PageOf(number);

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        Asked.AddRange(questions.Select(q => q.Number));
        await Meanwhile();
        return new ProviderReply.Entries(
            questions
                .Where(q => Parcels.ContainsKey(q.Number))
                .ToDictionary(
                    q => q.Number,
                    q => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Parcels[q.Number]).AsMemory()
                )
        );
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        reader.Read(question, entry, askedAt);

    public string Keep(ReadOnlyMemory<byte> entry) => reader.Keep(entry);

    public void Dispose() => reader.Dispose();
}
