using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Domain.Rules;
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
    MailRules mail,
    RuleBook rules,
    ILogger<OrderAssessor> logger
)
{
    private const int BatchSize = 100;
    private static readonly TimeSpan AfterSurprise = TimeSpan.FromHours(1);

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
        var orders = await OrderSnapshots.LoadAsync(db, due, settings, mail.Reminding, rules, ct);
        var recent = await RecentlyClosedAsync(db, due, now, ct);
        var assessed = orders
            .Select(order => TryAssess(db, order, recent[order.Row.Id], now))
            .OfType<Assessed>()
            .ToList();
        var told = await CaseKeeper.KeepAsync(db, [.. assessed.Select(a => (a.Order, a.Round.Verdict))], now, ct);
        if (settings.LearnAfter > 0)
            await LaneLearner.LearnAsync(db, connection, orders, ct);
        await PlanNextAsync(connection, assessed, [.. due.Except(assessed.Select(a => a.Order.Row.Id))], now, ct);
        await transaction.CommitAsync(ct);
        foreach (var order in assessed)
            Tell(order, told.Contains(order.Order.Row.Id));
        return due.Count;
    }

    private sealed record Assessed(StoredOrder Order, OrderRound Round);

    /// <summary>One order's trouble stays with that order: the others are assessed, and this one later again.</summary>
    private Assessed? TryAssess(TrackWatchDb db, StoredOrder order, IEnumerable<StallRow> recent, DateTimeOffset now)
    {
        OrderRound round;
        try
        {
            round = OrderRound.Of(order.Snapshot, recent.Select(StallKeeper.Read), now);
        }
        catch (Exception surprise)
        {
            AssessingFailed(logger, order.Row.Id, surprise);
            return null;
        }
        StallKeeper.Keep(db, order, round.Stalls, now);
        return new Assessed(order, round);
    }

    /// <summary>Writes when each verdict could change, and rings on the next answer where nothing could be seen past the last one.</summary>
    private static async Task PlanNextAsync(
        NpgsqlConnection connection,
        List<Assessed> assessed,
        IReadOnlyList<string> failed,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "update orders o set next_assessment_at = u.at from unnest($1, $2) as u(id, at) where o.id = u.id",
            Texts(assessed.Select(a => a.Order.Row.Id).Concat(failed)),
            Instants(
                assessed.Select(a => a.Round.Next).Concat(failed.Select(_ => (DateTimeOffset?)now + AfterSurprise))
            )
        );
        var attention = assessed
            .SelectMany(a => Attention.Of(a.Order.Snapshot, a.Round.Verdict, now))
            .GroupBy(a => a.Shipment)
            .Select(g => new Attention(
                g.Key,
                g.Any(a => a.Urgent),
                g.All(a => a.AskUntil is not null) ? g.Max(a => a.AskUntil) : null
            ))
            .OrderBy(a => a.Shipment)
            .ToList();
        // A parcel that belongs to another order as well is urgent as long as it was so for either.
        batch.Add(
            """
            with told as (
                select u.*, exists (
                    select from order_shipments l join orders o on o.id = l.order_id
                    where l.shipment_id = u.id and o.archived_at is null and l.order_id <> all ($4)
                ) as shared
                from unnest($1, $2, $3) as u(id, urgent, ask_until)
            ), changed as (
                update shipments s set urgent = told.urgent or (told.shared and s.urgent),
                    ask_until = case when told.shared then greatest(s.ask_until, told.ask_until) else told.ask_until end,
                    -- A later last day brings one back that was given up.
                    plan = case when s.ask_until < told.ask_until then null else s.plan end
                from told where s.id = told.id
                    and (s.urgent is distinct from (told.urgent or (told.shared and s.urgent)) or s.ask_until is distinct from told.ask_until)
                returning s.id, s.urgent
            )
            update shipment_sources w set urgent = changed.urgent,
                -- What was put off while others went first is not put off any longer.
                next_poll_at = case
                    when changed.urgent and w.next_poll_at > coalesce(w.last_poll_at + w.poll_every * 1.2, $5)
                    then coalesce(w.last_poll_at + w.poll_every, $5)
                    else w.next_poll_at end
            from changed where w.shipment_id = changed.id and w.urgent is distinct from changed.urgent
            """,
            Longs(attention.Select(a => a.Shipment)),
            Flags(attention.Select(a => a.Urgent)),
            Array(attention.Select(a => a.AskUntil), NpgsqlTypes.NpgsqlDbType.Date),
            Texts(assessed.Select(a => a.Order.Row.Id)),
            At(now)
        );
        var blind = assessed
            .SelectMany(a => a.Round.Verdict.Assessments)
            .Where(a => a.Blind)
            .Select(a => a.Shipment.Id)
            .Distinct()
            .ToList();
        if (blind.Count > 0)
            batch.Add("update shipments set wake_on_answer = true where id = any($1)", Longs(blind));
        await batch.ExecuteNonQueryAsync(ct);
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

    /// <summary>Stalls whose end may still be news, by order.</summary>
    private static async Task<ILookup<string, StallRow>> RecentlyClosedAsync(
        TrackWatchDb db,
        List<string> orders,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var since = OrderRound.NewsSince(now);
        var stalls = await db.Stalls.Where(s => orders.Contains(s.OrderId) && s.ClosedAt > since).ToListAsync(ct);
        return stalls.ToLookup(s => s.OrderId);
    }

    private void Tell(Assessed order, bool isNews)
    {
        foreach (var closed in order.Round.Stalls.Closed.Where(s => s.Why == StallEnd.Progress))
            MovingAgain(logger, order.Order.Row.Id, closed.Stall.LastProgressAt);
        if (isNews && order.Round.Verdict.Due is { } due)
            StepDue(logger, order.Order.Row.Id, due.Step.Id(), due.Why!.Code);
    }

    [LoggerMessage(
        403,
        LogLevel.Error,
        "Order {Order} could not be assessed; it is tried again in an hour, please report this"
    )]
    private static partial void AssessingFailed(ILogger logger, string order, Exception surprise);

    [LoggerMessage(401, LogLevel.Information, "Order {Order}: {Step} is due ({Reason})")]
    private static partial void StepDue(ILogger logger, string order, string step, ReasonCode reason);

    [LoggerMessage(402, LogLevel.Information, "Order {Order}: moving again after the silence since {Since:u}")]
    private static partial void MovingAgain(ILogger logger, string order, DateTimeOffset since);
}
