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
    /// <returns>At most <paramref name="most"/> shipments, the longest overdue first; possibly none.</returns>
    public async Task<Claim> TakeAsync(
        string provider,
        int most,
        TimeSpan lease,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var token = Guid.NewGuid();
        await using var take = source.CreateCommand(
            """
            with due as (
                select id from shipments
                where provider = $1 and archived_at is null and next_poll_at <= $2 and (lease_until is null or lease_until < clock_timestamp())
                order by next_poll_at limit $3 for update skip locked
            )
            update shipments s set lease_until = clock_timestamp() + $4, lease_token = $5
            from due where s.id = due.id
            returning s.id, s.number, s.carrier, s.country, s.postcode, s.registered_at, s.status, s.leg, s.last_progress_at,
                s.answer_hash, s.last_outcome, s.last_answer_at, s.answers_since_final, s.not_found_in_a_row, s.wake_on_answer
            """
        );
        take.With(P(provider), At(now), P(most), P(lease), P(token));
        var shipments = new List<ClaimedShipment>(most);
        await using var row = await take.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            shipments.Add(
                new ClaimedShipment(
                    row.GetInt64(0),
                    row.GetString(1),
                    row.IsDBNull(2) ? null : row.GetString(2),
                    row.IsDBNull(3) ? null : row.GetString(3),
                    row.IsDBNull(4) ? null : row.GetString(4),
                    row.GetFieldValue<DateTimeOffset>(5),
                    Enum.Parse<ParcelStatus>(row.GetString(6)),
                    row.IsDBNull(7) ? null : Enum.Parse<Leg>(row.GetString(7)),
                    row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
                    row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9),
                    row.IsDBNull(10) ? null : Enum.Parse<PollOutcomeKind>(row.GetString(10)),
                    row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
                    row.GetInt32(12),
                    row.GetInt32(13),
                    row.GetBoolean(14)
                )
            );
        return new Claim(provider, token, shipments);
    }

    /// <summary>Gives back what was claimed and not asked about.</summary>
    public async Task ReleaseAsync(Claim claim, CancellationToken ct)
    {
        await using var release = source.CreateCommand(
            "update shipments set lease_until = null, lease_token = null where id = any($1) and lease_token is not distinct from $2"
        );
        await release.With(Longs(claim.Shipments.Select(s => s.Id)), P(claim.Token)).ExecuteNonQueryAsync(ct);
    }
}
