using System.Text;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

/// <summary>
/// 17TRACK's tracking service (facts.md 2): a number is registered once, for one of the account's quota, and read for nothing
/// from then on. 17TRACK gives a number up after 30 silent days and takes it up again once.
/// </summary>
internal sealed class SeventeenTrackProvider(
    SeventeenTrackSettings settings,
    TimeProvider clock,
    ILogger<SeventeenTrackProvider> logger
) : ITrackingProvider, IDisposable
{
    private readonly HttpAsking _asking = new(settings.AnswerWithin, clock);
    private readonly ReadingLog _log = new("17TRACK", logger);

    /// <summary>Files and variables end in a line break; never empty, because without a key the source is off.</summary>
    private string Key => settings.Key is { Length: > 0 } key ? key.Trim() : "?";

    public string Id => ProviderIds.SeventeenTrack;

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

    /// <summary>Anything it may register (2.1), but for the made-up parcels.</summary>
    public bool Covers(string number, NumberVerdict verdict, string? carrier) =>
        number.Length is >= 5 and <= 50
        && number.All(char.IsAsciiLetterOrDigit)
        && !number.StartsWith("SIM", StringComparison.Ordinal);

    public Uri? PageOf(string number) => new($"https://t.17track.net/en#nums={Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var conversation = new Conversation(_asking, settings.MinGap);
        var round = new SeventeenTrackRound(questions, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var trouble = await RegisterAsync(round, conversation, ct) ?? await ReadAsync(round, conversation, ct);
        if (trouble is not null)
            return trouble with { Requests = conversation.Requests };
        await RetrackAsync(round, conversation, ct);
        return round.Reply() with { Requests = conversation.Requests };
    }

    public PollOutcome Read(PollQuestion question, ReadOnlyMemory<byte> entry, DateTimeOffset askedAt)
    {
        var reading = SeventeenTrackReading.Of(entry, askedAt);
        _log.Note(reading, question.Number);
        return reading.Outcome;
    }

    public async Task<PollOutcome?> TryAsync(CancellationToken ct)
    {
        using var said = await AskAsync(new Conversation(_asking, TimeSpan.Zero), "getquota", [], ct);
        return said.Trouble?.Outcome;
    }

    public string Keep(ReadOnlyMemory<byte> entry) => SeventeenTrackReading.Keep(entry);

    public void Dispose() => _asking.Dispose();

    private async Task<ProviderReply.Trouble?> RegisterAsync(
        SeventeenTrackRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        if (round.Fresh.Count == 0)
            return null;
        using var quota = await AskAsync(conversation, "getquota", [], ct);
        if (quota.Trouble is { } noQuota)
            return noQuota;
        if (quota.Body?.Quota() is not { } left)
            return new(new PollOutcome.Failed("17TRACK does not say what is left of the quota."));

        var affordable = round.Afford(left, quota.Body.LeftToday());
        if (affordable.Count == 0)
            return null;
        using var said = await AskAsync(conversation, "register", SeventeenTrackRequest.ToRegister(affordable), ct);
        if (said.Trouble is null)
            round.Registered(said.Body!.Items());
        else if (said.Trouble.Outcome is PollOutcome.Throttled && said.Trouble.HttpStatus == 200)
            round.PutOff(affordable); // no quota is left after all; what is registered can still be read
        else
            return said.Trouble;
        return null;
    }

    private async Task<ProviderReply.Trouble?> ReadAsync(
        SeventeenTrackRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        if (round.Readable.Count == 0)
            return null;
        using var said = await AskAsync(
            conversation,
            "gettrackinfo",
            SeventeenTrackRequest.Numbers(round.Readable),
            ct
        );
        if (said.Body is not null)
            round.Read(said.Body.Items());
        return said.Trouble;
    }

    /// <summary>Beside the point of the question: where it fails, the next question tries again.</summary>
    private async Task RetrackAsync(SeventeenTrackRound round, Conversation conversation, CancellationToken ct)
    {
        if (round.Stopped.Count == 0)
            return;
        using var said = await AskAsync(conversation, "retrack", SeventeenTrackRequest.Numbers(round.Stopped), ct);
        if (said.Body is not null)
            round.Retracked(said.Body.Items());
    }

    private async Task<Said> AskAsync(Conversation conversation, string path, JsonArray question, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}"
        )
        {
            Content = new StringContent(question.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("17token", Key);
        return await conversation.AskAsync(request, ct) switch
        {
            HttpAnswer.Answered answer => Understood(answer),
            HttpAnswer.NoAnswer none => new(null, new(new PollOutcome.Failed(none.Why))),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    private Said Understood(HttpAnswer.Answered answer)
    {
        var json = JsonBody.Object(answer);
        var code = json?.RootElement.Integer("code");
        if (json is not null && answer.IsSuccess && code == 0)
            return new(new SeventeenTrackBody(json), null);

        var said = json
            ?.RootElement.Field("data")
            .Items("errors")
            .FirstOrDefault()
            .Text("message")
            ?.Replace(Key, "(the key)", StringComparison.Ordinal);
        json?.Dispose();
        return new(
            null,
            new(
                answer.Status == 401
                        ? (
                            code < 0
                                ? SeventeenTrackRefusal.OfCall(code.Value, said)
                                : SeventeenTrackRefusal.Unauthorised
                        )
                    : json is null || !answer.IsSuccess ? JsonBody.Trouble(answer)
                    : SeventeenTrackRefusal.OfCall(code ?? 0, said),
                answer.Status
            )
        );
    }

    /// <summary>One of the two: an answer, or why there is none.</summary>
    private sealed record Said(SeventeenTrackBody? Body, ProviderReply.Trouble? Trouble) : IDisposable
    {
        public void Dispose() => Body?.Dispose();
    }
}
