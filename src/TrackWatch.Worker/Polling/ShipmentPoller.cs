using System.Diagnostics;
using System.Security.Cryptography;
using TrackWatch.Domain.Polling;
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
    ShipmentClaims claims,
    ProviderGate gate,
    EventRecorder recorder,
    PollingSettings settings,
    TimeProvider clock,
    ILogger<ShipmentPoller> logger
)
{
    /// <param name="atMost">How long the ring may go on taking new work.</param>
    public async Task<PollTally> PollDueAsync(ITrackingProvider provider, TimeSpan atMost, CancellationToken ct)
    {
        var started = Stopwatch.StartNew();
        var tallies = await Task.WhenAll(
            Enumerable
                .Range(0, Math.Max(1, provider.Limits.Concurrency))
                .Select(_ => LaneAsync(provider, started, atMost, ct))
        );
        return tallies.Aggregate(PollTally.Nothing, (all, one) => all + one);
    }

    private async Task<PollTally> LaneAsync(
        ITrackingProvider provider,
        Stopwatch started,
        TimeSpan atMost,
        CancellationToken ct
    )
    {
        var limits = provider.Limits;
        var total = PollTally.Nothing;
        while (started.Elapsed < atMost)
        {
            ct.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow();
            if (!await claims.AnyDueAsync(provider.Id, now, ct))
                return total;
            switch (await gate.TakeAsync(provider.Id, limits, now, ct))
            {
                case Slot.TooEarly { Wait: var wait } when started.Elapsed + wait < atMost:
                    // The gap is the database's time, not business time.
                    await Task.Delay(wait + TimeSpan.FromMilliseconds(1), ct);
                    continue;
                case Slot.Taken slot:
                    total += await RequestAsync(provider, slot, now, ct);
                    continue;
                default:
                    return total;
            }
        }
        return total;
    }

    private async Task<PollTally> RequestAsync(
        ITrackingProvider provider,
        Slot.Taken slot,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var claim = await claims.TakeAsync(provider.Id, provider.Limits.BatchSize, settings.Lease, now, ct);
        if (claim.Shipments.Count == 0)
            return PollTally.Nothing;
        using var span = Instruments.Spans.StartActivity("poll");
        span?.SetTag("trackwatch.provider", provider.Id).SetTag("trackwatch.shipments", claim.Shipments.Count);
        try
        {
            var questions = claim
                .Shipments.Select(s => new PollQuestion(s.Number, s.RegisteredAt, s.Carrier, s.Country, s.Postcode))
                .ToList();
            var reply = await AskAsync(provider, questions, ct);
            var results = reply is ProviderReply.Trouble trouble
                ? await LeaveAloneAsync(provider, slot, claim, trouble.Outcome, now, ct)
                : await ReadAsync(provider, slot, claim, questions, (ProviderReply.Entries)reply, now, ct);
            foreach (var outcome in results.CountBy(Name))
                Instruments.Polls.Add(outcome.Value, new("provider", provider.Id), new("outcome", outcome.Key));
            var recorded = await recorder.RecordAsync(
                claim,
                results,
                new PollPace(settings.Interval, provider.Limits.Floor),
                now,
                ct
            );
            var unchanged = results.Count(r => r is PollResult.Unchanged);
            Instruments.Unchanged.Add(unchanged, new KeyValuePair<string, object?>("provider", provider.Id));
            return new PollTally(results.Count, unchanged, recorded.Events);
        }
        catch (OperationCanceledException)
        {
            // Stopping: others need not wait for the lease to run out.
            await claims.ReleaseAsync(claim, CancellationToken.None);
            throw;
        }
    }

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

    private async Task<IReadOnlyList<PollResult>> LeaveAloneAsync(
        ITrackingProvider provider,
        Slot.Taken slot,
        Claim claim,
        PollOutcome outcome,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var why = WhyOf(outcome);
        var until = await gate.FailedAsync(provider.Id, outcome, why, slot.Trips, now, ct);
        LeftAlone(logger, provider.Id, outcome.Kind, until, why);
        return [.. claim.Shipments.Select(s => new PollResult.NoAnswer(s, outcome, RetryAt: null))];
    }

    private async Task<IReadOnlyList<PollResult>> ReadAsync(
        ITrackingProvider provider,
        Slot.Taken slot,
        Claim claim,
        List<PollQuestion> questions,
        ProviderReply.Entries reply,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await gate.SucceededAsync(provider.Id, slot, now, ct);
        return
        [
            .. claim.Shipments.Zip(questions, (shipment, question) => Read(provider, shipment, question, reply, now)),
        ];
    }

    private PollResult Read(
        ITrackingProvider provider,
        ClaimedShipment shipment,
        PollQuestion question,
        ProviderReply.Entries reply,
        DateTimeOffset now
    )
    {
        var retryAt = now + Max(provider.Limits.Floor, settings.Interval / 6);
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

    private static string WhyOf(PollOutcome outcome) =>
        outcome switch
        {
            PollOutcome.Blocked blocked => blocked.Why,
            PollOutcome.Throttled throttled => throttled.Why,
            PollOutcome.Failed failed => failed.Why,
            PollOutcome.Rejected rejected => rejected.Why,
            _ => "",
        };

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

    [LoggerMessage(202, LogLevel.Error, "Asking {Provider} failed in an unexpected way")]
    private static partial void AskingFailed(ILogger logger, string provider, Exception surprise);

    [LoggerMessage(203, LogLevel.Error, "Reading what {Provider} says of {Number} failed in an unexpected way")]
    private static partial void ReadingFailed(ILogger logger, string provider, string number, Exception surprise);
}
