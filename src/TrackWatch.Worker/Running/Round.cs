using System.Diagnostics;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Assessing;
using TrackWatch.Worker.Notifying;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Registering;
using TrackWatch.Worker.Registering.Replying;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Running;

/// <summary>What one full round came to.</summary>
internal sealed record RoundReport(PollTally Polls, int Assessed, int Composed, int Sent);

/// <summary>
/// The whole way once: register, poll, record, assess, advise, notify. The bells ring its parts one by one; <c>run --once</c>
/// and the tests walk it from end to end.
/// </summary>
internal sealed class Round(
    OrdersDesk desk,
    ReplyReader replies,
    RulePackNews rules,
    IEnumerable<ITrackingProvider> providers,
    ShipmentPoller poller,
    OrderAssessor assessor,
    SourceWatch sources,
    MailPlanner planner,
    MailSender sender,
    TimeProvider clock
)
{
    /// <param name="atMost">How long polling may go on taking new work.</param>
    public async Task<RoundReport> RunRoundAsync(TimeSpan atMost, CancellationToken ct)
    {
        await desk.RefreshAsync(ct);
        await HearAsync(ct);
        await rules.TellAsync(clock.GetUtcNow(), ct);
        var polls = new List<PollTally>();
        // Those who stand by come after those they stand by for.
        foreach (
            var turn in providers.ToLookup(p => ProviderIds.KindOf(p.Id) == SourceKind.Aggregator).OrderBy(t => t.Key)
        )
            polls.AddRange(await Task.WhenAll(turn.Select(p => PollAsync(p, atMost, ct))));
        var assessed = await AssessAsync(ct);
        var composed = await PlanAsync(ct);
        var sent = await SendAsync(ct);
        return new RoundReport(polls.Aggregate(PollTally.Nothing, (all, one) => all + one), assessed, composed, sent);
    }

    /// <summary>Answers come before everything else: they may say that nothing is to be done any more.</summary>
    public Task<int> HearAsync(CancellationToken ct) =>
        TimedAsync("hearing", () => replies.ReadAsync(clock.GetUtcNow(), ct));

    public Task<PollTally> PollAsync(ITrackingProvider provider, TimeSpan atMost, CancellationToken ct) =>
        TimedAsync("polling", () => poller.PollDueAsync(provider, atMost, ct));

    public Task<int> AssessAsync(CancellationToken ct) =>
        TimedAsync("assessing", () => assessor.AssessDueAsync(clock.GetUtcNow(), ct));

    public Task<int> PlanAsync(CancellationToken ct) =>
        TimedAsync(
            "planning",
            async () =>
            {
                var now = clock.GetUtcNow();
                await sources.TellOfOutagesAsync(now, ct);
                return await planner.PlanAsync(now, ct);
            }
        );

    public Task<int> SendAsync(CancellationToken ct) =>
        TimedAsync("sending", () => sender.SendDueAsync(clock.GetUtcNow(), ct));

    private static async Task<T> TimedAsync<T>(string room, Func<Task<T>> work)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            Instruments.RoundDuration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>("room", room)
            );
        }
    }
}
