using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

/// <summary>
/// TrackingMore's tracking service (facts.md 5): a number is registered once, under the courier whose it is and for one of the
/// plan's quota, and read for nothing from then on.
/// </summary>
internal sealed class TrackingMoreProvider(
    TrackingMoreSettings settings,
    TimeProvider clock,
    ILogger<TrackingMoreProvider> logger
) : ITrackingProvider, IDisposable
{
    private readonly KeyedAsking _asking = new(
        "TrackingMore",
        ProviderIds.TrackingMore,
        settings,
        clock,
        "Tracking-Api-Key"
    );
    private readonly ReadingLog _log = new("TrackingMore", logger);

    public string Id => ProviderIds.TrackingMore;

    public ProviderLimits Limits => _asking.Limits;

    /// <summary>Anything that may be a number, but for the made-up parcels.</summary>
    public bool Covers(string number, NumberVerdict verdict, string? carrier) =>
        number.Length is >= 5 and <= 50
        && number.All(char.IsAsciiLetterOrDigit)
        && !number.StartsWith("SIM", StringComparison.Ordinal);

    public Uri? PageOf(string number) => new($"https://www.trackingmore.com/track/en/{Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var conversation = _asking.Converse(settings.MinGap);
        var round = new TrackingMoreRound(questions, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var trouble = await RegisterAsync(round, conversation, ct) ?? await ReadAsync(round, conversation, ct);
        return (trouble ?? round.Reply()) with { Requests = conversation.Requests };
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = TrackingMoreReading.Of(entry, askedAt);
        _log.Note(reading, question.Number);
        return reading.Outcome;
    }

    /// <summary>Reads a number that nobody has registered: that costs nothing and needs the key.</summary>
    public async Task<PollOutcome?> TryAsync(CancellationToken ct) =>
        (await GetAsync(_asking.Converse(), ["RR473124829GB"], ct)).Trouble?.Outcome;

    public string Keep(ReadOnlyMemory<byte> entry) => TrackingMoreReading.Keep(entry);

    public void Dispose() => _asking.Dispose();

    private static async Task<ProviderReply?> RegisterAsync(
        TrackingMoreRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        var items = new List<(string Number, JsonObject Item)>();
        foreach (var question in round.Fresh)
        {
            var courier = TrackingMoreCodes.Courier(question.Carrier);
            if (courier is null)
            {
                var said = await PostAsync(
                    conversation,
                    "couriers/detect",
                    new JsonObject { ["tracking_number"] = question.Number },
                    ct
                );
                if (said.Trouble is not null)
                    return said.Trouble;
                courier = said.Body!.Courier();
                if (courier is null)
                    round.Refused(
                        question.Number,
                        said.Body.Code == 200 ? TrackingMoreRefusal.NoCourier : said.Body.Code
                    );
            }
            if (courier is not null)
                items.Add((question.Number, TrackingMoreRequest.ToRegister(question, courier)));
        }

        var batches = new Queue<List<(string Number, JsonObject Item)>>();
        if (items.Count > 0)
            batches.Enqueue(items);
        while (batches.TryDequeue(out var batch))
        {
            var said = await PostAsync(
                conversation,
                "trackings/batch",
                new JsonArray([.. batch.Select(one => one.Item.DeepClone())]),
                ct
            );
            if (said.Trouble is not null)
                return said.Trouble;
            if (said.Body!.Code == 200)
                round.Registered(said.Body);
            else if (batch.Count == 1 || said.Body.Code == TrackingMoreRefusal.QuotaUsedUp)
                foreach (var (number, _) in batch)
                    round.Refused(number, said.Body.Code);
            else
                // All were refused for the sake of one: each by itself shows which.
                foreach (var one in batch)
                    batches.Enqueue([one]);
        }
        return null;
    }

    private static async Task<ProviderReply?> ReadAsync(
        TrackingMoreRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        if (round.Readable.Count == 0)
            return null;
        var said = await GetAsync(conversation, round.Readable, ct);
        if (said.Body is not null)
            round.Read(said.Body);
        return said.Trouble;
    }

    /// <returns>One of the two, as of <see cref="Understood"/>.</returns>
    private static async Task<(TrackingMoreBody? Body, ProviderReply.Trouble? Trouble)> GetAsync(
        Conversation conversation,
        IEnumerable<string> numbers,
        CancellationToken ct
    )
    {
        var list = string.Join(',', numbers.Select(Uri.EscapeDataString));
        var said = Understood(await conversation.GetAsync($"/trackings/get?tracking_numbers={list}", ct));
        return said.Body is { Code: not (200 or TrackingMoreRefusal.NotRegistered) and var code }
            ? (null, new(TrackingMoreRefusal.OfCall(code, null)))
            : said;
    }

    /// <inheritdoc cref="GetAsync"/>
    private static async Task<(TrackingMoreBody? Body, ProviderReply.Trouble? Trouble)> PostAsync(
        Conversation conversation,
        string path,
        JsonNode question,
        CancellationToken ct
    ) => Understood(await conversation.PostAsync($"/{path}", question, ct));

    /// <returns>One of the two: an answer, or why there is none.</returns>
    private static (TrackingMoreBody? Body, ProviderReply.Trouble? Trouble) Understood(JsonAnswer answer) =>
        Trouble(answer) is { } trouble ? (null, trouble.AsReply()) : (new(answer.Json), null);

    /// <summary>What is wrong with an answer, by TrackingMore's own codes first; null where nothing is, or with a number alone.</summary>
    private static JsonAnswer.Refused? Trouble(JsonAnswer answer)
    {
        var meta = answer.Json.Field("meta");
        var code = meta.Integer("code") ?? 0;
        return answer switch
        {
            { Status: < 500 } when TrackingMoreRefusal.IsOfNumber(code) => null,
            JsonAnswer.Said { IsSuccess: true } when code is 200 or 201 => null,
            _ when answer.Status == 429 || code == 429 => new(
                TrackingMoreRefusal.TooMany(answer.RetryAfter),
                answer.Status
            ),
            _ when answer.Status == 401 || TrackingMoreRefusal.IsOfKey(code) => new(
                TrackingMoreRefusal.Unauthorised,
                answer.Status
            ),
            JsonAnswer.Refused refused => refused,
            JsonAnswer.Said { IsSuccess: false } unexpected => unexpected.Unexpected(),
            _ => new(TrackingMoreRefusal.OfCall(code, meta.Text("message")), answer.Status),
        };
    }
}
