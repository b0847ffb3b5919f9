using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Recording;

/// <summary>
/// The statements that write a batch of polls back: one round trip, one transaction. Every one of them names the claim's
/// token. It is compared inside a <c>coalesce</c>: otherwise the planner expects a single row, and joins the arrays in a
/// nested loop.
/// </summary>
internal sealed class WriteBack(NpgsqlConnection connection, Claim claim, DateTimeOffset now) : IAsyncDisposable
{
    private readonly NpgsqlBatch batch = new(connection);

    /// <summary>Nobody can take the claim over between one write and the next.</summary>
    public void HoldClaim(List<ShipmentChange> changes)
    {
        if (changes.Count > 0)
            batch.Add(
                "select from shipments where id = any($1) and lease_token is not distinct from $2 order by id for no key update",
                Longs(changes.Select(c => c.Id)),
                P(claim.Token)
            );
    }

    public void AppendEvents(List<ShipmentChange> changes)
    {
        // Oldest first, so that ids grow along the journey.
        var rows = changes.SelectMany(c => c.Merge.New.Reverse().Select(n => (Change: c, New: n, n.Event))).ToList();
        if (rows.Count == 0)
            return;
        batch.Add(
            """
            insert into tracking_events (shipment_id, fingerprint, provider, code, time_as_sent, wall, offset_minutes, at, quality,
                status, leg, place, text, weight, action_needed, customs_trouble, ordinal, raw, recorded_at, first_import)
            select u.shipment_id, u.fingerprint, $20, u.code, u.time_as_sent, u.wall, u.offset_minutes, u.at, u.quality,
                u.status, u.leg, u.place, u.text, u.weight, u.action_needed, u.customs_trouble, u.ordinal, u.raw::jsonb, $18, u.first_import
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $21)
                as u(shipment_id, fingerprint, code, time_as_sent, wall, offset_minutes, at, quality,
                     status, leg, place, text, weight, action_needed, customs_trouble, ordinal, raw, first_import)
            join shipments s on s.id = u.shipment_id and coalesce(s.lease_token = $19, false)
            on conflict (shipment_id, fingerprint) do nothing
            """,
            Longs(rows.Select(r => r.Change.Id)),
            Array(rows.Select(r => r.New.Fingerprint), NpgsqlDbType.Uuid),
            Texts(rows.Select(r => Clean(r.Event.Code))),
            Texts(rows.Select(r => Clean(r.Event.TimeAsSent))),
            Array(
                rows.Select(r => DateTime.SpecifyKind(r.Event.Wall, DateTimeKind.Unspecified)),
                NpgsqlDbType.Timestamp
            ),
            Array(rows.Select(r => (short?)r.Event.Offset?.TotalMinutes), NpgsqlDbType.Smallint),
            Instants(rows.Select(r => (DateTimeOffset?)r.Event.At)),
            Texts(rows.Select(r => r.Event.Quality.ToString())),
            Texts(rows.Select(r => r.Event.Status.ToString())),
            Texts(rows.Select(r => r.Event.Leg?.ToString())),
            Texts(rows.Select(r => Clean(r.Event.Place))),
            Texts(rows.Select(r => Clean(r.Event.Text))),
            Texts(rows.Select(r => r.Event.Weight.ToString())),
            Flags(rows.Select(r => r.Event.ActionNeeded)),
            Flags(rows.Select(r => r.Event.CustomsTrouble)),
            Ints(rows.Select(r => r.New.Ordinal)),
            Texts(rows.Select(r => CleanJson(r.Event.Raw))),
            At(now),
            P(claim.Token),
            P(claim.Provider),
            Flags(rows.Select(r => r.Change.Answer.Shipment.AnswerHash is null))
        );
    }

    public void WriteRewordings(List<ShipmentChange> changes)
    {
        var rows = changes.SelectMany(c => c.Merge.Reworded).ToList();
        if (rows.Count == 0)
            return;
        batch.Add(
            """
            insert into event_texts (event_id, hash, text, place, seen_at)
            select u.event_id, u.hash, u.text, u.place, $5
            from unnest($1, $2, $3, $4) as u(event_id, hash, text, place)
            join tracking_events e on e.id = u.event_id
            join shipments s on s.id = e.shipment_id and coalesce(s.lease_token = $6, false)
            on conflict (event_id, hash) do update set seen_at = excluded.seen_at
            """,
            Longs(rows.Select(r => r.EventId)),
            Array(
                rows.Select(r => new Guid(
                    SHA256.HashData(Encoding.UTF8.GetBytes($"{r.Text}\u001f{r.Place}")).AsSpan(0, 16)
                )),
                NpgsqlDbType.Uuid
            ),
            Texts(rows.Select(r => Clean(r.Text))),
            Texts(rows.Select(r => Clean(r.Place))),
            At(now),
            P(claim.Token)
        );
    }

    public void WriteAnomalies(List<ShipmentChange> changes)
    {
        var rows = changes
            .SelectMany(c =>
                c.State.Anomalies.Select(a => new AnomalyLine(
                        c.Id,
                        null,
                        a.Kind,
                        a.Detail,
                        a.Event?.Code,
                        a.Event?.TimeAsSent
                    ))
                    .Concat(
                        c.Merge.Vanished.Select(id => new AnomalyLine(
                            c.Id,
                            id,
                            "vanished",
                            "The source no longer lists this event."
                        ))
                    )
            )
            .ToList();
        if (rows.Count == 0)
            return;
        batch.Add(
            """
            insert into anomalies (shipment_id, event_id, kind, detail, seen_at)
            select u.shipment_id, coalesce(u.event_id, e.id), u.kind, u.detail, $8
            from unnest($1, $2, $3, $4, $5, $6) as u(shipment_id, event_id, kind, detail, code, time_as_sent)
            join shipments s on s.id = u.shipment_id and coalesce(s.lease_token = $7, false)
            left join lateral (
                select id from tracking_events
                where shipment_id = u.shipment_id and code = u.code and time_as_sent = u.time_as_sent order by ordinal limit 1
            ) e on true
            on conflict (shipment_id, event_id, kind) do nothing
            """,
            Longs(rows.Select(r => r.Shipment)),
            Array(rows.Select(r => r.Event), NpgsqlDbType.Bigint),
            Texts(rows.Select(r => r.Kind)),
            Texts(rows.Select(r => r.Detail)),
            Texts(rows.Select(r => r.Code)),
            Texts(rows.Select(r => r.TimeAsSent)),
            P(claim.Token),
            At(now)
        );
    }

    public void WritePayloads(List<ShipmentChange> changes)
    {
        if (changes.Count == 0)
            return;
        batch.Add(
            """
            insert into payloads (shipment_id, provider, hash, body, fetched_at)
            select u.shipment_id, $5, u.hash, u.body, $6
            from unnest($1, $2, $3) as u(shipment_id, hash, body)
            join shipments s on s.id = u.shipment_id and coalesce(s.lease_token = $4, false)
            """,
            Longs(changes.Select(c => c.Id)),
            Array(changes.Select(c => c.Answer.Hash), NpgsqlDbType.Bytea),
            Texts(changes.Select(c => Clean(c.Answer.Entry))),
            P(claim.Token),
            P(claim.Provider),
            At(now)
        );
    }

    public void WritePollLog(IReadOnlyList<PollResult> results, List<ShipmentChange> changes)
    {
        var appended = changes.ToDictionary(c => c.Id, c => c.Merge.New.Count);
        batch.Add(
            """
            insert into polls (shipment_id, provider, at, outcome, detail, new_events)
            select u.shipment_id, $5, $6, u.outcome, u.detail, u.new_events
            from unnest($1, $2, $3, $4) as u(shipment_id, outcome, detail, new_events)
            join shipments s on s.id = u.shipment_id and coalesce(s.lease_token = $7, false)
            """,
            Longs(results.Select(r => r.Shipment.Id)),
            Texts(results.Select(r => OutcomeOf(r).ToString())),
            Texts(results.Select(r => Clean(DetailOf(r)))),
            Ints(results.Select(r => appended.GetValueOrDefault(r.Shipment.Id))),
            P(claim.Provider),
            At(now),
            P(claim.Token)
        );
    }

    /// <summary>Orders of changed shipments, and those whose assessment waited for an answer.</summary>
    public void WakeOrders(IReadOnlyList<PollResult> results, List<ShipmentChange> changes)
    {
        var answeredIds = results.Where(r => r is not PollResult.NoAnswer).Select(r => r.Shipment.Id).ToList();
        if (answeredIds.Count == 0)
            return;
        batch.Add(
            """
            with woken as (
                select o.id from orders o
                where o.archived_at is null and exists (
                    select from order_shipments l join shipments s on s.id = l.shipment_id
                    where l.order_id = o.id and s.id = any($1) and coalesce(s.lease_token = $3, false) and (s.id = any($2) or s.wake_on_answer)
                )
                order by o.id for update
            )
            update orders o set next_assessment_at = least(o.next_assessment_at, $4) from woken where o.id = woken.id
            """,
            Longs(answeredIds),
            Longs(changes.Where(c => c.Effect.IsNews).Select(c => c.Id)),
            P(claim.Token),
            At(now)
        );
    }

    public void UpdateChanged(List<ShipmentChange> changes)
    {
        if (changes.Count == 0)
            return;
        batch.Add(
            """
            update shipments s set
                status = u.status, leg = coalesce(u.leg, s.leg), action_needed = u.action_needed, customs_trouble = u.customs_trouble,
                ends_by_design = case u.outcome when 'Ok' then u.ends_by_design else s.ends_by_design end, seen_in_destination = u.seen_in_destination, first_event_at = u.first_event_at, first_scan_at = u.first_scan_at,
                last_event_at = u.last_event_at, last_progress_at = u.last_progress_at, last_text = u.last_text,
                last_place = u.last_place, summary = coalesce(u.summary::jsonb, s.summary), answer_hash = u.hash,
                last_answer_at = case when u.outcome = 'Rejected' then s.last_answer_at else $20 end, last_poll_at = $20,
                last_outcome = u.outcome, answers_since_final = u.answers_since_final, not_found_in_a_row = u.not_found_in_a_row,
                next_poll_at = u.next_poll_at, wake_on_answer = s.wake_on_answer and not u.woke, lease_until = null, lease_token = null
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $21, $22)
                as u(id, status, leg, action_needed, customs_trouble, ends_by_design, first_event_at, first_scan_at, last_event_at,
                     last_progress_at, last_text, last_place, summary, hash, outcome, answers_since_final, not_found_in_a_row, next_poll_at, woke, seen_in_destination)
            where s.id = u.id and coalesce(s.lease_token = $19, false)
            """,
            Longs(changes.Select(c => c.Id)),
            Texts(changes.Select(c => c.State.Status.ToString())),
            Texts(changes.Select(c => c.State.Leg?.ToString())),
            Flags(changes.Select(c => c.State.ActionNeeded)),
            Flags(changes.Select(c => c.State.CustomsTrouble)),
            Flags(changes.Select(c => c.State.EndsByDesign)),
            Instants(changes.Select(c => c.State.FirstEventAt)),
            Instants(changes.Select(c => c.State.FirstScanAt)),
            Instants(changes.Select(c => c.State.LastEventAt)),
            Instants(changes.Select(c => c.State.LastProgressAt)),
            Texts(changes.Select(c => Clean(c.State.LastText))),
            Texts(changes.Select(c => Clean(c.State.LastPlace))),
            Texts(
                changes.Select(c =>
                    c.Answer.Outcome is PollOutcome.Ok ? CleanJson(DomainJson.Write(c.Effect.Summary)) : null
                )
            ),
            Array(changes.Select(c => c.Answer.Hash), NpgsqlDbType.Bytea),
            Texts(changes.Select(c => c.Answer.Outcome.Kind.ToString())),
            Ints(changes.Select(c => c.Effect.Next.AnswersSinceFinal)),
            Ints(changes.Select(c => c.Effect.Next.NotFoundInARow)),
            Instants(changes.Select(c => PollSchedule.DueAt(c.Effect.Next.After, c.Id, now))),
            P(claim.Token),
            At(now),
            Flags(changes.Select(c => c.Answer.Shipment.WakeOnAnswer)),
            Flags(changes.Select(c => c.State.SeenInDestination))
        );
    }

    public void UpdateUnchanged(List<PollResult.Unchanged> unchanged, PollPace pace)
    {
        if (unchanged.Count == 0)
            return;
        var states = unchanged
            .Select(u => (u.Shipment.Id, Next: Answers.Unchanged(u.Shipment.Asked, pace, now)))
            .ToList();
        batch.Add(
            """
            update shipments s set
                last_answer_at = $6, last_poll_at = $6, answers_since_final = u.since_final, not_found_in_a_row = u.not_found,
                next_poll_at = u.next_poll_at, wake_on_answer = s.wake_on_answer and not u.woke, lease_until = null, lease_token = null
            from unnest($1, $2, $3, $4, $7) as u(id, since_final, not_found, next_poll_at, woke)
            where s.id = u.id and coalesce(s.lease_token = $5, false)
            """,
            Longs(states.Select(s => s.Id)),
            Ints(states.Select(s => s.Next.AnswersSinceFinal)),
            Ints(states.Select(s => s.Next.NotFoundInARow)),
            Instants(states.Select(s => PollSchedule.DueAt(s.Next.After, s.Id, now))),
            P(claim.Token),
            At(now),
            Flags(unchanged.Select(u => u.Shipment.WakeOnAnswer))
        );
    }

    public void Release(List<PollResult.NoAnswer> silent)
    {
        if (silent.Count == 0)
            return;
        batch.Add(
            """
            update shipments s set
                last_poll_at = $4, next_poll_at = coalesce(u.retry_at, s.next_poll_at), lease_until = null, lease_token = null
            from unnest($1, $2) as u(id, retry_at)
            where s.id = u.id and coalesce(s.lease_token = $3, false)
            """,
            Longs(silent.Select(s => s.Shipment.Id)),
            Instants(silent.Select(s => s.RetryAt)),
            P(claim.Token),
            At(now)
        );
    }

    /// <returns>Rows of shipments that were written back.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        await batch.ExecuteNonQueryAsync(ct);
        return ((IEnumerable<NpgsqlBatchCommand>)batch.BatchCommands)
            .Where(c => c.CommandText.StartsWith("update shipments", StringComparison.Ordinal))
            .Sum(c => (int)c.RecordsAffected);
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();

    private static PollOutcomeKind OutcomeOf(PollResult result) =>
        result switch
        {
            PollResult.Answered a => a.Outcome.Kind,
            PollResult.NoAnswer n => n.Outcome.Kind,
            _ => result.Shipment.LastOutcome ?? PollOutcomeKind.Ok,
        };

    private static string? DetailOf(PollResult result) =>
        result switch
        {
            PollResult.Answered a => a.Outcome.Trouble,
            PollResult.NoAnswer n => n.Outcome.Trouble,
            _ => null,
        };

    private sealed record AnomalyLine(
        long Shipment,
        long? Event,
        string Kind,
        string Detail,
        string? Code = null,
        string? TimeAsSent = null
    );
}
