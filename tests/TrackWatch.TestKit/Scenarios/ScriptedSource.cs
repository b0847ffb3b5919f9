using System.Globalization;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.TestKit.Scenarios;

/// <summary>
/// Stands for a source over virtual days: says what the script lets it know, in Cainiao's own shape, so that the real mapper
/// reads it. While it is blocked it shows the block page.
/// </summary>
internal sealed class ScriptedSource(string id, JourneyEntries script, TimeProvider clock) : ITrackingProvider
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public string Id => id;

    public int Requests { get; private set; }

    public ProviderLimits Limits { get; } =
        new()
        {
            BatchSize = 10,
            MinGap = TimeSpan.Zero,
            Floor = TimeSpan.FromHours(2),
        };

    public Uri? PageOf(string number) => new($"https://tracking.example.org/{number}");

    public Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        Requests++;
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (script.Sources.GetValueOrDefault(id)?.Blocked.Any(b => today >= b.From && today <= b.To) == true)
            return Task.FromResult<ProviderReply>(
                new ProviderReply.Trouble(new PollOutcome.Blocked("shows a block page"))
            );
        var entries = questions.ToDictionary(q => q.Number, q => Entry(q.Number, now));
        return Task.FromResult<ProviderReply>(new ProviderReply.Entries(entries));
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        CainiaoReading.Of(entry, askedAt).Outcome;

    private ReadOnlyMemory<byte> Entry(string number, DateTimeOffset now)
    {
        var known = script
            .Events.GetValueOrDefault(number, [])
            .Where(e => e.Provider == id && e.KnownFrom <= now)
            .OrderByDescending(e => e.Happens)
            .ToList();
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                mailNo = number,
                mailNoSource = "EXTERNAL",
                detailList = known.Select(e => new
                {
                    time = e.Happens.ToUnixTimeMilliseconds(),
                    timeStr = e.Happens.ToOffset(China).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    timeZone = "GMT+8",
                    standerdDesc = e.Place is null ? e.Text : $"[{e.Place}] {e.Text}",
                    actionCode = e.Code,
                }),
            }
        );
    }
}
