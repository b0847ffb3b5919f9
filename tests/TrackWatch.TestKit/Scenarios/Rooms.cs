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

    private Rooms(string connectionString, VirtualClock clock, IReadOnlyList<CainiaoMouth> sources)
    {
        ConnectionString = connectionString;
        Tables = new Tables(connectionString);
        Clock = clock;
        Sources = sources;
        var loaded = new LoadedSettings(new TrackWatchSettings(), [], null, OrdersPaths.Of(OrdersFile));
        var rooms = new ServiceCollection().AddLogging().AddRooms(loaded, connectionString + ";Maximum Pool Size=8");
        rooms.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
        rooms.RemoveAll<ITrackingProvider>();
        foreach (var source in sources)
            rooms.AddSingleton<ITrackingProvider>(source);
        services = rooms.BuildServiceProvider();
    }

    public string ConnectionString { get; }
    public Tables Tables { get; }
    public VirtualClock Clock { get; }
    public IReadOnlyList<CainiaoMouth> Sources { get; }
    public CainiaoMouth Source => Sources[0];

    private string OrdersFile => Path.Combine(folder, "orders.yaml");

    /// <param name="others">Ids of sources beside Cainiao.</param>
    public static async Task<Rooms> OpenAsync(DateTimeOffset start, params string[] others) =>
        new(
            await ProductDatabases.Shared.CreateAsync(),
            new VirtualClock(start),
            [new CainiaoMouth(), .. others.Select(id => new CainiaoMouth(id))]
        );

    /// <summary>Another worker on the same database with a file of its own, as on another host.</summary>
    public Rooms Beside() => new(ConnectionString, Clock, Sources);

    /// <summary>Another worker on the same database that has these sources switched on.</summary>
    public Rooms With(params CainiaoMouth[] sources) => new(ConnectionString, Clock, sources);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Saves the file and has it read, as <c>trackwatch reload</c> would.</summary>
    public Task<DeskResult> ReadAsync(string yaml, bool confirmed = false)
    {
        File.WriteAllText(OrdersFile, yaml);
        return Get<OrdersDesk>().RefreshAsync(CancellationToken.None, confirmed);
    }

    /// <summary>Lets time pass, then asks every source about everything that is due there.</summary>
    public async Task<PollTally> PollAsync(TimeSpan later = default)
    {
        Clock.SetTo(Clock.GetUtcNow() + later);
        var tally = PollTally.Nothing;
        foreach (var source in Sources)
            tally += await Get<Round>().PollAsync(source, TimeSpan.FromMinutes(1), CancellationToken.None);
        return tally;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Tables.DisposeAsync();
        foreach (var source in Sources)
            source.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Says of each number what the test put there, in Cainiao's words, and reads them as the real provider does.</summary>
internal sealed class CainiaoMouth(string id = ProviderIds.Cainiao) : ITrackingProvider, IDisposable
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

    /// <summary>What it was asked, in turn.</summary>
    public List<PollQuestion> Questions { get; } = [];

    /// <summary>What it gives instead of answers; null = answers.</summary>
    public PollOutcome? Trouble { get; set; }

    /// <summary>Wanted remembered of every number.</summary>
    public Func<PollQuestion, string?> Memo { get; set; } = _ => null;

    /// <summary>Numbers that it puts off, with the reason.</summary>
    public Func<PollQuestion, Deferral?> PutsOff { get; set; } = _ => null;

    public SourceQuota? Quota { get; set; }

    /// <summary>Numbers that it may know.</summary>
    public Func<string, bool> Knows { get; set; } = _ => true;

    public string Id => id;

    public bool Covers(string number, NumberVerdict verdict, string? carrier) => Knows(number);

    public ProviderLimits Limits { get; set; } =
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
        Questions.AddRange(questions);
        await Meanwhile();
        if (Trouble is not null)
            return new ProviderReply.Trouble(Trouble);
        var deferred = questions.Where(q => PutsOff(q) is not null).ToDictionary(q => q.Number, q => PutsOff(q)!);
        return new ProviderReply.Entries(
            questions
                .Where(q => Parcels.ContainsKey(q.Number) && !deferred.ContainsKey(q.Number))
                .ToDictionary(
                    q => q.Number,
                    q => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Parcels[q.Number]).AsMemory()
                )
        )
        {
            Deferred = deferred,
            Memos = questions
                .Where(q => Memo(q) is not null && !deferred.ContainsKey(q.Number))
                .ToDictionary(q => q.Number, q => Memo(q)!),
            Quota = Quota,
        };
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        reader.Read(question, entry, askedAt);

    public string Keep(ReadOnlyMemory<byte> entry) => reader.Keep(entry);

    public void Dispose() => reader.Dispose();
}
