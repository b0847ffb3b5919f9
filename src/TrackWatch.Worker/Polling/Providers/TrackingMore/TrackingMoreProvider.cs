using System.Text;
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
    private readonly HttpAsking _asking = new(settings.AnswerWithin, clock);
    private readonly ReadingLog _log = new("TrackingMore", logger);

    /// <summary>Files and variables end in a line break; never empty, because without a key the source is off.</summary>
    private string Key => settings.Key is { Length: > 0 } key ? key.Trim() : "?";

    public string Id => ProviderIds.TrackingMore;

    public ProviderLimits Limits { get; } =
        new()
        {
            BatchSize = settings.BatchSize,
            MinGap = settings.MinGap,
            GapJitter = settings.GapJitter ?? settings.MinGap,
            Floor = settings.Floor,
            Lanes = settings.Lanes,
            Concurrency = settings.Concurrency,
            PerDay = settings.PerDay,
            PerMonth = settings.PerMonth,
        };

    /// <summary>Anything that may be a number, but for the made-up parcels.</summary>
    public bool Covers(string number, NumberVerdict verdict, string? carrier) =>
        number.Length is >= 5 and <= 50
        && number.All(char.IsAsciiLetterOrDigit)
        && !number.StartsWith("SIM", StringComparison.Ordinal);

    public Uri? PageOf(string number) => new($"https://www.trackingmore.com/track/en/{Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var conversation = new Conversation(_asking, settings.MinGap);
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
    public async Task<PollOutcome?> TryAsync(CancellationToken ct)
    {
        using var said = await GetAsync(new Conversation(_asking, TimeSpan.Zero), ["RR473124829GB"], ct);
        return said.Trouble?.Outcome;
    }

    public string Keep(ReadOnlyMemory<byte> entry) => TrackingMoreReading.Keep(entry);

    public void Dispose() => _asking.Dispose();

    private async Task<ProviderReply?> RegisterAsync(
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
                using var said = await PostAsync(
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
            using var said = await PostAsync(
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

    private async Task<ProviderReply?> ReadAsync(
        TrackingMoreRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        if (round.Readable.Count == 0)
            return null;
        using var said = await GetAsync(conversation, round.Readable, ct);
        if (said.Body is not null)
            round.Read(said.Body);
        return said.Trouble;
    }

    private async Task<Said> GetAsync(Conversation conversation, IEnumerable<string> numbers, CancellationToken ct)
    {
        using var request = Request(
            HttpMethod.Get,
            $"trackings/get?tracking_numbers={string.Join(',', numbers.Select(Uri.EscapeDataString))}"
        );
        var said = await SendAsync(conversation, request, ct);
        if (said.Body is not { Code: not (200 or TrackingMoreRefusal.NotRegistered) } body)
            return said;
        said.Dispose();
        return new(null, new(TrackingMoreRefusal.OfCall(body.Code, null)));
    }

    private async Task<Said> PostAsync(Conversation conversation, string path, JsonNode question, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = new StringContent(question.ToJsonString(), Encoding.UTF8, "application/json");
        return await SendAsync(conversation, request, ct);
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}");
        request.Headers.TryAddWithoutValidation("Tracking-Api-Key", Key);
        return request;
    }

    private async Task<Said> SendAsync(Conversation conversation, HttpRequestMessage request, CancellationToken ct) =>
        await conversation.AskAsync(request, ct) switch
        {
            HttpAnswer.Answered answer => Understood(answer),
            HttpAnswer.NoAnswer none => new(null, new(new PollOutcome.Failed(none.Why))),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };

    private Said Understood(HttpAnswer.Answered answer)
    {
        var json = JsonBody.Object(answer);
        var meta = json?.RootElement.Field("meta") ?? default;
        var code = meta.Integer("code");
        if (
            json is not null
            && (
                code is { } known && TrackingMoreRefusal.IsOfNumber(known) && answer.Status < 500
                || code is 200 or 201 && answer.IsSuccess
            )
        )
            return new(new TrackingMoreBody(json, code == 201 ? 200 : code.Value), null);

        var said = meta.Text("message")?.Replace(Key, "(the key)", StringComparison.Ordinal);
        json?.Dispose();
        return new(
            null,
            new(
                answer.Status == 429 || code == 429 ? TrackingMoreRefusal.TooMany(answer.RetryAfter)
                    : answer.Status == 401 || code is { } refused && TrackingMoreRefusal.IsOfKey(refused)
                        ? TrackingMoreRefusal.Unauthorised
                    : json is null || !answer.IsSuccess ? JsonBody.Trouble(answer)
                    : TrackingMoreRefusal.OfCall(code ?? 0, said),
                answer.Status
            )
        );
    }

    /// <summary>One of the two: an answer, or why there is none.</summary>
    private sealed record Said(TrackingMoreBody? Body, ProviderReply.Trouble? Trouble) : IDisposable
    {
        public void Dispose() => Body?.Dispose();
    }
}
