using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Polling;

/// <summary>What came of asking for a request slot.</summary>
internal abstract record Slot
{
    private Slot() { }

    /// <param name="Trips">Troubles in a row so far.</param>
    /// <param name="LastSuccessAt">When the provider last answered; null = never.</param>
    internal sealed record Taken(int Trips, DateTimeOffset? LastSuccessAt) : Slot;

    /// <summary>Another request started too recently.</summary>
    internal sealed record TooEarly(TimeSpan Wait) : Slot;

    /// <summary>The provider is being left alone, or today's requests are spent.</summary>
    internal sealed record Closed : Slot
    {
        public static readonly Closed Instance = new();
    }
}

/// <summary>
/// Guards a provider's limits for all workers at once: the gap between requests by the database's clock, the counters and
/// the breaker by business time, all in the provider's one row.
/// </summary>
internal sealed class ProviderGate(NpgsqlDataSource source)
{
    /// <summary>A success is written at most this often: it is needed for the breaker and for people, not for each poll.</summary>
    private static readonly TimeSpan SuccessGrain = TimeSpan.FromSeconds(30);

    /// <param name="requests">How many requests will be made; more than one only where no gap is wanted between them.</param>
    public async Task<Slot> TakeAsync(
        string provider,
        ProviderLimits limits,
        int requests,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var gap = limits.MinGap + (limits.GapJitter * Random.Shared.NextDouble());
        await using var take = source.CreateCommand(
            """
            insert into provider_health as h (provider, next_request_at, counted_on, requests_today, requests_this_month, breaker_trips)
            values ($1, clock_timestamp() + $2, $3, $7, $7, 0)
            on conflict (provider) do update set
                next_request_at = clock_timestamp() + $2,
                counted_on = $3,
                requests_today = case when h.counted_on = $3 then h.requests_today + $7 else $7 end,
                requests_this_month = case when date_trunc('month', h.counted_on) = date_trunc('month', $3) then h.requests_this_month + $7 else $7 end
            where h.next_request_at <= clock_timestamp()
              and (h.breaker_open_until is null or h.breaker_open_until <= $4)
              and (h.counted_on <> $3 or h.requests_today < $5)
              and (date_trunc('month', h.counted_on) <> date_trunc('month', $3) or h.requests_this_month < $6)
            returning h.breaker_trips, h.last_success_at
            """
        );
        take.With(
            P(provider),
            P(gap),
            P(DateOnly.FromDateTime(now.UtcDateTime)),
            At(now),
            P(limits.PerDay ?? int.MaxValue),
            P(limits.PerMonth ?? int.MaxValue),
            P(requests)
        );
        await using (var row = await take.ExecuteReaderAsync(ct))
            if (await row.ReadAsync(ct))
                return new Slot.Taken(row.GetInt32(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1));

        await using var look = source.CreateCommand(
            """
            select next_request_at - clock_timestamp() from provider_health
            where provider = $1 and (breaker_open_until is null or breaker_open_until <= $2)
              and (counted_on <> $3 or requests_today < $4)
              and (date_trunc('month', counted_on) <> date_trunc('month', $3) or requests_this_month < $5)
            """
        );
        look.With(
            P(provider),
            At(now),
            P(DateOnly.FromDateTime(now.UtcDateTime)),
            P(limits.PerDay ?? int.MaxValue),
            P(limits.PerMonth ?? int.MaxValue)
        );
        return await look.ExecuteScalarAsync(ct) is TimeSpan wait
            ? new Slot.TooEarly(wait > TimeSpan.Zero ? wait : TimeSpan.Zero)
            : Slot.Closed.Instance;
    }

    /// <summary>Requests beyond the one the slot was taken for, and what the source says is left of its quota.</summary>
    public async Task CountAsync(string provider, ProviderReply reply, DateTimeOffset now, CancellationToken ct)
    {
        if (reply is { Requests: <= 1, Quota: null })
            return;
        await using var count = source.CreateCommand(
            """
            update provider_health set requests_today = requests_today + $2, requests_this_month = requests_this_month + $2,
                quota_left = coalesce($3, quota_left), quota_total = coalesce($4, quota_total), quota_unit = coalesce($5, quota_unit),
                quota_at = case when $3 is null then quota_at else $6 end
            where provider = $1
            """
        );
        await count
            .With(
                P(provider),
                P(Math.Max(0, reply.Requests - 1)),
                P(reply.Quota?.Left),
                P(reply.Quota?.Total),
                new NpgsqlParameter
                {
                    Value = (object?)Clean(reply.Quota?.Unit) ?? DBNull.Value,
                    NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text,
                },
                At(now)
            )
            .ExecuteNonQueryAsync(ct);
    }

    /// <summary>One clean answer closes the breaker.</summary>
    public async Task SucceededAsync(string provider, Slot.Taken slot, DateTimeOffset now, CancellationToken ct)
    {
        if (slot.Trips == 0 && slot.LastSuccessAt is { } last && now - last < SuccessGrain)
            return;
        await using var write = source.CreateCommand(
            """
            update provider_health set last_success_at = $2, breaker_open_until = null, breaker_trips = 0, silent_since = null, trouble = null,
                detail = null
            where provider = $1
            """
        );
        await write.With(P(provider), At(now)).ExecuteNonQueryAsync(ct);
    }

    /// <summary>Opens the breaker for as long as the trouble and the ones before it ask for.</summary>
    /// <returns>Until when the provider is left alone.</returns>
    public async Task<DateTimeOffset> FailedAsync(
        string provider,
        PollOutcome trouble,
        string detail,
        int tripsBefore,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var until = now + (Breaker.OpenFor(trouble, tripsBefore) ?? TimeSpan.Zero);
        await using var write = source.CreateCommand(
            """
            update provider_health set breaker_open_until = $2, breaker_trips = breaker_trips + 1, last_trouble_at = $3, trouble = $4,
                detail = $5, silent_since = coalesce(silent_since, $3)
            where provider = $1
            """
        );
        await write
            .With(P(provider), At(until), At(now), P(trouble.Kind.ToString()), P(Clean(detail)!))
            .ExecuteNonQueryAsync(ct);
        return until;
    }
}
