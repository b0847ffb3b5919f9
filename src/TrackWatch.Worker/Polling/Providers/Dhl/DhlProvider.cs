using System.Runtime.InteropServices;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Dhl;

/// <summary>DHL's Shipment Tracking – Unified: one number per call, few calls a day (facts.md 1).</summary>
internal sealed class DhlProvider(DhlSettings settings, TimeProvider clock, ILogger<DhlProvider> logger)
    : ITrackingProvider,
        IDisposable
{
    /// <summary>DHL has no test environment; a number that nobody has costs one call of the day.</summary>
    private static readonly PollQuestion NobodysNumber = new("00000000000000000000", DateTimeOffset.UnixEpoch);

    private readonly KeyedAsking _asking = new("DHL", ProviderIds.Dhl, settings, clock, "DHL-API-Key");
    private readonly ReadingLog _log = new("DHL", logger);

    public string Id => ProviderIds.Dhl;

    public ProviderLimits Limits => _asking.Limits;

    public bool Covers(string number, NumberVerdict verdict, string? carrier) =>
        verdict.IsLikely("dhl", "dhl_de", "dhl_ecommerce", "deutsche_post")
        || (
            carrier is not null
            && (
                carrier.Contains("dhl", StringComparison.OrdinalIgnoreCase)
                || carrier
                    .Replace('_', ' ')
                    .Replace('-', ' ')
                    .Contains("deutsche post", StringComparison.OrdinalIgnoreCase)
            )
        );

    public Uri? PageOf(string number) =>
        new($"https://www.dhl.com/global-en/home/tracking.html?tracking-id={Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var question = questions.Single();
        return await _asking.Converse().GetAsync(Path(question), ct) switch
        {
            JsonAnswer.Said said => Reply(question, said),
            JsonAnswer.Refused refused => refused.AsReply(),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = DhlReading.Of(entry, askedAt);
        _log.Note(reading, question.Number);
        return reading.Outcome;
    }

    public async Task<PollOutcome?> TryAsync(CancellationToken ct) =>
        await AskAsync([NobodysNumber], ct) is ProviderReply.Trouble trouble ? trouble.Outcome : null;

    public string Keep(ReadOnlyMemory<byte> entry) => PersonalFields.Without(entry, DhlReading.Personal);

    public void Dispose() => _asking.Dispose();

    // The language is fixed so that texts stay what they are.
    private static string Path(PollQuestion question) =>
        $"/track/shipments?trackingNumber={Uri.EscapeDataString(question.Number)}&language=en"
        + (question.Country is { } country ? $"&requesterCountryCode={Uri.EscapeDataString(country)}" : "")
        + (question.Postcode is { } postcode ? $"&recipientPostalCode={Uri.EscapeDataString(postcode)}" : "");

    private ProviderReply Reply(PollQuestion question, JsonAnswer.Said said)
    {
        var answer = new DhlAnswer(said.Json);
        // A problem document of the service, and no gateway's word on an address that it does not serve.
        var isAboutNumber = said.Status is 400 or 404 && answer.Problem == said.Status;
        if (said.Status == 403)
            return _asking.KeyRefused(403).AsReply();
        if (!said.IsSuccess && !isAboutNumber)
            return said.Unexpected().AsReply();
        if (said.IsSuccess && answer.Shipments is null)
            return new ProviderReply.Trouble(
                new PollOutcome.Failed("The answer holds no list of shipments."),
                said.Status
            );
        // Other parcels of the same id are other people's: they go no further than this.
        var entry = answer.Shipments is { Count: > 0 } shipments
            ? DhlReading.Choose(shipments, question)?.Json
            : said.Json;
        var entries = new Dictionary<string, ReadOnlyMemory<byte>>();
        if (entry is { } own)
            entries[question.Number] = JsonMarshal.GetRawUtf8Value(own).ToArray();
        return new ProviderReply.Entries(entries);
    }
}
