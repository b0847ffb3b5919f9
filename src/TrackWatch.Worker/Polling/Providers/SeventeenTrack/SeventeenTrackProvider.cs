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
    private readonly KeyedAsking _asking = new("17TRACK", ProviderIds.SeventeenTrack, settings, clock, "17token");
    private readonly ReadingLog _log = new("17TRACK", logger);

    public string Id => ProviderIds.SeventeenTrack;

    public ProviderLimits Limits => _asking.Limits;

    /// <summary>Anything it may register (2.1), but for the made-up parcels.</summary>
    public bool Covers(string number, NumberVerdict verdict, string? carrier) =>
        number.Length is >= 5 and <= 50
        && number.All(char.IsAsciiLetterOrDigit)
        && !number.StartsWith("SIM", StringComparison.Ordinal);

    public Uri? PageOf(string number) => new($"https://t.17track.net/en#nums={Uri.EscapeDataString(number)}");

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var conversation = _asking.Converse(settings.MinGap);
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

    public async Task<PollOutcome?> TryAsync(CancellationToken ct) =>
        (await AskAsync(_asking.Converse(), "getquota", [], ct)).Trouble?.Outcome;

    public string Keep(ReadOnlyMemory<byte> entry) => SeventeenTrackReading.Keep(entry);

    public void Dispose() => _asking.Dispose();

    private static async Task<ProviderReply.Trouble?> RegisterAsync(
        SeventeenTrackRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        if (round.Fresh.Count == 0)
            return null;
        var quota = await AskAsync(conversation, "getquota", [], ct);
        if (quota.Trouble is { } noQuota)
            return noQuota;
        if (quota.Body?.Quota() is not { } left)
            return new(new PollOutcome.Failed("17TRACK does not say what is left of the quota."));

        var affordable = round.Afford(left, quota.Body.LeftToday());
        if (affordable.Count == 0)
            return null;
        var said = await AskAsync(conversation, "register", SeventeenTrackRequest.ToRegister(affordable), ct);
        if (said.Trouble is null)
            round.Registered(said.Body!.Items());
        else if (said.Trouble.Outcome is PollOutcome.Throttled && said.Trouble.HttpStatus == 200)
            round.PutOff(affordable); // no quota is left after all; what is registered can still be read
        else
            return said.Trouble;
        return null;
    }

    private static async Task<ProviderReply.Trouble?> ReadAsync(
        SeventeenTrackRound round,
        Conversation conversation,
        CancellationToken ct
    )
    {
        if (round.Readable.Count == 0)
            return null;
        var said = await AskAsync(conversation, "gettrackinfo", SeventeenTrackRequest.Numbers(round.Readable), ct);
        if (said.Body is not null)
            round.Read(said.Body.Items());
        return said.Trouble;
    }

    /// <summary>Beside the point of the question: where it fails, the next question tries again.</summary>
    private static async Task RetrackAsync(SeventeenTrackRound round, Conversation conversation, CancellationToken ct)
    {
        if (round.Stopped.Count == 0)
            return;
        var said = await AskAsync(conversation, "retrack", SeventeenTrackRequest.Numbers(round.Stopped), ct);
        if (said.Body is not null)
            round.Retracked(said.Body.Items());
    }

    /// <returns>One of the two: an answer, or why there is none.</returns>
    private static async Task<(SeventeenTrackBody? Body, ProviderReply.Trouble? Trouble)> AskAsync(
        Conversation conversation,
        string path,
        JsonArray question,
        CancellationToken ct
    )
    {
        var answer = await conversation.PostAsync($"/{path}", question, ct);
        return Trouble(answer) is { } trouble ? (null, trouble.AsReply()) : (new(answer.Json), null);
    }

    /// <summary>What is wrong with an answer, by 17TRACK's own codes first; null where nothing is.</summary>
    private static JsonAnswer.Refused? Trouble(JsonAnswer answer)
    {
        var code = answer.Json.Integer("code");
        var said = answer.Json.Field("data").Items("errors").FirstOrDefault().Text("message");
        return answer switch
        {
            { Status: 401 } => new(
                code < 0 ? SeventeenTrackRefusal.OfCall(code.Value, said) : SeventeenTrackRefusal.Unauthorised,
                401
            ),
            JsonAnswer.Refused refused => refused,
            JsonAnswer.Said { IsSuccess: false } unexpected => unexpected.Unexpected(),
            _ => code == 0 ? null : new(SeventeenTrackRefusal.OfCall(code ?? 0, said), answer.Status),
        };
    }
}
