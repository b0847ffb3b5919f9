using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.TestKit;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Providers;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Recording;
using TrackWatch.Worker.Running;

namespace TrackWatch.Benchmarks;

/// <summary>The real poller and recorder against a local source in another process and a real PostgreSQL.</summary>
internal sealed class PollingBench : IAsyncDisposable
{
    public const int InFlight = 16;
    private const int BatchSize = 10;
    private const int EventsEach = 18;

    private static readonly PollPace Pace = new(TimeSpan.FromHours(6), TimeSpan.FromHours(2), TestRules.Book.Stalls);

    private readonly int shipments;
    private readonly ProviderStubProcess stub;
    private readonly ServiceProvider services;
    private readonly HttpClient http = new();

    private PollingBench(int shipments, ProviderStubProcess stub, ServiceProvider services)
    {
        this.shipments = shipments;
        this.stub = stub;
        this.services = services;
    }

    private NpgsqlDataSource Source => services.GetRequiredService<NpgsqlDataSource>();
    private ITrackingProvider Provider => services.GetServices<ITrackingProvider>().Single();

    public static async Task<PollingBench> OpenAsync(int shipments)
    {
        var stub = await ProviderStubProcess.StartAsync(syntheticEvents: EventsEach);
        var settings = new TrackWatchSettings
        {
            Providers = new ProvidersSettings
            {
                Cainiao = new CainiaoSettings
                {
                    BaseUrl = stub.Url,
                    MinGap = TimeSpan.Zero,
                    BatchSize = BatchSize,
                    Concurrency = InFlight,
                },
            },
        };
        var loaded = new LoadedSettings(settings, [], null, new OrdersPaths(null, "/nowhere"));
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error))
            .AddRooms(loaded, await ProductDatabases.Shared.CreateAsync() + ";Maximum Pool Size=40")
            .BuildServiceProvider();
        var bench = new PollingBench(shipments, stub, services);
        await bench.ResetAsync();
        return bench;
    }

    /// <summary>The same requests, each answer parsed, nothing kept.</summary>
    public async Task<double> BareAsync()
    {
        var next = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => LaneAsync()));
        return shipments / clock.Elapsed.TotalSeconds;

        async Task LaneAsync()
        {
            while (Interlocked.Add(ref next, BatchSize) is var end && end <= shipments)
            {
                var numbers = string.Join(',', Enumerable.Range(end - BatchSize, BatchSize).Select(Number));
                var body = await http.GetByteArrayAsync(
                    new Uri(stub.Url, $"/global/detail.json?mailNos={numbers}&lang=en-US")
                );
                using var json = JsonDocument.Parse(body);
                if (json.RootElement.GetProperty("module").GetArrayLength() != BatchSize)
                    throw new InvalidOperationException("The source left numbers out.");
            }
        }
    }

    public async Task<double> PollNewAsync()
    {
        await ResetAsync();
        return await PollAllAsync();
    }

    public async Task<double> PollUnchangedAsync()
    {
        await ExecuteAsync("update shipment_sources set next_poll_at = now() - interval '1 minute'");
        await ExecuteAsync("vacuum shipments");
        return await PollAllAsync();
    }

    /// <summary>Recording alone: batches of new events, already read.</summary>
    public async Task<double> RecordAsync()
    {
        await ResetAsync();
        var recorder = services.GetRequiredService<EventRecorder>();
        var claims = services.GetRequiredService<ShipmentClaims>();
        var events = Events();
        var recorded = 0;
        var now = DateTimeOffset.Parse("2026-11-22T12:00Z", CultureInfo.InvariantCulture);
        var time = new Stopwatch();
        for (var batch = 0; batch < 20; batch++)
        {
            var claim = await claims.TakeAsync(
                "cainiao",
                500,
                TimeSpan.FromMinutes(5),
                PollStretch.None,
                urgentFirst: false,
                DateTimeOffset.MaxValue.AddYears(-1),
                default
            );
            var results = claim
                .Shipments.Select(
                    PollResult (s) =>
                        new PollResult.Answered(
                            s,
                            new PollOutcome.Ok(new ParcelReading(events, ParcelSummary.Empty)),
                            [1],
                            "{}"
                        )
                )
                .ToList();
            time.Start();
            recorded += (await recorder.RecordAsync(claim, results, Pace, now, default)).Events;
            time.Stop();
        }
        return recorded / time.Elapsed.TotalSeconds;
    }

    /// <summary>As many rows of the same kind into the same table with the same indexes, by binary COPY.</summary>
    public async Task<double> CopyAsync()
    {
        await ResetAsync();
        var events = Events();
        await using var connection = await Source.OpenConnectionAsync();
        var ids = new List<long>();
        await using (var look = new NpgsqlCommand("select id from shipments order by id limit 10000", connection))
        await using (var row = await look.ExecuteReaderAsync())
            while (await row.ReadAsync())
                ids.Add(row.GetInt64(0));
        var clock = Stopwatch.StartNew();
        foreach (var chunk in ids.Chunk(500))
        {
            await using var copy = await connection.BeginBinaryImportAsync(
                """
                copy tracking_events (shipment_id, fingerprint, provider, number, code, time_as_sent, wall, at, quality, status, leg, place, text, weight,
                    action_needed, customs_trouble, ordinal, raw, recorded_at, first_import) from stdin (format binary)
                """
            );
            foreach (var id in chunk)
            foreach (var e in events)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(id);
                await copy.WriteAsync(Guid.NewGuid());
                await copy.WriteAsync("cainiao");
                await copy.WriteAsync("LP00612345678901");
                await copy.WriteAsync(e.Code);
                await copy.WriteAsync(e.TimeAsSent);
                await copy.WriteAsync(e.Wall, NpgsqlDbType.Timestamp);
                await copy.WriteAsync(e.At, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync("OffsetInferred");
                await copy.WriteAsync("InTransit");
                await copy.WriteAsync("LineHaul");
                await copy.WriteAsync(e.Place!);
                await copy.WriteAsync(e.Text);
                await copy.WriteAsync("Full");
                await copy.WriteAsync(false);
                await copy.WriteAsync(false);
                await copy.WriteAsync(0);
                await copy.WriteAsync(e.Raw, NpgsqlDbType.Jsonb);
                await copy.WriteAsync(e.At, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(true);
            }
            await copy.CompleteAsync();
        }
        return ids.Count * events.Count / clock.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await services.DisposeAsync();
        await stub.DisposeAsync();
    }

    private async Task<double> PollAllAsync()
    {
        var clock = Stopwatch.StartNew();
        var tally = await services
            .GetRequiredService<ShipmentPoller>()
            .PollDueAsync(Provider, TimeSpan.FromMinutes(10), default);
        if (tally.Polled != shipments)
            throw new InvalidOperationException($"{tally.Polled} of {shipments} were polled.");
        return shipments / clock.Elapsed.TotalSeconds;
    }

    private async Task ResetAsync()
    {
        await ExecuteAsync("truncate shipments, shipment_sources, provider_health restart identity cascade");
        await ExecuteAsync("truncate polls, payloads, anomalies");
        await ExecuteAsync(
            $"""
            insert into shipments (number, registered_at, status, action_needed, customs_trouble, ends_by_design, seen_in_destination, summary,
                urgent, wake_on_answer)
            select 'LP' || lpad(n::text, 14, '0'), now(), 'Unknown', false, false, false, false, '{"{}"}', false, false
            from generate_series(0, {shipments - 1}) n
            """
        );
        await services
            .GetRequiredService<SourcePlanner>()
            .PlanAsync(TimeProvider.System.GetUtcNow().AddMinutes(-1), default);
        await ExecuteAsync("vacuum analyze shipments, shipment_sources");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync();
    }

    private static List<ReportedEvent> Events() =>
        [
            .. Enumerable
                .Range(0, EventsEach)
                .Select(n =>
                {
                    var wall = new DateTime(2026, 9, 1, 12, 0, 0).AddDays(-n);
                    return new ReportedEvent
                    {
                        Code = $"SC_CODE_{n}",
                        TimeAsSent = wall.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                        Wall = wall,
                        At = new DateTimeOffset(wall, TimeSpan.Zero),
                        Quality = TimeQuality.OffsetInferred,
                        Status = ParcelStatus.InTransit,
                        Leg = Leg.LineHaul,
                        Place = "Dongguan",
                        Text = "Left the sorting centre",
                        Raw =
                            """{"actionCode":"SC_CODE","timeStr":"2026-09-01 12:00:00","timeZone":"GMT+8","standerdDesc":"[Dongguan] Left the sorting centre"}""",
                    };
                }),
        ];

    private static string Number(int n) => $"LP{n.ToString("D14", CultureInfo.InvariantCulture)}";
}
