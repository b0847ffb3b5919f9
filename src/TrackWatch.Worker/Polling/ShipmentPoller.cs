using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Rules;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Recording;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Polling;

/// <summary>What one ring of a provider came to.</summary>
internal sealed record PollTally(int Polled, int Unchanged, int Events)
{
    public static readonly PollTally Nothing = new(0, 0, 0);

    public static PollTally operator +(PollTally one, PollTally other) =>
        new(one.Polled + other.Polled, one.Unchanged + other.Unchanged, one.Events + other.Events);
}

/// <summary>Asks one provider about what is due: slot, claim, request, record, until nothing is due or the time is up.</summary>
internal sealed partial class ShipmentPoller(
    SourcePlanner planner,
    ShipmentClaims claims,
    ProviderGate gate,
    BudgetKeeper budgets,
    EventRecorder recorder,
    PollingSettings settings,
    RuleBook rules,
    TimeProvider clock,
    ILogger<ShipmentPoller> logger
)
{
    /// <param name="atMost">How long the ring may go on taking new work.</param>
    public async Task<PollTally> PollDueAsync(ITrackingProvider provider, TimeSpan atMost, CancellationToken ct)
    {
        var started = Stopwatch.StartNew();
        await planner.PlanAsync(clock.GetUtcNow(), ct);
        var budget = await budgets.OfAsync(provider, clock.GetUtcNow(), ct);
        // While one load is written back the next one is asked about.
        var lanes = provider.Limits.MinGap == TimeSpan.Zero ? 2 : 1;
        var tallies = await Task.WhenAll(
            Enumerable.Range(0, lanes).Select(_ => LaneAsync(provider, budget, started, atMost, ct))
        );
        return tallies.Aggregate(PollTally.Nothing, (all, one) => all + one);
    }

    private async Task<PollTally> LaneAsync(
        ITrackingProvider provider,
        PollBudget budget,
        Stopwatch started,
        TimeSpan atMost,
        CancellationToken ct
    )
    {
        var total = PollTally.Nothing;
        while (started.Elapsed < atMost)
        {
            ct.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow();
            var taken = await claims.TakeAsync(
                provider.Id,
                LoadOf(provider.Limits),
                settings.Lease,
                budget.Stretch,
                budget.IsShort,
                now,
                ct
            );
            if (taken.Shipments.Count == 0)
                return total;
            var claim = await StandByAsync(provider, taken, now, ct);
            if (claim.Shipments.Count == 0)
                continue;
            var wait = TimeSpan.Zero;
            var written = false;
            try
            {
                var requests = (claim.Shipments.Count + provider.Limits.BatchSize - 1) / provider.Limits.BatchSize;
                var slot = await gate.TakeAsync(provider.Id, provider.Limits, requests, now, ct);
                if (slot is Slot.Taken open)
                {
                    total += await PollAsync(provider, open, claim, now, ct);
                    written = true;
                    continue;
                }
                if (slot is not Slot.TooEarly early || started.Elapsed + early.Wait >= atMost)
                    return total;
                wait = early.Wait;
            }
            finally
            {
                // Others need not wait for the lease to run out.
                if (!written)
                    await claims.ReleaseAsync(claim, CancellationToken.None);
            }
            // The gap is the database's time, not business time.
            await Task.Delay(wait + TimeSpan.FromMilliseconds(1), ct);
        }
        return total;
    }

    /// <summary>Lets go of the shipments that a source before this one answers for.</summary>
    /// <returns>What is left of the claim.</returns>
    private async Task<Claim> StandByAsync(
        ITrackingProvider provider,
        Claim claim,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var putOff = new List<PollResult>();
        var wanted = new List<ClaimedShipment>(claim.Shipments.Count);
        foreach (var shipment in claim.Shipments)
            if (SourcePlan.StandsByUntil(shipment.Siblings.Better, settings.Interval, now) is { } until)
                putOff.Add(
                    new PollResult.PutOff(shipment, until == DateTimeOffset.MaxValue ? null : until, StandsBy: true)
                );
            else
                wanted.Add(shipment);
        if (putOff.Count == 0)
            return claim;
        await StoreAsync(provider, claim, putOff, now, ct);
        return claim with { Shipments = wanted };
    }

    /// <summary>
    /// A source that wants a gap is asked one request at a time. One that wants none is asked in loads, each of which is
    /// claimed and written back at once; a load must be asked about well within the lease.
    /// </summary>
    private static int LoadOf(ProviderLimits limits) =>
        limits.MinGap > TimeSpan.Zero ? limits.BatchSize : Math.Min(500, limits.BatchSize * limits.Concurrency * 3);

    private async Task<PollTally> PollAsync(
        ITrackingProvider provider,
        Slot.Taken slot,
        Claim claim,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        using var span = Instruments.Spans.StartActivity("poll");
        span?.SetTag("trackwatch.provider", provider.Id).SetTag("trackwatch.shipments", claim.Shipments.Count);
        var results = new ConcurrentBag<PollResult>();
        var trouble = 0;
        // A source that was in trouble is tried with one number; the rest of the load is let go, and stays due.
        IReadOnlyList<ClaimedShipment> load = slot.Trips > 0 ? [claim.Shipments[0]] : claim.Shipments;
        await Parallel.ForEachAsync(
            load.Chunk(provider.Limits.BatchSize),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Math.Max(1, provider.Limits.Concurrency),
                CancellationToken = ct,
            },
            async (batch, token) =>
            {
                // After a refusal the rest of the load stays unasked, and due.
                if (Volatile.Read(ref trouble) > 0)
                    return;
                var questions = batch.Select(Question).ToList();
                var reply = await AskAsync(provider, questions, token);
                await gate.CountAsync(provider.Id, reply, now, token);
                if (reply is ProviderReply.Trouble refused)
                {
                    if (Interlocked.Increment(ref trouble) == 1)
                        await LeaveAloneAsync(provider, slot, refused.Outcome, now, token);
                    foreach (var shipment in batch)
                        results.Add(new PollResult.NoAnswer(shipment, refused.Outcome, RetryAt: null));
                    return;
                }
                foreach (var (shipment, question) in batch.Zip(questions))
                {
                    var entries = (ProviderReply.Entries)reply;
                    results.Add(
                        Read(provider, shipment, question, entries, now) with
                        {
                            Memo = entries.Memos.GetValueOrDefault(question.Number),
                        }
                    );
                }
            }
        );
        if (trouble == 0)
            await gate.SucceededAsync(provider.Id, slot, now, ct);
        var tally = await RecordAsync(provider, claim, [.. results], now, ct);
        if (results.Count < claim.Shipments.Count)
            await claims.ReleaseAsync(claim, ct);
        return tally;
    }

    private async Task<PollTally> RecordAsync(
        ITrackingProvider provider,
        Claim claim,
        IReadOnlyList<PollResult> results,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // What a source has answered is written down even while we are being stopped.
        var recorded = await StoreAsync(provider, claim, results, now, CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        foreach (var outcome in results.Where(r => r is not PollResult.PutOff).CountBy(Name))
            Instruments.Polls.Add(outcome.Value, new("provider", provider.Id), new("outcome", outcome.Key));
        var unchanged = results.Count(r => r is PollResult.Unchanged);
        Instruments.Unchanged.Add(unchanged, new KeyValuePair<string, object?>("provider", provider.Id));
        return new PollTally(results.Count(r => r is not PollResult.PutOff), unchanged, recorded.Events);
    }

    private async Task<Recorded> StoreAsync(
        ITrackingProvider provider,
        Claim claim,
        IReadOnlyList<PollResult> results,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var pace = new PollPace(settings.Interval, provider.Limits.Floor, rules.Stalls);
        try
        {
            return await recorder.RecordAsync(claim, results, pace, now, ct);
        }
        // The database has no room for something in it: else the whole batch would come back with every lease.
        catch (PostgresException refused) when (refused.SqlState is ['2', '2' or '3', ..])
        {
            if (results is not [var one])
            {
                var all = Recorded.Nothing;
                foreach (var result in results)
                    all += await StoreAsync(provider, claim, [result], now, ct);
                return all;
            }
            RecordingFailed(logger, provider.Id, one.Shipment.Number, refused);
            var failed = new PollOutcome.Failed($"the answer cannot be stored ({refused.SqlState})");
            return await recorder.RecordAsync(
                claim,
                [new PollResult.NoAnswer(one.Shipment, failed, RetryAt(provider, now))],
                pace,
                now,
                ct
            );
        }
    }

    /// <summary>When a number is asked about again whose own answer was of no use.</summary>
    private DateTimeOffset RetryAt(ITrackingProvider provider, DateTimeOffset now) =>
        now + Max(provider.Limits.Floor, settings.Interval / 6);

    private async Task<ProviderReply> AskAsync(
        ITrackingProvider provider,
        List<PollQuestion> questions,
        CancellationToken ct
    )
    {
        try
        {
            return await provider.AskAsync(questions, ct);
        }
        catch (Exception surprise) when (!ct.IsCancellationRequested)
        {
            AskingFailed(logger, provider.Id, surprise);
            return new ProviderReply.Trouble(
                new PollOutcome.Failed($"unexpected {surprise.GetType().Name} while asking {provider.Id}")
            );
        }
    }

    private async Task LeaveAloneAsync(
        ITrackingProvider provider,
        Slot.Taken slot,
        PollOutcome outcome,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var why = outcome.Trouble ?? "";
        var until = await gate.FailedAsync(provider.Id, outcome, why, slot.Trips, now, ct);
        LeftAlone(logger, provider.Id, outcome.Kind, until, why);
    }

    private static PollQuestion Question(ClaimedShipment s) =>
        new(s.Number, s.RegisteredAt, s.Carrier, s.Country, s.Postcode)
        {
            Memo = s.Memo,
            IsUrgent = s.IsUrgent,
            IsFirstChoice = s.IsFirstChoice,
        };

    private PollResult Read(
        ITrackingProvider provider,
        ClaimedShipment shipment,
        PollQuestion question,
        ProviderReply.Entries reply,
        DateTimeOffset now
    )
    {
        var retryAt = RetryAt(provider, now);
        if (reply.Deferred.TryGetValue(question.Number, out var deferral))
        {
            Deferred(logger, provider.Id, question.Number, deferral.Why);
            return new PollResult.PutOff(shipment, now + deferral.Wait, StandsBy: false);
        }
        if (!reply.ByNumber.TryGetValue(question.Number, out var entry))
            return new PollResult.NoAnswer(
                shipment,
                new PollOutcome.Failed("the answer left this number out"),
                retryAt
            );
        var hash = SHA256.HashData(entry.Span);
        if (shipment.AnswerHash is { } known && known.AsSpan().SequenceEqual(hash))
            return new PollResult.Unchanged(shipment);
        try
        {
            var outcome = provider.Read(question, entry, now);
            return outcome.Kind.IsAnswer()
                ? new PollResult.Answered(shipment, outcome, hash, provider.Keep(entry))
                : new PollResult.NoAnswer(shipment, outcome, retryAt);
        }
        catch (Exception surprise)
        {
            // One number's trouble stays with that number.
            ReadingFailed(logger, provider.Id, shipment.Number, surprise);
            return new PollResult.NoAnswer(
                shipment,
                new PollOutcome.Failed($"unexpected {surprise.GetType().Name} while reading"),
                retryAt
            );
        }
    }

    private static string Name(PollResult result) =>
        result switch
        {
            PollResult.Answered answered => answered.Outcome.Kind.ToString(),
            PollResult.NoAnswer silent => silent.Outcome.Kind.ToString(),
            _ => (result.Shipment.LastOutcome ?? PollOutcomeKind.Ok).ToString(),
        };

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(201, LogLevel.Warning, "{Provider} gave no answer ({Outcome}: {Why}); left alone until {Until:u}")]
    private static partial void LeftAlone(
        ILogger logger,
        string provider,
        PollOutcomeKind outcome,
        DateTimeOffset until,
        string why
    );

    [LoggerMessage(205, LogLevel.Debug, "{Provider} is not asked about {Number} for now: {Why}")]
    private static partial void Deferred(ILogger logger, string provider, string number, string why);

    [LoggerMessage(202, LogLevel.Error, "Asking {Provider} failed in an unexpected way")]
    private static partial void AskingFailed(ILogger logger, string provider, Exception surprise);

    [LoggerMessage(204, LogLevel.Error, "What {Provider} says of {Number} cannot be stored")]
    private static partial void RecordingFailed(ILogger logger, string provider, string number, Exception refused);

    [LoggerMessage(203, LogLevel.Error, "Reading what {Provider} says of {Number} failed in an unexpected way")]
    private static partial void ReadingFailed(ILogger logger, string provider, string number, Exception surprise);
}
