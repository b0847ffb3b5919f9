using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Advising.Deadlines;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Advising;

/// <summary>Writes down what an order's verdict means for its case: opened or closed, the steps, the deadlines, the notices.</summary>
internal static class CaseKeeper
{
    /// <summary>Inside the assessor's transaction, which it also saves.</summary>
    /// <returns>Ids of the orders that have something new to tell.</returns>
    public static async Task<IReadOnlySet<string>> KeepAsync(
        TrackWatchDb db,
        IReadOnlyList<(StoredOrder Order, CaseVerdict Verdict)> assessed,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var orders = assessed.Select(a => a.Order.Row.Id).ToList();
        var cases = assessed.Select(a => a.Order.Case?.Id).OfType<Guid>().ToList();
        var steps = (await db.CaseSteps.AsTracking().Where(s => cases.Contains(s.CaseId)).ToListAsync(ct)).ToLookup(s =>
            s.CaseId
        );
        var deadlines = (
            await db.Deadlines.AsTracking().Where(d => orders.Contains(d.OrderId)).ToListAsync(ct)
        ).ToLookup(d => d.OrderId);
        foreach (var (order, verdict) in assessed)
        {
            if (Keep(db, order, verdict) is { } current)
                KeepSteps(db, current, steps[current.Id].ToDictionary(s => s.Step), verdict, now);
            KeepDeadlines(
                db,
                order.Row.Id,
                deadlines[order.Row.Id].ToDictionary(d => d.Name),
                order.Snapshot.Facts.AreFinal ? [] : verdict.Deadlines,
                now
            );
        }
        await db.SaveChangesAsync(ct);
        return await Outbox.KeepAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(),
            [
                .. assessed.Select(a => new OrderNotices(
                    a.Order.Row.Id,
                    [.. a.Order.People.Select(p => p.Id).Where(a.Order.Snapshot.Facts.AreMailedTo)],
                    a.Verdict.Notices
                )),
            ],
            now,
            ct
        );
    }

    /// <returns>The case that is open, or was until now; null where there is none.</returns>
    private static CaseRow? Keep(TrackWatchDb db, StoredOrder order, CaseVerdict verdict)
    {
        if (verdict.Case is not { } life || (life.State == CaseState.Closed && order.Case is { ClosedAt: not null }))
            return null;
        var current = order.Case;
        if (current is null || current.OpenedAt != life.OpenedAt)
        {
            current = new CaseRow
            {
                Id = Guid.CreateVersion7(life.OpenedAt),
                OrderId = order.Row.Id,
                OpenedAt = life.OpenedAt,
            };
            db.Cases.Add(current);
        }
        else
            db.Cases.Attach(current);
        (current.SettlingSince, current.ClosedAt) = (life.SettlingSince, life.ClosedAt);
        (current.ClosedWhy, current.Reopened) = (life.Why, life.Reopened);
        (current.Due, current.DoBy) = (verdict.Due?.Step, verdict.Due?.DoBy);
        return current;
    }

    private static void KeepSteps(
        TrackWatchDb db,
        CaseRow current,
        Dictionary<Step, CaseStepRow> stored,
        CaseVerdict verdict,
        DateTimeOffset now
    )
    {
        foreach (var step in verdict.Steps)
        {
            if (!stored.TryGetValue(step.Step, out var row))
                db.CaseSteps.Add(
                    new CaseStepRow
                    {
                        CaseId = current.Id,
                        Step = step.Step,
                        State = step.State,
                        Why = step.Why,
                        DoBy = step.DoBy,
                        ChangedAt = now,
                    }
                );
            else if (row.State != step.State || row.DoBy != step.DoBy)
            {
                row.State = step.State;
                row.Why = step.Why;
                row.DoBy = step.DoBy;
                row.ChangedAt = now;
            }
        }
    }

    private static void KeepDeadlines(
        TrackWatchDb db,
        string orderId,
        Dictionary<string, DeadlineRow> stored,
        IReadOnlyList<Deadline> wanted,
        DateTimeOffset now
    )
    {
        foreach (var deadline in wanted)
        {
            if (!stored.Remove(deadline.Name, out var row))
                db.Deadlines.Add(
                    row = new DeadlineRow
                    {
                        OrderId = orderId,
                        Name = deadline.Name,
                        Rule = deadline.Rule.Id,
                        Role = deadline.Role,
                    }
                );
            var isAsItWas = row.AsOf != default && IsAs(row, deadline);
            (row.Opens, row.LastDay, row.LastSafeDay, row.MaybeUntil, row.Assumed) = (
                deadline.Opens,
                deadline.LastDay,
                deadline.LastSafeDay,
                deadline.MaybeUntil,
                deadline.Assumed
            );
            if (!isAsItWas)
                row.AsOf = now;
        }
        db.Deadlines.RemoveRange(stored.Values);
    }

    private static bool IsAs(DeadlineRow row, Deadline deadline) =>
        (row.Opens, row.LastDay, row.LastSafeDay, row.MaybeUntil, row.Assumed)
        == (deadline.Opens, deadline.LastDay, deadline.LastSafeDay, deadline.MaybeUntil, deadline.Assumed);
}
