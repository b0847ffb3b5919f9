using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Polling;

/// <summary>Knows how far each source's limit goes among its shipments; looks at them every few minutes.</summary>
internal sealed partial class BudgetKeeper(NpgsqlDataSource source, ILogger<BudgetKeeper> logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(10);

    /// <summary>What the limits allow a day; null = as much as one likes.</summary>
    public static double? PerDay(ProviderLimits limits, int usedThisMonth, DateOnly today)
    {
        var allowed = PollBudget.PerDay(limits.PerDay, limits.PerMonth, usedThisMonth, today);
        var gap = limits.MinGap + (limits.GapJitter / 2);
        double? paced = gap > TimeSpan.Zero ? TimeSpan.FromDays(1) / gap : null;
        return paced is { } pace ? Math.Min(pace, allowed ?? pace) : allowed;
    }

    public async Task<PollBudget> OfAsync(ITrackingProvider provider, DateTimeOffset now, CancellationToken ct)
    {
        var limits = provider.Limits;
        await using var look = source.CreateCommand(
            """
            select budget_shipments, budget_needed, budget_limit, stretch_urgent, stretch,
                   budget_at > $2 and budget_at <= $3, requests_this_month, counted_on from provider_health where provider = $1
            """
        );
        look.With(P(provider.Id), At(now - LookEvery), At(now));
        var used = 0;
        PollBudget? known = null;
        await using (var row = await look.ExecuteReaderAsync(ct))
            if (await row.ReadAsync(ct))
            {
                var counted = row.GetFieldValue<DateOnly>(7);
                var today = DateOnly.FromDateTime(now.UtcDateTime);
                used = counted.Year == today.Year && counted.Month == today.Month ? row.GetInt32(6) : 0;
                if (!row.IsDBNull(0))
                    known = new PollBudget(
                        row.GetInt32(0),
                        row.GetDouble(1),
                        row.IsDBNull(2) ? null : row.GetDouble(2),
                        new PollStretch(row.GetDouble(3), row.GetDouble(4))
                    );
                if (known is not null && row.GetBoolean(5))
                    return known;
            }
        var budget = await CountAsync(
            provider.Id,
            limits,
            PerDay(limits, used, DateOnly.FromDateTime(now.UtcDateTime)),
            now,
            ct
        );
        if (budget.IsTight && known is not { IsTight: true })
            Tight(logger, provider.Id, budget.Shipments, budget.Needed, budget.Limit!.Value);
        return budget;
    }

    /// <summary>What everything that is to be asked wants a day: standing by wants nothing.</summary>
    private async Task<PollBudget> CountAsync(
        string provider,
        ProviderLimits limits,
        double? perDay,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var count = source.CreateCommand(
            """
            select count(*), coalesce(sum(86400 / greatest(extract(epoch from poll_every), 1)) filter (where urgent), 0)::float8,
                   coalesce(sum(86400 / greatest(extract(epoch from poll_every), 1)) filter (where not urgent), 0)::float8
            from shipment_sources where provider = $1 and next_poll_at is not null and poll_every is not null and not stands_by
            """
        );
        PollBudget budget;
        await using (var row = await count.With(P(provider)).ExecuteReaderAsync(ct))
        {
            await row.ReadAsync(ct);
            var batch = Math.Max(1, limits.BatchSize);
            budget = PollBudget.Divide(
                (int)row.GetInt64(0),
                row.GetDouble(1) / batch,
                row.GetDouble(2) / batch,
                perDay
            );
        }
        await using var write = source.CreateCommand(
            """
            update provider_health set budget_shipments = $2, budget_needed = $3, budget_limit = $4, stretch_urgent = $5, stretch = $6,
                budget_at = $7
            where provider = $1
            """
        );
        await write
            .With(
                P(provider),
                P(budget.Shipments),
                P(budget.Needed),
                P(budget.Limit),
                P(budget.Stretch.Urgent),
                P(budget.Stretch.Others),
                At(now)
            )
            .ExecuteNonQueryAsync(ct);
        return budget;
    }

    [LoggerMessage(
        206,
        LogLevel.Warning,
        "{Provider}: {Shipments} shipments need {Needed:0.#} requests a day, its limit allows {Limit:0.#}; when it is short, stalled parcels and those with a last day near go first and the others wait longer"
    )]
    private static partial void Tight(ILogger logger, string provider, int shipments, double needed, double limit);
}
