using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain.Advising;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Advising;

/// <summary>Writes down what an order's verdict means for its case: opened or closed, the steps, the windows, the notices.</summary>
internal static class CaseKeeper
{
    /// <summary>Inside the assessor's transaction; <paramref name="db"/> saves nothing by itself.</summary>
    /// <returns>How many notices are new.</returns>
    public static async Task<int> KeepAsync(
        TrackWatchDb db,
        StoredOrder order,
        CaseVerdict verdict,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var current = order.Case;
        if (current is null && verdict.Open)
        {
            current = new CaseRow
            {
                Id = Guid.CreateVersion7(now),
                OrderId = order.Row.Id,
                OpenedAt = now,
            };
            db.Cases.Add(current);
        }
        else if (current is not null)
        {
            db.Cases.Attach(current);
            if (!verdict.Open)
                current.ClosedAt = now;
        }
        if (current is not null)
        {
            current.Due = verdict.Due?.Step;
            current.DoBy = verdict.Due?.DoBy;
            await KeepStepsAsync(db, current, verdict, now, ct);
        }
        await KeepWindowAsync(db, order.Row.Id, verdict.Window, now, ct);
        await db.SaveChangesAsync(ct);
        return await Outbox.KeepAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(),
            order.Row.Id,
            [.. order.People.Select(p => p.Id)],
            verdict.Notices,
            now,
            ct
        );
    }

    private static async Task KeepStepsAsync(
        TrackWatchDb db,
        CaseRow current,
        CaseVerdict verdict,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var stored = await db
            .CaseSteps.AsTracking()
            .Where(s => s.CaseId == current.Id)
            .ToDictionaryAsync(s => s.Step, ct);
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

    private static async Task KeepWindowAsync(
        TrackWatchDb db,
        string orderId,
        DisputeWindow? window,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        const string protection = "protection";
        const string lastChance = "last-chance";
        var stored = await db.Deadlines.AsTracking().Where(d => d.OrderId == orderId).ToListAsync(ct);
        var wanted = window is null
            ? []
            : new[]
            {
                (Name: protection, window.OpensOn, Last: window.Protection, Safe: window.LastSafeDay),
                (
                    Name: lastChance,
                    OpensOn: (DateOnly?)window.ActOn,
                    Last: window.LastChance,
                    Safe: window.LastSafeChance
                ),
            };
        db.Deadlines.RemoveRange(stored.Where(d => wanted.All(w => w.Name != d.Name)));
        foreach (var (name, opens, last, safe) in wanted)
        {
            var row = stored.FirstOrDefault(d => d.Name == name);
            if (row is null)
            {
                row = new DeadlineRow
                {
                    OrderId = orderId,
                    Rule = DisputeWindow.RuleId,
                    Name = name,
                    LastDay = last,
                    LastSafeDay = safe,
                    AsOf = now,
                };
                db.Deadlines.Add(row);
            }
            (row.Opens, row.LastDay, row.LastSafeDay, row.Assumed, row.AsOf) = (
                opens,
                last,
                safe,
                window!.Assumed,
                now
            );
        }
    }
}
