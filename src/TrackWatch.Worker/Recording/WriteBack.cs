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
    /// <summary>Who holds a row: every statement joins it, and a row that passed to another worker joins nothing.</summary>
    private const string Held =
        "join shipment_sources w on w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number and coalesce(w.lease_token = $2, false)";

    private readonly NpgsqlBatch batch = new(connection);
    private readonly List<NpgsqlBatchCommand> releases = [];

    /// <summary>Nobody can take the claim over between one write and the next.</summary>
    public void HoldClaim(List<ShipmentChange> changes)
    {
        if (changes.Count > 0)
            Add(
                """
                select from shipment_sources w where w.shipment_id = any($3) and w.provider = $1 and coalesce(w.lease_token = $2, false)
                order by w.shipment_id, w.number for no key update
                """,
                Longs(changes.Select(c => c.Id))
            );
    }

    public void AppendEvents(List<ShipmentChange> changes)
    {
        // Oldest first, so that ids grow along the journey.
        var rows = changes.SelectMany(c => c.Merge.New.Reverse().Select(n => (Change: c, New: n, n.Event))).ToList();
        if (rows.Count == 0)
            return;
        Add(
            $"""
            insert into tracking_events (shipment_id, fingerprint, provider, number, code, time_as_sent, wall, offset_minutes, at, quality,
                status, leg, place, text, weight, action_needed, customs_trouble, ordinal, raw, recorded_at, first_import)
            select u.shipment_id, u.fingerprint, $1, u.number, u.code, u.time_as_sent, u.wall, u.offset_minutes, u.at, u.quality,
                u.status, u.leg, u.place, u.text, u.weight, u.action_needed, u.customs_trouble, u.ordinal, u.raw::jsonb, $3, u.first_import
            from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
                as u(shipment_id, number, fingerprint, code, time_as_sent, wall, offset_minutes, at, quality,
                     status, leg, place, text, weight, action_needed, customs_trouble, ordinal, raw, first_import)
            {Held}
            on conflict (shipment_id, fingerprint) do nothing
            """,
            At(now),
            Longs(rows.Select(r => r.Change.Id)),
            Texts(rows.Select(r => r.Change.Answer.Shipment.Number)),
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
            Flags(rows.Select(r => r.Change.Answer.Shipment.AnswerHash is null))
        );
    }

    public void WriteRewordings(List<ShipmentChange> changes)
    {
        var rows = changes
            .SelectMany(c => c.Merge.Reworded.Select(r => (c.Id, c.Answer.Shipment.Number, Said: r)))
            .ToList();
        if (rows.Count == 0)
            return;
        Add(
            $"""
            insert into event_texts (event_id, hash, text, place, seen_at)
            select u.event_id, u.hash, u.text, u.place, $3
            from unnest($4, $5, $6, $7, $8, $9) as u(shipment_id, number, event_id, hash, text, place)
            {Held}
            on conflict (event_id, hash) do update set seen_at = excluded.seen_at
            """,
            At(now),
            Longs(rows.Select(r => r.Id)),
            Texts(rows.Select(r => r.Number)),
            Longs(rows.Select(r => r.Said.EventId)),
            Array(
                rows.Select(r => new Guid(
                    SHA256.HashData(Encoding.UTF8.GetBytes($"{r.Said.Text}\u001f{r.Said.Place}")).AsSpan(0, 16)
                )),
                NpgsqlDbType.Uuid
            ),
            Texts(rows.Select(r => Clean(r.Said.Text))),
            Texts(rows.Select(r => Clean(r.Said.Place)))
        );
    }

    public void WriteAnomalies(List<ShipmentChange> changes)
    {
        var rows = changes
            .SelectMany(c =>
                c.State.Anomalies.Select(a => new AnomalyLine(
                        c,
                        null,
                        a.Kind,
                        a.Detail,
                        a.Event?.Source,
                        a.Event?.Code,
                        a.Event?.TimeAsSent
                    ))
                    .Concat(
                        c.Merge.Vanished.Select(id => new AnomalyLine(
                            c,
                            id,
                            "vanished",
                            "The source no longer lists this event."
                        ))
                    )
            )
            .ToList();
        if (rows.Count == 0)
            return;
        Add(
            $"""
            insert into anomalies (shipment_id, event_id, kind, detail, seen_at)
            select u.shipment_id, coalesce(u.event_id, e.id), u.kind, u.detail, $3
            from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12) as u(shipment_id, number, event_id, kind, detail, teller, told_of, code, time_as_sent)
            {Held}
            left join lateral (
                select id from tracking_events
                where shipment_id = u.shipment_id and provider = u.teller and number = u.told_of and code = u.code and time_as_sent = u.time_as_sent
                order by ordinal limit 1
            ) e on true
            on conflict (shipment_id, event_id, kind) do nothing
            """,
            At(now),
            Longs(rows.Select(r => r.Change.Id)),
            Texts(rows.Select(r => r.Change.Answer.Shipment.Number)),
            Array(rows.Select(r => r.Event), NpgsqlDbType.Bigint),
            Texts(rows.Select(r => r.Kind)),
            Texts(rows.Select(r => r.Detail)),
            Texts(rows.Select(r => r.Teller?.Provider)),
            Texts(rows.Select(r => r.Teller?.Number)),
            Texts(rows.Select(r => r.Code)),
            Texts(rows.Select(r => r.TimeAsSent))
        );
    }

    public void WritePayloads(List<ShipmentChange> changes)
    {
        if (changes.Count == 0)
            return;
        Add(
            $"""
            insert into payloads (shipment_id, provider, number, hash, body, fetched_at)
            select u.shipment_id, $1, u.number, u.hash, u.body, $3
            from unnest($4, $5, $6, $7) as u(shipment_id, number, hash, body)
            {Held}
            """,
            At(now),
            Longs(changes.Select(c => c.Id)),
            Texts(changes.Select(c => c.Answer.Shipment.Number)),
            Array(changes.Select(c => c.Answer.Hash), NpgsqlDbType.Bytea),
            Texts(changes.Select(c => Clean(c.Answer.Entry)))
        );
    }

    public void WritePollLog(IReadOnlyList<PollResult> results, List<ShipmentChange> changes)
    {
        var asked = results.Where(r => r is not PollResult.PutOff).ToList();
        if (asked.Count == 0)
            return;
        var appended = changes.ToDictionary(c => c.Id, c => c.Merge.New.Count);
        Add(
            $"""
            insert into polls (shipment_id, provider, number, at, outcome, detail, new_events)
            select u.shipment_id, $1, u.number, $3, u.outcome, u.detail, u.new_events
            from unnest($4, $5, $6, $7, $8) as u(shipment_id, number, outcome, detail, new_events)
            {Held}
            """,
            At(now),
            Longs(asked.Select(r => r.Shipment.Id)),
            Texts(asked.Select(r => r.Shipment.Number)),
            Texts(asked.Select(r => OutcomeOf(r).ToString())),
            Texts(asked.Select(r => Clean(DetailOf(r)))),
            Ints(asked.Select(r => appended.GetValueOrDefault(r.Shipment.Id)))
        );
    }

    /// <summary>Orders of changed shipments, and those whose assessment waited for an answer that shows where the parcel stands.</summary>
    public void WakeOrders(IReadOnlyList<PollResult> results, List<ShipmentChange> changes, PollPace pace)
    {
        // Most answers change nothing, and nobody waits for them: no order is looked for then.
        var seen = results
            .Where(r =>
                r is PollResult.Unchanged { Shipment.WakeOnAnswer: true }
                && Answers.Unchanged(r.Shipment.Asked(claim.Provider), pace, now).IsSight
            )
            .Concat(changes.Where(c => c.Effect.Next.IsSight || c.Effect.IsNews).Select(c => c.Answer))
            .ToList();
        if (seen.Count == 0)
            return;
        Add(
            """
            with woken as (
                select o.id from orders o
                where o.archived_at is null and exists (
                    select from order_shipments l join shipments s on s.id = l.shipment_id
                        join unnest($4, $5) as u(shipment_id, number) on u.shipment_id = s.id
                        join shipment_sources w on w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number
                            and coalesce(w.lease_token = $2, false)
                    where l.order_id = o.id and (s.id = any($6) or s.wake_on_answer)
                )
                order by o.id for update
            )
            update orders o set next_assessment_at = least(o.next_assessment_at, $3) from woken where o.id = woken.id
            """,
            At(now),
            Longs(seen.Select(r => r.Shipment.Id)),
            Texts(seen.Select(r => r.Shipment.Number)),
            Longs(changes.Where(c => c.Effect.IsNews).Select(c => c.Id))
        );
    }

    public void UpdateChanged(List<ShipmentChange> changes)
    {
        if (changes.Count == 0)
            return;
        // The source is let go last: until then its token guards the shipment.
        Add(
            $"""
            update shipments s set
                status = u.status, leg = coalesce(u.leg, s.leg), action_needed = u.action_needed, customs_trouble = u.customs_trouble,
                ends_by_design = u.ends_by_design, seen_in_destination = u.seen_in_destination,
                first_event_at = u.first_event_at, first_scan_at = u.first_scan_at,
                last_event_at = u.last_event_at, last_progress_at = u.last_progress_at, last_text = u.last_text,
                last_place = u.last_place, plan = case when u.last_mile is distinct from s.summary->>'lastMileNumber' then null else s.plan end,
                summary = u.summary::jsonb, wake_on_answer = s.wake_on_answer and not u.woke
            from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
                as u(shipment_id, number, status, leg, action_needed, customs_trouble, ends_by_design, seen_in_destination, first_event_at,
                     first_scan_at, last_event_at, last_progress_at, last_text, last_place, last_mile, summary, woke)
            {Held}
            where s.id = u.shipment_id
            """,
            Longs(changes.Select(c => c.Id)),
            Texts(changes.Select(c => c.Answer.Shipment.Number)),
            Texts(changes.Select(c => c.State.Status.ToString())),
            Texts(changes.Select(c => c.State.Leg?.ToString())),
            Flags(changes.Select(c => c.State.ActionNeeded)),
            Flags(changes.Select(c => c.State.CustomsTrouble)),
            Flags(changes.Select(c => c.State.EndsByDesign)),
            Flags(changes.Select(c => c.State.SeenInDestination)),
            Instants(changes.Select(c => c.State.FirstEventAt)),
            Instants(changes.Select(c => c.State.FirstScanAt)),
            Instants(changes.Select(c => c.State.LastEventAt)),
            Instants(changes.Select(c => c.State.LastProgressAt)),
            Texts(changes.Select(c => Clean(c.State.LastText))),
            Texts(changes.Select(c => Clean(c.State.LastPlace))),
            Texts(changes.Select(c => Clean(c.Effect.Summary.LastMileNumber))),
            Texts(changes.Select(c => CleanJson(DomainJson.Write(c.Effect.Summary)))),
            Flags(changes.Select(c => c.Answer.Shipment.WakeOnAnswer && c.Effect.Next.IsSight))
        );
        Release(
            """
            update shipment_sources w set
                answer_hash = u.hash, summary = u.summary::jsonb, stopped = u.stopped, last_outcome = u.outcome, last_poll_at = $3,
                last_answer_at = case when u.outcome = 'Rejected' then w.last_answer_at else $3 end,
                last_sight_at = case when u.sight then $3 else w.last_sight_at end,
                answers_since_final = u.since_final, not_found_in_a_row = u.not_found, poll_every = u.every,
                next_poll_at = u.next_poll_at, newest_event_at = u.newest, stands_by = false, lease_until = null, lease_token = null
            from unnest($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                as u(shipment_id, number, hash, summary, stopped, outcome, sight, since_final, not_found, every, next_poll_at, newest)
            where w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number and coalesce(w.lease_token = $2, false)
            """,
            At(now),
            Longs(changes.Select(c => c.Id)),
            Texts(changes.Select(c => c.Answer.Shipment.Number)),
            Array(changes.Select(c => c.Answer.Hash), NpgsqlDbType.Bytea),
            Texts(changes.Select(c => CleanJson(DomainJson.Write(c.Effect.Own)))),
            Flags(changes.Select(c => c.Effect.HasStopped)),
            Texts(changes.Select(c => c.Answer.Outcome.Kind.ToString())),
            Flags(changes.Select(c => c.Effect.Next.IsSight)),
            Ints(changes.Select(c => c.Effect.Next.AnswersSinceFinal)),
            Ints(changes.Select(c => c.Effect.Next.NotFoundInARow)),
            Spans(changes.Select(c => c.Effect.Next.After)),
            Instants(changes.Select(c => DueAt(c.Answer.Shipment, c.Effect.Next))),
            Instants(changes.Select(c => c.Effect.NewestOwn))
        );
    }

    public void UpdateUnchanged(List<PollResult.Unchanged> unchanged, PollPace pace)
    {
        if (unchanged.Count == 0)
            return;
        var states = unchanged
            .Select(u => (u.Shipment, Next: Answers.Unchanged(u.Shipment.Asked(claim.Provider), pace, now)))
            .ToList();
        var woken = states.Where(s => s.Next.IsSight && s.Shipment.WakeOnAnswer).Select(s => s.Shipment).ToList();
        if (woken.Count > 0)
            Add(
                $"""
                update shipments s set wake_on_answer = false
                from unnest($3, $4) as u(shipment_id, number)
                {Held}
                where s.id = u.shipment_id
                """,
                Longs(woken.Select(s => s.Id)),
                Texts(woken.Select(s => s.Number))
            );
        Release(
            """
            update shipment_sources w set
                last_answer_at = case when w.last_outcome = 'Rejected' then w.last_answer_at else $3 end,
                last_sight_at = case when u.sight then $3 else w.last_sight_at end,
                last_poll_at = $3, answers_since_final = u.since_final, not_found_in_a_row = u.not_found,
                poll_every = u.every, next_poll_at = u.next_poll_at, stands_by = false, lease_until = null, lease_token = null
            from unnest($4, $5, $6, $7, $8, $9, $10) as u(shipment_id, number, sight, since_final, not_found, every, next_poll_at)
            where w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number and coalesce(w.lease_token = $2, false)
            """,
            At(now),
            Longs(states.Select(s => s.Shipment.Id)),
            Texts(states.Select(s => s.Shipment.Number)),
            Flags(states.Select(s => s.Next.IsSight)),
            Ints(states.Select(s => s.Next.AnswersSinceFinal)),
            Ints(states.Select(s => s.Next.NotFoundInARow)),
            Spans(states.Select(s => s.Next.After)),
            Instants(states.Select(s => DueAt(s.Shipment, s.Next)))
        );
    }

    public void Release(List<PollResult.NoAnswer> silent)
    {
        if (silent.Count == 0)
            return;
        Release(
            """
            update shipment_sources w set
                last_poll_at = $3, next_poll_at = coalesce(u.retry_at, w.next_poll_at), stands_by = false, lease_until = null, lease_token = null
            from unnest($4, $5, $6) as u(shipment_id, number, retry_at)
            where w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number and coalesce(w.lease_token = $2, false)
            """,
            At(now),
            Longs(silent.Select(s => s.Shipment.Id)),
            Texts(silent.Select(s => s.Shipment.Number)),
            Instants(silent.Select(s => s.RetryAt))
        );
    }

    public void PutOff(List<PollResult.PutOff> putOff)
    {
        if (putOff.Count == 0)
            return;
        Release(
            """
            update shipment_sources w set next_poll_at = u.until, stands_by = u.stands_by, lease_until = null, lease_token = null
            from unnest($3, $4, $5, $6) as u(shipment_id, number, until, stands_by)
            where w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number and coalesce(w.lease_token = $2, false)
            """,
            Longs(putOff.Select(s => s.Shipment.Id)),
            Texts(putOff.Select(s => s.Shipment.Number)),
            Instants(putOff.Select(s => s.Until)),
            Flags(putOff.Select(s => s.StandsBy))
        );
    }

    /// <summary>What the provider wants to be told the next time. Comes before anything lets the rows go.</summary>
    public void Remember(IReadOnlyList<PollResult> results)
    {
        var told = results.Where(r => r.Memo is not null).ToList();
        if (told.Count == 0)
            return;
        Add(
            """
            update shipment_sources w set memo = nullif(u.memo, '')
            from unnest($3, $4, $5) as u(shipment_id, number, memo)
            where w.shipment_id = u.shipment_id and w.provider = $1 and w.number = u.number and coalesce(w.lease_token = $2, false)
            """,
            Longs(told.Select(r => r.Shipment.Id)),
            Texts(told.Select(r => r.Shipment.Number)),
            Texts(told.Select(r => Clean(r.Memo)))
        );
    }

    /// <returns>Rows of sources that were written back.</returns>
    public async Task<int> ExecuteAsync(CancellationToken ct)
    {
        await batch.ExecuteNonQueryAsync(ct);
        return releases.Sum(c => (int)c.RecordsAffected);
    }

    public ValueTask DisposeAsync() => batch.DisposeAsync();

    /// <summary><c>$1</c> is the provider, <c>$2</c> the claim's token.</summary>
    private NpgsqlBatchCommand Add(string sql, params ReadOnlySpan<NpgsqlParameter> more) =>
        batch.Add(sql, [P(claim.Provider), P(claim.Token), .. more]);

    private void Release(string sql, params ReadOnlySpan<NpgsqlParameter> more) => releases.Add(Add(sql, more));

    /// <summary>Where a source's limit is short, the less pressing wait longer.</summary>
    private DateTimeOffset? DueAt(ClaimedShipment shipment, NextPoll next) =>
        PollSchedule.DueAt(
            next.After * (shipment.IsUrgent ? claim.Stretch.Urgent : claim.Stretch.Others),
            shipment.Id,
            now
        );

    private static NpgsqlParameter Spans(IEnumerable<TimeSpan?> values) => Array(values, NpgsqlDbType.Interval);

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
        ShipmentChange Change,
        long? Event,
        string Kind,
        string Detail,
        SourceKey? Teller = null,
        string? Code = null,
        string? TimeAsSent = null
    );
}
