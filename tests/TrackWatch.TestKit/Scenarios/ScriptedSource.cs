using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Commands.Simulating;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.Cainiao;

namespace TrackWatch.TestKit.Scenarios;

/// <summary>
/// Stands for a source over virtual days: says what the script lets it know, in Cainiao's own shape, so that the real mapper
/// reads it. While it is blocked it shows the block page.
/// </summary>
internal sealed class ScriptedSource(string id, JourneyScript script, TimeProvider clock) : ITrackingProvider
{
    public string Id => id;

    public int Requests { get; private set; }

    public ProviderLimits Limits { get; } =
        new()
        {
            BatchSize = 10,
            MinGap = TimeSpan.Zero,
            Floor = TimeSpan.FromHours(2),
        };

    public bool Covers(string number, NumberVerdict verdict, string? carrier) => script.Covers(id, number);

    public Uri? PageOf(string number) => new($"https://tracking.example.org/{number}");

    public Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        Requests++;
        var now = clock.GetUtcNow();
        if (script.TroubleOf(id, now) is { } trouble)
            return Task.FromResult<ProviderReply>(new ProviderReply.Trouble(trouble));
        var entries = questions.ToDictionary(
            q => q.Number,
            q => ScriptedAnswer.Write(q.Number, script.KnownOf(id, q.Number, now))
        );
        return Task.FromResult<ProviderReply>(new ProviderReply.Entries(entries));
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt) =>
        CainiaoReading.Of(entry, askedAt).Outcome;
}
