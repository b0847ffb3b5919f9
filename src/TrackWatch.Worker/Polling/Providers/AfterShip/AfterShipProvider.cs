using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

/// <summary>
/// AfterShip follows the numbers of an account by itself: one that it does not have yet is registered, after that many are
/// read at once (facts.md 1).
/// </summary>
internal sealed class AfterShipProvider(
    AfterShipSettings settings,
    TimeProvider clock,
    ILogger<AfterShipProvider> logger
) : ITrackingProvider, IDisposable
{
    private readonly KeyedAsking _asking = new("AfterShip", ProviderIds.AfterShip, settings, clock, "as-api-key");
    private readonly ReadingLog _log = new("AfterShip", logger);

    public string Id => ProviderIds.AfterShip;

    public ProviderLimits Limits => _asking.Limits;

    public Uri? PageOf(string number) => new($"https://www.aftership.com/track/{Uri.EscapeDataString(number)}");

    public Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct) =>
        new AfterShipRound(_asking).AskAsync(questions, ct);

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = AfterShipReading.Of(entry, askedAt);
        _log.Note(reading, question.Number);
        return reading.Outcome;
    }

    public async Task<PollOutcome?> TryAsync(CancellationToken ct) =>
        AfterShipRound.Trouble(_asking, await _asking.Converse().GetAsync("/couriers", ct))?.Outcome;

    public string Keep(ReadOnlyMemory<byte> entry) => PersonalFields.Without(entry, AfterShipReading.Personal);

    public void Dispose() => _asking.Dispose();
}
