using System.Runtime.InteropServices;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Polling.Asking;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

/// <summary>
/// One question to AfterShip and what follows from it: the list first, then a few single requests for numbers that are not
/// in it and for trackings that have stopped. Used once.
/// </summary>
internal sealed class AfterShipRound(KeyedAsking asking)
{
    /// <summary>Requests beside the list; what does not fit waits its turn, so that a claim is never held for long.</summary>
    private const int MaxSingles = 10;

    /// <summary>The strictest endpoint takes five a second.</summary>
    private static readonly TimeSpan BetweenRequests = TimeSpan.FromMilliseconds(200);

    private static readonly Deferral TurnToCome = new(
        "AfterShip is asked to follow it when its turn comes.",
        TimeSpan.FromMinutes(1)
    );

    private static readonly Deferral FollowedAgain = new(
        "AfterShip had given it up and was asked to follow it again.",
        TimeSpan.FromHours(1)
    );

    private readonly Conversation _conversation = asking.Converse(BetweenRequests);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _entries = [];
    private readonly Dictionary<string, string> _memos = [];
    private readonly Dictionary<string, Deferral> _deferred = [];
    private JsonAnswer.Refused? _refused;

    private bool MayAsk => _conversation.Requests <= MaxSingles && _refused is null;

    public async Task<ProviderReply> AskAsync(IReadOnlyList<PollQuestion> questions, CancellationToken ct)
    {
        var numbers = string.Join(',', questions.Select(q => Uri.EscapeDataString(q.Number)));
        var listed = await _conversation.GetAsync($"/trackings?tracking_numbers={numbers}&limit=200", ct);
        // The list of nothing is an empty one, or 4004.
        if (!IsMissing(listed) && Trouble(asking, listed) is { } trouble)
            return trouble.AsReply();
        var trackings = ((JsonAnswer.Said)listed)
            .Json.Field("data")
            .Items("trackings")
            .Select(json => new AfterShipTracking(json))
            .ToList();
        if (trackings.Count == 0 && listed is JsonAnswer.Said { IsSuccess: true } said && !HoldsList(said))
            return new ProviderReply.Trouble(
                new PollOutcome.Failed("The answer holds no list of trackings."),
                said.Status
            );

        var missing = new List<PollQuestion>();
        foreach (var question in questions.DistinctBy(q => q.Number))
            if (Choose(trackings, question) is { } tracking)
                await TakeAsync(question, tracking, ct);
            else
                missing.Add(question);
        foreach (var question in missing.OrderByDescending(q => q.IsUrgent))
            await FetchAsync(question, ct);

        // What was answered counts; the trouble comes again with the next question if it lasts.
        return _entries.Count == 0 && _refused is not null
            ? _refused.AsReply(_conversation.Requests)
            : new ProviderReply.Entries(_entries)
            {
                Requests = _conversation.Requests,
                Memos = _memos,
                Deferred = _deferred,
            };
    }

    /// <summary>What is wrong with an answer that should have been a success; null where it is one.</summary>
    public static JsonAnswer.Refused? Trouble(KeyedAsking asking, JsonAnswer answer) =>
        answer switch
        {
            JsonAnswer.Refused refused => refused,
            JsonAnswer.Said { Status: 403 } => asking.KeyRefused(403),
            JsonAnswer.Said { IsSuccess: false } said => said.Unexpected(),
            _ => null,
        };

    /// <summary>Several couriers may have the number: ours is the one remembered, else the one heard of last.</summary>
    private static AfterShipTracking? Choose(List<AfterShipTracking> trackings, PollQuestion question) =>
        trackings
            .Where(tracking => tracking.Number == question.Number)
            .OrderByDescending(tracking => tracking.Id is { } id && id == AfterShipMemo.Of(question.Memo)?.Id)
            .ThenByDescending(tracking => tracking.UpdatedAt)
            .FirstOrDefault();

    private async Task TakeAsync(PollQuestion question, AfterShipTracking tracking, CancellationToken ct)
    {
        var memo = Words.IsId(tracking.Id) ? new AfterShipMemo(tracking.Id) : null;
        if (AfterShipMemo.Of(question.Memo) is { } known && known.Id == memo?.Id)
            memo = known;
        if (memo is { Retracked: false } && HasStopped(tracking))
        {
            var answer = MayAsk
                ? await SingleAsync(_conversation.PostAsync($"/trackings/{memo.Id}/retrack", null, ct))
                : null;
            // It may be wanted only once; "not allowed" (4013, 4016) is an answer too.
            if (answer is JsonAnswer.Said)
                memo = memo with { Retracked = true };
            // That it has given up is not to be told before its second chance is spent.
            if (answer is not JsonAnswer.Said { IsSuccess: false })
                _deferred[question.Number] = answer is JsonAnswer.Said ? FollowedAgain : TurnOrTrouble();
        }
        if (!_deferred.ContainsKey(question.Number))
            _entries[question.Number] = JsonMarshal.GetRawUtf8Value(tracking.Json).ToArray();
        if (memo is not null)
            _memos[question.Number] = memo.ToString();
    }

    /// <summary>Given up by age, the parcel not being where it should be.</summary>
    private static bool HasStopped(AfterShipTracking tracking) =>
        tracking.IsInactive
        && AfterShipCodes.Meaning(Words.Code(tracking.Tag), Words.Code(tracking.Subtag))?.Status
            is not (ParcelStatus.Delivered or ParcelStatus.Returned);

    /// <summary>A number that the list does not have: read by its id where one is remembered, registered otherwise.</summary>
    private async Task FetchAsync(PollQuestion question, CancellationToken ct)
    {
        if (AfterShipMemo.Of(question.Memo) is { } memo && MayAsk && await ReadAsync(question, memo.Id, ct))
            return;
        if (MayAsk)
            await RegisterAsync(question, ct);
        if (_entries.ContainsKey(question.Number) || _deferred.ContainsKey(question.Number))
            return;
        // Nothing that is known of it is lost meanwhile.
        if (!_memos.ContainsKey(question.Number) && AfterShipMemo.Of(question.Memo) is { } known)
            _memos[question.Number] = known.ToString();
        _deferred[question.Number] = TurnOrTrouble();
    }

    /// <summary>Why a request that a number needs was not made, or came to nothing.</summary>
    private Deferral TurnOrTrouble() =>
        _refused is null
            ? TurnToCome
            : new Deferral(
                _refused.Outcome.Trouble ?? "",
                (_refused.Outcome as PollOutcome.Throttled)?.RetryAfter ?? TimeSpan.FromMinutes(5)
            );

    private async Task<bool> ReadAsync(PollQuestion question, string id, CancellationToken ct)
    {
        var answer = await SingleAsync(_conversation.GetAsync($"/trackings/{id}", ct));
        if (IsMissing(answer))
            return false;
        if ((_refused ??= Trouble(asking, answer)) is not null)
            return false;
        var tracking = new AfterShipTracking(((JsonAnswer.Said)answer).Json.Field("data"));
        if (tracking.Number != question.Number)
            return false;
        await TakeAsync(question, tracking, ct);
        return true;
    }

    private async Task RegisterAsync(PollQuestion question, CancellationToken ct)
    {
        var body = new Dictionary<string, string> { ["tracking_number"] = question.Number };
        if (question.Postcode is { } postcode)
            body["tracking_postal_code"] = postcode;
        var answer = await SingleAsync(_conversation.PostAsync("/trackings", body, ct));
        if (answer is JsonAnswer.Said { Status: 400 } refusal)
        {
            var meta = new AfterShipMeta(refusal.Json);
            if (meta.IsAboutNumber)
            {
                _entries[question.Number] = JsonMarshal.GetRawUtf8Value(refusal.Json).ToArray();
                return;
            }
            if (
                meta.Code == AfterShipMeta.ExistsAlready
                && refusal.Json.Field("data").Text("id") is { } id
                && Words.IsId(id)
            )
            {
                _memos[question.Number] = new AfterShipMemo(id).ToString();
                if (MayAsk)
                    await ReadAsync(question, id, ct);
                return;
            }
        }
        if ((_refused ??= Trouble(asking, answer)) is not null)
            return;
        var tracking = new AfterShipTracking(((JsonAnswer.Said)answer).Json.Field("data"));
        if (tracking.Number == question.Number)
            await TakeAsync(question, tracking, ct);
        else
            _refused = new(new PollOutcome.Failed("The answer to a registration holds no tracking of the number."));
    }

    private async Task<JsonAnswer> SingleAsync(Task<JsonAnswer> asked)
    {
        var answer = await asked;
        _refused ??= answer as JsonAnswer.Refused;
        return answer;
    }

    private static bool IsMissing(JsonAnswer answer) =>
        answer is JsonAnswer.Said { Status: 404 } said && new AfterShipMeta(said.Json).Code == AfterShipMeta.NotFound;

    private static bool HoldsList(JsonAnswer.Said said) =>
        said.Json.Field("data").Field("trackings").ValueKind == JsonValueKind.Array;
}
