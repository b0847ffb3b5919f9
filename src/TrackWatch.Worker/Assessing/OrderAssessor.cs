using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Advising;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;
using TrackWatch.Worker.Telemetry;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Assessing;

/// <summary>
/// Holds every order whose moment has come against the limits and the ladder. Stalls, case and notices are written in one
/// transaction per batch, and with them the next moment at which the verdict could change.
/// </summary>
internal sealed partial class OrderAssessor(
    IDbContextFactory<TrackWatchDb> contexts,
    AssessingSettings settings,
    ILogger<OrderAssessor> logger
)
{
    private const int BatchSize = 100;

    public LevelDays DefaultLimits => new(settings.Notice, settings.Stalled, settings.Critical);

    /// <returns>How many orders were assessed.</returns>
    public async Task<int> AssessDueAsync(DateTimeOffset now, CancellationToken ct)
    {
        var total = 0;
        while (true)
        {
            var assessed = await AssessBatchAsync(now, ct);
            total += assessed;
            if (assessed < BatchSize)
                return total;
        }
    }

    private async Task<int> AssessBatchAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var due = await ClaimAsync(connection, now, ct);
        if (due.Count == 0)
            return 0;
        using var span = Instruments.Spans.StartActivity("assess");
        span?.SetTag("trackwatch.orders", due.Count);
        foreach (var order in await OrderSnapshots.LoadAsync(db, due, DefaultLimits, ct))
            await AssessAsync(db, connection, order, now, ct);
        await transaction.CommitAsync(ct);
        return due.Count;
    }

    private static async Task<List<string>> ClaimAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var claim = new NpgsqlCommand(
            """
            select id from orders where archived_at is null and next_assessment_at <= $1
            order by next_assessment_at limit $2 for update skip locked
            """,
            connection
        ).With(At(now), P(BatchSize));
        var ids = new List<string>();
        await using var row = await claim.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            ids.Add(row.GetString(0));
        return ids;
    }

    private async Task AssessAsync(
        TrackWatchDb db,
        NpgsqlConnection connection,
        StoredOrder order,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var verdict = Ladder.Decide(order.Snapshot, now);
        var closed = StallKeeper.Keep(db, order, verdict, now);
        verdict = verdict with { Notices = [.. verdict.Notices, .. await MovedAgainAsync(db, order, closed, now, ct)] };
        var written = await CaseKeeper.KeepAsync(db, order, verdict, now, ct);
        Tell(order, verdict, closed, written);

        var next = Ladder.NextChange(order.Snapshot.Telling(verdict.Notices, now), verdict, now);
        var blind = verdict.Assessments.Where(a => a.Blind).Select(a => a.Shipment.Id).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("update orders set next_assessment_at = $2 where id = $1", P(order.Row.Id), Instant(next));
        // Nothing is assessed past the last answer: the next one rings.
        if (blind.Count > 0)
            batch.Add("update shipments set wake_on_answer = true where id = any($1)", Longs(blind));
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Stalls that progress has closed within the last week are news, as long as the buyer had been told of them.</summary>
    private static async Task<IReadOnlyList<NoticeDraft>> MovedAgainAsync(
        TrackWatchDb db,
        StoredOrder order,
        IReadOnlyList<StallRow> closed,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var since = now.AddDays(-7);
        var recent = await db
            .Stalls.Where(s =>
                s.OrderId == order.Row.Id
                && s.ClosedWhy == "progress"
                && s.ClosedAt > since
                && (s.Level == StallLevel.Stalled || s.Level == StallLevel.Critical)
            )
            .ToListAsync(ct);
        return
        [
            .. recent
                .Concat(closed.Where(s => s.ClosedWhy == "progress" && s.Level >= StallLevel.Stalled))
                .DistinctBy(s => s.Id)
                .Select(s =>
                {
                    var shipment = order.Shipments.First(p => p.Id == s.ShipmentId);
                    var from = Days.In(order.Snapshot.Zone, s.LastProgressAt);
                    var to = Days.In(order.Snapshot.Zone, shipment.LastProgressAt ?? now);
                    return new NoticeDraft(
                        $"news/{shipment.Id}/moving-again/{from:yyyy-MM-dd}",
                        NoticeKind.News,
                        Channel.Digest,
                        new Reason(ReasonCode.MovingAgain, Math.Max(0, to.DayNumber - from.DayNumber), to),
                        Shipment: shipment.Number
                    );
                }),
        ];
    }

    private void Tell(StoredOrder order, CaseVerdict verdict, IReadOnlyList<StallRow> closed, int written)
    {
        foreach (var stall in closed.Where(s => s.ClosedWhy == "progress"))
            MovingAgain(logger, order.Row.Id, stall.LastProgressAt);
        if (written == 0 || verdict.Due is not { } due)
            return;
        StepDue(logger, order.Row.Id, due.Step.Id(), due.Why!.Code);
    }

    private static NpgsqlParameter<DateTimeOffset?> Instant(DateTimeOffset? at) =>
        new NpgsqlParameter<DateTimeOffset?>
        {
            TypedValue = at?.ToUniversalTime(),
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
        };

    [LoggerMessage(401, LogLevel.Information, "Order {Order}: {Step} is due ({Reason})")]
    private static partial void StepDue(ILogger logger, string order, string step, ReasonCode reason);

    [LoggerMessage(402, LogLevel.Information, "Order {Order}: moving again after the silence since {Since:u}")]
    private static partial void MovingAgain(ILogger logger, string order, DateTimeOffset since);
}
