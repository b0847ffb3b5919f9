using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Recording;

/// <summary>
/// Writes a batch of polls back: what is new in the histories, what the shipments come to, when they are due again, and
/// which orders are to be assessed. One read for the changed histories and one batch of writes, which is one transaction;
/// every write names the claim's token, so a worker that lost its claim changes nothing.
/// </summary>
internal sealed partial class EventRecorder(NpgsqlDataSource source, ILogger<EventRecorder> logger)
{
    public async Task<Recorded> RecordAsync(
        Claim claim,
        IReadOnlyList<PollResult> results,
        PollPace pace,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // A source may have been asked about two numbers of one shipment: what the first answer makes of it, the second must see.
        var recorded = Recorded.Nothing;
        var left = results;
        while (left.Count > 0)
        {
            var once = left.DistinctBy(r => r.Shipment.Id).ToList();
            recorded += await RecordOnceAsync(claim, once, pace, now, ct);
            left = [.. left.Except(once)];
        }
        return recorded;
    }

    /// <param name="results">No two of one shipment.</param>
    private async Task<Recorded> RecordOnceAsync(
        Claim claim,
        List<PollResult> results,
        PollPace pace,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var answered = results.OfType<PollResult.Answered>().ToList();
        await using var connection = await source.OpenConnectionAsync(ct);
        var shared = answered.Where(a => a.Shipment.Siblings.Any).Select(a => a.Shipment.Id).ToArray();
        await using var transaction = shared.Length > 0 ? await connection.BeginTransactionAsync(ct) : null;
        if (transaction is not null)
            await StoredHistory.HoldAsync(connection, shared, ct);
        var histories = await StoredHistory.LoadAsync(
            connection,
            [
                .. answered
                    .Where(a => a.Shipment.AnswerHash is not null || a.Shipment.Siblings.Any)
                    .Select(a => a.Shipment.Id),
            ],
            ct
        );
        var changes = answered.Select(a => Change(claim.Provider, a, histories, pace, now)).ToList();

        await using var writes = new WriteBack(connection, claim, now);
        // Orders before shipments, as assessing locks them.
        writes.WakeOrders(results, changes, pace);
        writes.HoldClaim(changes);
        writes.AppendEvents(changes);
        writes.WriteRewordings(changes);
        writes.WriteAnomalies(changes);
        writes.WritePayloads(changes);
        writes.WritePollLog(results, changes);
        writes.Remember(results);
        writes.UpdateChanged(changes);
        writes.UpdateUnchanged([.. results.OfType<PollResult.Unchanged>()], pace);
        writes.Release([.. results.OfType<PollResult.NoAnswer>()]);
        writes.PutOff([.. results.OfType<PollResult.PutOff>()]);
        var written = await writes.ExecuteAsync(ct);
        if (transaction is not null)
            await transaction.CommitAsync(ct);

        var lost = results.Count - written;
        if (lost > 0)
            ClaimLost(logger, lost, claim.Provider);
        if (written == 0)
            return new Recorded(0, 0, lost);
        var appended = changes.Sum(c => c.Merge.New.Count);
        if (appended > 0)
            Instruments.Events.Add(appended, new KeyValuePair<string, object?>("provider", claim.Provider));
        foreach (var change in changes)
            Tell(change);
        return new Recorded(appended, changes.Count(c => c.Effect.IsNews), lost);
    }

    private static ShipmentChange Change(
        string provider,
        PollResult.Answered answer,
        Dictionary<long, StoredHistory> histories,
        PollPace pace,
        DateTimeOffset now
    )
    {
        var asked = answer.Shipment.Asked(provider);
        var stored = StoredHistory.Of(histories, answer.Shipment.Id);
        return new ShipmentChange(
            answer,
            Answers.Changed(asked, answer.Outcome, stored.Events, stored.SummariesFor(asked.Source), pace, now)
        );
    }

    private void Tell(ShipmentChange change)
    {
        var shipment = change.Answer.Shipment;
        if (change.Answer.Outcome is PollOutcome.NotFound && shipment.Siblings.LastSightAt is null)
            NotKnown(logger, shipment.Number, NumberWords.Doubt(shipment.Number) is { } doubt ? $"; {doubt}" : "");
        else if (shipment.Siblings.LastSightAt is null)
            FirstFound(logger, shipment.Number, change.State.Status, change.Merge.New.Count);
        else if (change.Merge.New.Count > 0)
            Moved(logger, shipment.Number, change.Merge.New.Count, change.State.Status);
    }

    [LoggerMessage(301, LogLevel.Information, "{Number}: found, {Status}, {Events} events")]
    private static partial void FirstFound(ILogger logger, string number, ParcelStatus status, int events);

    [LoggerMessage(302, LogLevel.Information, "{Number}: the source does not know this number yet{Doubt}")]
    private static partial void NotKnown(ILogger logger, string number, string doubt);

    [LoggerMessage(303, LogLevel.Information, "{Number}: {Events} new events, now {Status}")]
    private static partial void Moved(ILogger logger, string number, int events, ParcelStatus status);

    [LoggerMessage(
        304,
        LogLevel.Warning,
        "The claim on {Count} shipments of {Provider} had passed to another worker; nothing of them was written"
    )]
    private static partial void ClaimLost(ILogger logger, int count, string provider);
}
