using System.Runtime.InteropServices;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.Ship24;

/// <summary>
/// Ship24 follows a number by a tracker: the first question makes it and reads it, the later ones read it by its id, which is
/// what is remembered (facts.md 1).
/// </summary>
internal sealed class Ship24Provider(Ship24Settings settings, TimeProvider clock, ILogger<Ship24Provider> logger)
    : ITrackingProvider,
        IDisposable
{
    private readonly KeyedAsking _asking = new(
        "Ship24",
        ProviderIds.Ship24,
        settings,
        clock,
        "Authorization",
        "Bearer"
    );
    private readonly ReadingLog _log = new("Ship24", logger);

    public string Id => ProviderIds.Ship24;

    public ProviderLimits Limits => _asking.Limits;

    public Uri? PageOf(string number) => new($"https://www.ship24.com/tracking?p={Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var question = questions.Single();
        var conversation = _asking.Converse();
        var answer = Words.IsId(question.Memo)
            ? await conversation.GetAsync($"/trackers/{question.Memo}/results", ct)
            : await TrackAsync(conversation, question, ct);
        // The tracker has been taken out of the account, or is of another one.
        if (answer is JsonAnswer.Said { Status: 404 } && Words.IsId(question.Memo))
            answer = await TrackAsync(conversation, question, ct);
        // It has one that this request may not make anew.
        if (answer is JsonAnswer.Said { Status: 409 })
            answer = await conversation.GetAsync(
                $"/trackers/search/{Uri.EscapeDataString(question.Number)}/results",
                ct
            );
        return answer switch
        {
            JsonAnswer.Said { Status: 400 } said when new Ship24Errors(said.Json).Code == "validation_error" =>
                new ProviderReply.Entries(Of(question, JsonMarshal.GetRawUtf8Value(said.Json).ToArray()))
                {
                    Requests = conversation.Requests,
                },
            _ when Trouble(answer) is { } trouble => trouble.AsReply(conversation.Requests),
            _ => Reply(question, (JsonAnswer.Said)answer) with { Requests = conversation.Requests },
        };
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = Ship24Reading.Of(entry, askedAt);
        _log.Note(reading, question.Number);
        return reading.Outcome;
    }

    public async Task<PollOutcome?> TryAsync(CancellationToken ct) =>
        Trouble(await _asking.Converse().GetAsync("/couriers", ct))?.Outcome;

    public string Keep(ReadOnlyMemory<byte> entry) => PersonalFields.Without(entry, Ship24Reading.Personal);

    public void Dispose() => _asking.Dispose();

    private static Task<JsonAnswer> TrackAsync(Conversation conversation, PollQuestion question, CancellationToken ct)
    {
        var body = new Dictionary<string, string> { ["trackingNumber"] = question.Number };
        if (question.Country is { } country)
            body["destinationCountryCode"] = country;
        if (question.Postcode is { } postcode)
            body["destinationPostCode"] = postcode;
        return conversation.PostAsync("/trackers/track", body, ct);
    }

    /// <summary>What is wrong with an answer that should have been a success; null where it is one.</summary>
    private JsonAnswer.Refused? Trouble(JsonAnswer answer) =>
        answer switch
        {
            JsonAnswer.Refused refused => refused,
            JsonAnswer.Said { Status: 403 } said when new Ship24Errors(said.Json).Code.StartsWith("auth", Ordinal) =>
                _asking.KeyRefused(403),
            JsonAnswer.Said { Status: 402 or 403 } said => new JsonAnswer.Refused(
                new PollOutcome.Throttled(
                    $"Ship24 answers no more under the present plan (HTTP {said.Status}): its quota is used up, or it lacks this service. See the plan at Ship24."
                ),
                said.Status
            ),
            JsonAnswer.Said { IsSuccess: false } said => said.Unexpected(),
            _ => null,
        };

    private static ProviderReply Reply(PollQuestion question, JsonAnswer.Said said)
    {
        if (said.Json.Field("data").Field("trackings").ValueKind != System.Text.Json.JsonValueKind.Array)
            return new ProviderReply.Trouble(
                new PollOutcome.Failed("The answer holds no list of trackings."),
                said.Status
            );
        // Two parcels may share a number: ours is the one remembered, else the one that was seen last.
        var tracking = said
            .Json.Field("data")
            .Items("trackings")
            .Select(json => new Ship24Tracking(json))
            .Where(tracking => tracking.Number == question.Number)
            .OrderByDescending(tracking => tracking.TrackerId is { } id && id == question.Memo)
            .ThenByDescending(
                tracking => tracking.Events.Select(e => e.OccurrenceDatetime).Max(StringComparer.Ordinal),
                StringComparer.Ordinal
            )
            .FirstOrDefault();
        if (tracking is null)
            return new ProviderReply.Entries(new Dictionary<string, ReadOnlyMemory<byte>>());
        return new ProviderReply.Entries(Of(question, JsonMarshal.GetRawUtf8Value(tracking.Json).ToArray()))
        {
            Memos = Words.IsId(tracking.TrackerId)
                ? new Dictionary<string, string> { [question.Number] = tracking.TrackerId }
                : [],
        };
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> Of(PollQuestion question, byte[] entry) =>
        new() { [question.Number] = entry };

    private const StringComparison Ordinal = StringComparison.Ordinal;
}
