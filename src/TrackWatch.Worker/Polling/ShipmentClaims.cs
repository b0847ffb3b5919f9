using Npgsql;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Recording;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Polling;

/// <summary>
/// Hands due shipments to one worker at a time. A claim is a lease by the database's clock: a worker that dies keeps its
/// shipments no longer than that, and one that merely slept finds its token gone.
/// </summary>
internal sealed class ShipmentClaims(NpgsqlDataSource source)
{
    /// <summary>A parcel that no source has shown for so long is as urgent as a stalled one: it may be.</summary>
    private static readonly TimeSpan Unseen = TimeSpan.FromDays(2);

    /// <param name="urgentFirst">The provider's limit is short: what is urgent comes before what has waited longest.</param>
    /// <returns>At most <paramref name="most"/> shipments, the longest overdue first; possibly none.</returns>
    public async Task<Claim> TakeAsync(
        string provider,
        int most,
        TimeSpan lease,
        PollStretch stretch,
        bool urgentFirst,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var token = Guid.NewGuid();
        var shipments = new List<ClaimedShipment>(most);
        if (urgentFirst)
            await TakeAsync("and urgent", most);
        if (shipments.Count < most)
            await TakeAsync("", most - shipments.Count);
        return new Claim(provider, token, shipments) { Stretch = stretch };

        async Task TakeAsync(string which, int count)
        {
            await using var take = source.CreateCommand(
                $"""
                with due as (
                    select shipment_id, provider, number from shipment_sources
                    where provider = $1 and next_poll_at <= $2 and (lease_until is null or lease_until < clock_timestamp()) {which}
                    order by next_poll_at limit $3 for update skip locked
                )
                update shipment_sources w set lease_until = clock_timestamp() + $4, lease_token = $5
                from due join shipments s on s.id = due.shipment_id
                    left join lateral (
                        select max(o.last_sight_at) as seen_at, count(*) as others,
                               bool_or(o.last_outcome = 'Ok' and (o.provider, o.number) <> (due.provider, due.number)) as know
                        from shipment_sources o where o.shipment_id = s.id
                    ) every on true
                where w.shipment_id = due.shipment_id and w.provider = due.provider and w.number = due.number
                returning s.id, w.number, s.number, s.carrier, s.country, s.postcode, s.registered_at, s.not_before, s.ask_until, s.status, s.leg,
                    s.last_progress_at, s.wake_on_answer, w.answer_hash, w.last_outcome, w.answers_since_final, w.not_found_in_a_row, w.memo,
                    s.urgent or coalesce(every.seen_at, s.registered_at) < $6, w.newest_event_at, s.last_event_at, w.rank = 0, every.seen_at, every.others > 1, coalesce(every.know, false),
                    case when w.rank > 0 then array(
                        select row(b.planned_at, b.last_outcome, b.last_answer_at, b.poll_every, b.stopped, b.newest_event_at, s.last_event_at)
                        from shipment_sources b where b.shipment_id = w.shipment_id and b.number = w.number and b.rank < w.rank
                    ) end
                """
            );
            take.With(P(provider), At(now), P(count), P(lease), P(token), At(now - Unseen));
            await using var row = await take.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                shipments.Add(Read(row));
        }
    }

    /// <summary>Gives back what was claimed and not asked about.</summary>
    public async Task ReleaseAsync(Claim claim, CancellationToken ct)
    {
        await using var release = source.CreateCommand(
            """
            update shipment_sources set lease_until = null, lease_token = null
            where shipment_id = any($1) and provider = $2 and lease_token is not distinct from $3
            """
        );
        await release
            .With(Longs(claim.Shipments.Select(s => s.Id)), P(claim.Provider), P(claim.Token))
            .ExecuteNonQueryAsync(ct);
    }

    private static ClaimedShipment Read(NpgsqlDataReader row)
    {
        return new ClaimedShipment(
            row.GetInt64(0),
            row.GetString(1),
            row.GetString(2),
            Text(3),
            Text(4),
            Text(5),
            row.GetFieldValue<DateTimeOffset>(6),
            row.IsDBNull(7) ? null : row.GetFieldValue<DateOnly>(7),
            row.IsDBNull(8) ? null : row.GetFieldValue<DateOnly>(8),
            Enum.Parse<ParcelStatus>(row.GetString(9)),
            Text(10) is { } leg ? Enum.Parse<Leg>(leg) : null,
            Instant(11),
            row.GetBoolean(12),
            row.IsDBNull(13) ? null : row.GetFieldValue<byte[]>(13),
            Outcome(Text(14)),
            row.GetInt32(15),
            row.GetInt32(16),
            Text(17),
            row.GetBoolean(18),
            SourceStanding.FallsBehind(Instant(19), Instant(20)),
            row.GetBoolean(21),
            new SiblingSources(
                Instant(22),
                row.GetBoolean(23),
                row.GetBoolean(24),
                row.IsDBNull(25) ? [] : [.. row.GetFieldValue<object[][]>(25).Select(Standing)]
            )
        );

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        DateTimeOffset? Instant(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
    }

    private static SourceStanding Standing(object[] row) =>
        new(
            Utc(row[0]) ?? DateTimeOffset.MinValue,
            Outcome(row[1] as string),
            Utc(row[2]),
            row[3] as TimeSpan?,
            row[4] is true,
            row[1] is nameof(PollOutcomeKind.Ok) && SourceStanding.FallsBehind(Utc(row[5]), Utc(row[6]))
        );

    private static PollOutcomeKind? Outcome(string? word) => word is null ? null : Enum.Parse<PollOutcomeKind>(word);

    private static DateTimeOffset? Utc(object value) =>
        value is DateTime at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;
}
