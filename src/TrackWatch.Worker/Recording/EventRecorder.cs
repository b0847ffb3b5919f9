using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Telemetry;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Recording;

/// <summary>
/// Writes a batch of polls back: what is new in the histories, what the shipments come to, when they are due again, and
/// which orders are to be assessed. One read for the changed histories and one batch of writes, which is one transaction;
/// every write names the claim's token, so a worker that lost its claim changes nothing. The token is compared
/// inside a <c>coalesce</c>: otherwise the planner expects a single row, and joins the arrays in a nested loop.
/// </summary>
internal sealed partial class EventRecorder(NpgsqlDataSource source, ILogger<EventRecorder> logger)
{
    public async Task<Recorded> RecordAsync(
        Claim claim,
        IReadOnlyList<PollResult> results,
        PollPace pace,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var answered = results.OfType<PollResult.Answered>().ToList();
        await using var connection = await source.OpenConnectionAsync(ct);
        var histories = await LoadAsync(
            connection,
            [.. answered.Where(a => a.Shipment.AnswerHash is not null).Select(a => a.Shipment.Id)],
            ct
        );
        var changes = answered
            .Select(a => Change(claim.Provider, a, histories.GetValueOrDefault(a.Shipment.Id, []), pace, now))
            .ToList();

        await using var batch = new NpgsqlBatch(connection);
        // Orders before shipments, as assessing locks them.
        WakeOrders(batch, claim, results, changes, now);
        HoldClaim(batch, claim, changes);
        AppendEvents(batch, claim, changes, now);
        WriteRewordings(batch, claim, changes, now);
        WriteAnomalies(batch, claim, changes, now);
        WritePayloads(batch, claim, changes, now);
        WritePollLog(batch, claim, results, changes, now);
        UpdateChanged(batch, claim, changes, now);
        UpdateUnchanged(batch, claim, [.. results.OfType<PollResult.Unchanged>()], pace, now);
        Release(batch, claim, [.. results.OfType<PollResult.NoAnswer>()], now);
        var written = await ExecuteAsync(batch, ct);

        var lost = results.Count - written;
        if (lost > 0)
            ClaimLost(logger, lost, claim.Provider);
        if (written == 0)
            return new Recorded(0, 0, lost);
        var appended = changes.Sum(c => c.Merge.New.Count);
        if (appended > 0)
            Instruments.Events.Add(appended, new KeyValuePair<string, object?>("provider", claim.Provider));
        foreach (var change in changes)
            Tell(change);
        return new Recorded(appended, changes.Count(c => c.StateChanged), lost);
    }

    private void Tell(ShipmentChange change)
    {
        var shipment = change.Answer.Shipment;
        if (change.Answer.Outcome is PollOutcome.NotFound && shipment.LastAnswerAt is null)
            NotKnown(logger, shipment.Number);
        else if (shipment.LastAnswerAt is null)
            FirstFound(logger, shipment.Number, change.State.Status, change.Merge.New.Count);
        else if (change.Merge.New.Count > 0)
            Moved(logger, shipment.Number, change.Merge.New.Count, change.State.Status);
    }

    /// <summary>One answered shipment, held against its history.</summary>
    private sealed record ShipmentChange(
        PollResult.Answered Answer,
        HistoryChange Merge,
        ShipmentState State,
        ParcelSummary Summary,
        TimeSpan? NextPoll,
        int AnswersSinceFinal,
        int NotFoundInARow
    )
    {
        public long Id => Answer.Shipment.Id;

        public bool StateChanged =>
            Merge.New.Count > 0 || Answer.Shipment.LastAnswerAt is null || State.Status != Answer.Shipment.Status;
    }

    private sealed record AnomalyLine(
        long Shipment,
        long? Event,
        string Kind,
        string Detail,
        string? Code = null,
        string? TimeAsSent = null
    );

    /// <summary>An event on file with what is needed to know it again and to derive the shipment's state.</summary>
    private sealed record StoredEvent(KnownEvent Known, ReportedEvent Event);

    private static ShipmentChange Change(
        string provider,
        PollResult.Answered answer,
        IReadOnlyList<StoredEvent> stored,
        PollPace pace,
        DateTimeOffset now
    )
    {
        var shipment = answer.Shipment;
        var reading = answer.Outcome is PollOutcome.Ok ok ? ok.Reading : null;
        var merge = reading is null
            ? new HistoryChange([], [], [.. stored.Select(s => s.Known.Id)])
            : HistoryMerge.Merge(provider, shipment.Number, [.. stored.Select(s => s.Known)], reading.Events);
        var summary = reading?.Summary ?? ParcelSummary.Empty;
        var reworded = merge.Reworded.ToDictionary(r => r.EventId);
        var events = stored
            .Select(s =>
                reworded.TryGetValue(s.Known.Id, out var r) ? s.Event with { Text = r.Text, Place = r.Place } : s.Event
            )
            .Concat(merge.New.Select(n => n.Event))
            .ToList();
        var state = ShipmentState.Derive(shipment.Status, events, summary, now);
        if (answer.Outcome is PollOutcome.NotFound && events.Count == 0)
            state = state with { Status = ParcelStatus.NotFound };

        var sinceFinal = state.Status.IsFinal() ? shipment.AnswersSinceFinal + 1 : 0;
        var notFound = answer.Outcome is PollOutcome.NotFound ? shipment.NotFoundInARow + 1 : 0;
        var next = PollSchedule.Next(
            answer.Outcome.Kind,
            new PollState(state.Status, state.Leg, shipment.RegisteredAt, state.LastProgressAt, sinceFinal, notFound),
            pace.Moving,
            pace.Floor,
            now
        );
        return new ShipmentChange(answer, merge, state, summary, next, sinceFinal, notFound);
    }

    private static async Task<Dictionary<long, List<StoredEvent>>> LoadAsync(
        NpgsqlConnection connection,
        long[] shipments,
        CancellationToken ct
    )
    {
        var histories = new Dictionary<long, List<StoredEvent>>();
        if (shipments.Length == 0)
            return histories;
        await using var command = new NpgsqlCommand(
            """
            select e.id, e.shipment_id, e.code, e.time_as_sent, coalesce(t.place, e.place), e.ordinal, coalesce(t.text, e.text),
                   e.wall, e.offset_minutes, e.at, e.quality, e.status, e.leg, e.weight, e.action_needed, e.customs_trouble
            from tracking_events e
            left join lateral (
                select text, place from event_texts where event_id = e.id order by seen_at desc limit 1
            ) t on true
            where e.shipment_id = any($1)
            order by e.id
            """,
            connection
        ).With(Longs(shipments));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var e = new ReportedEvent
            {
                Code = row.GetString(2),
                TimeAsSent = row.GetString(3),
                Place = row.IsDBNull(4) ? null : row.GetString(4),
                Text = row.GetString(6),
                Wall = row.GetDateTime(7),
                Offset = row.IsDBNull(8) ? null : TimeSpan.FromMinutes(row.GetInt16(8)),
                At = row.GetFieldValue<DateTimeOffset>(9),
                Quality = Enum.Parse<TimeQuality>(row.GetString(10)),
                Status = Enum.Parse<ParcelStatus>(row.GetString(11)),
                Leg = row.IsDBNull(12) ? null : Enum.Parse<Leg>(row.GetString(12)),
                Weight = Enum.Parse<EventWeight>(row.GetString(13)),
                ActionNeeded = row.GetBoolean(14),
                CustomsTrouble = row.GetBoolean(15),
            };
            var known = new KnownEvent(row.GetInt64(0), e.Code, e.TimeAsSent, e.Place, row.GetInt32(5), e.Text);
            if (!histories.TryGetValue(row.GetInt64(1), out var history))
                histories[row.GetInt64(1)] = history = [];
            history.Add(new StoredEvent(known, e));
        }
        return histories;
    }

    /// <summary>Nobody can take the claim over between one write and the next.</summary>
    private static void HoldClaim(NpgsqlBatch batch, Claim claim, List<ShipmentChange> changes)
    {
        if (changes.Count > 0)
            batch.Add(
                "select from shipments where id = any($1) and lease_token is not distinct from $2 order by id for no key update",
                Longs(changes.Select(c => c.Id)),
                P(claim.Token)
            );
    }

    private static void AppendEvents(NpgsqlBatch batch, Claim claim, List<ShipmentChange> changes, DateTimeOffset now)
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

    private static void WriteRewordings(
        NpgsqlBatch batch,
        Claim claim,
        List<ShipmentChange> changes,
        DateTimeOffset now
    )
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

    private static void WriteAnomalies(NpgsqlBatch batch, Claim claim, List<ShipmentChange> changes, DateTimeOffset now)
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

    private static void WritePayloads(NpgsqlBatch batch, Claim claim, List<ShipmentChange> changes, DateTimeOffset now)
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

    private static void WritePollLog(
        NpgsqlBatch batch,
        Claim claim,
        IReadOnlyList<PollResult> results,
        List<ShipmentChange> changes,
        DateTimeOffset now
    )
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
    private static void WakeOrders(
        NpgsqlBatch batch,
        Claim claim,
        IReadOnlyList<PollResult> results,
        List<ShipmentChange> changes,
        DateTimeOffset now
    )
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
            Longs(changes.Where(c => c.StateChanged).Select(c => c.Id)),
            P(claim.Token),
            At(now)
        );
    }

    private static void UpdateChanged(NpgsqlBatch batch, Claim claim, List<ShipmentChange> changes, DateTimeOffset now)
    {
        if (changes.Count == 0)
            return;
        batch.Add(
            """
            update shipments s set
                status = u.status, leg = coalesce(u.leg, s.leg), action_needed = u.action_needed, customs_trouble = u.customs_trouble,
                ends_by_design = case u.outcome when 'Ok' then u.ends_by_design else s.ends_by_design end, first_event_at = u.first_event_at, first_scan_at = u.first_scan_at,
                last_event_at = u.last_event_at, last_progress_at = u.last_progress_at, last_text = u.last_text,
                last_place = u.last_place, summary = coalesce(u.summary::jsonb, s.summary), answer_hash = u.hash,
                last_answer_at = case when u.outcome = 'Rejected' then s.last_answer_at else $20 end, last_poll_at = $20,
                last_outcome = u.outcome, answers_since_final = u.answers_since_final, not_found_in_a_row = u.not_found_in_a_row,
                next_poll_at = u.next_poll_at, wake_on_answer = s.wake_on_answer and not u.woke, lease_until = null, lease_token = null
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $21)
                as u(id, status, leg, action_needed, customs_trouble, ends_by_design, first_event_at, first_scan_at, last_event_at,
                     last_progress_at, last_text, last_place, summary, hash, outcome, answers_since_final, not_found_in_a_row, next_poll_at, woke)
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
                changes.Select(c => c.Answer.Outcome is PollOutcome.Ok ? CleanJson(DomainJson.Write(c.Summary)) : null)
            ),
            Array(changes.Select(c => c.Answer.Hash), NpgsqlDbType.Bytea),
            Texts(changes.Select(c => c.Answer.Outcome.Kind.ToString())),
            Ints(changes.Select(c => c.AnswersSinceFinal)),
            Ints(changes.Select(c => c.NotFoundInARow)),
            Instants(changes.Select(c => Due(c.NextPoll, c.Id, now))),
            P(claim.Token),
            At(now),
            Flags(changes.Select(c => c.Answer.Shipment.WakeOnAnswer))
        );
    }

    private static void UpdateUnchanged(
        NpgsqlBatch batch,
        Claim claim,
        List<PollResult.Unchanged> unchanged,
        PollPace pace,
        DateTimeOffset now
    )
    {
        if (unchanged.Count == 0)
            return;
        var states = unchanged
            .Select(u =>
            {
                var s = u.Shipment;
                var outcome = s.LastOutcome ?? PollOutcomeKind.Ok;
                var sinceFinal = s.Status.IsFinal() ? s.AnswersSinceFinal + 1 : 0;
                var notFound = outcome == PollOutcomeKind.NotFound ? s.NotFoundInARow + 1 : 0;
                var state = new PollState(s.Status, s.Leg, s.RegisteredAt, s.LastProgressAt, sinceFinal, notFound);
                return (
                    s.Id,
                    SinceFinal: sinceFinal,
                    NotFound: notFound,
                    Next: Due(PollSchedule.Next(outcome, state, pace.Moving, pace.Floor, now), s.Id, now)
                );
            })
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
            Ints(states.Select(s => s.SinceFinal)),
            Ints(states.Select(s => s.NotFound)),
            Instants(states.Select(s => s.Next)),
            P(claim.Token),
            At(now),
            Flags(unchanged.Select(u => u.Shipment.WakeOnAnswer))
        );
    }

    private static void Release(NpgsqlBatch batch, Claim claim, List<PollResult.NoAnswer> silent, DateTimeOffset now)
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
    private static async Task<int> ExecuteAsync(NpgsqlBatch batch, CancellationToken ct)
    {
        await batch.ExecuteNonQueryAsync(ct);
        return ((IEnumerable<NpgsqlBatchCommand>)batch.BatchCommands)
            .Where(c => c.CommandText.StartsWith("update shipments", StringComparison.Ordinal))
            .Sum(c => (int)c.RecordsAffected);
    }

    private static PollOutcomeKind OutcomeOf(PollResult result) =>
        result switch
        {
            PollResult.Answered a => a.Outcome.Kind,
            PollResult.NoAnswer n => n.Outcome.Kind,
            _ => result.Shipment.LastOutcome ?? PollOutcomeKind.Ok,
        };

    private static string? DetailOf(PollResult result) =>
        (result as PollResult.Answered)?.Outcome is PollOutcome.Rejected rejected
            ? rejected.Why
            : (result as PollResult.NoAnswer)?.Outcome switch
            {
                PollOutcome.Failed failed => failed.Why,
                PollOutcome.Blocked blocked => blocked.Why,
                PollOutcome.Throttled throttled => throttled.Why,
                _ => null,
            };

    /// <summary>
    /// Up to a tenth later, each shipment by a share of its own, so that what was registered together is not asked about
    /// together for ever.
    /// </summary>
    private static DateTimeOffset? Due(TimeSpan? interval, long shipment, DateTimeOffset now) =>
        interval is { } wait ? now + wait + (wait * (shipment * 0.6180339887 % 1 / 10)) : null;

    [LoggerMessage(301, LogLevel.Information, "{Number}: found, {Status}, {Events} events")]
    private static partial void FirstFound(ILogger logger, string number, ParcelStatus status, int events);

    [LoggerMessage(302, LogLevel.Information, "{Number}: the source does not know this number yet")]
    private static partial void NotKnown(ILogger logger, string number);

    [LoggerMessage(303, LogLevel.Information, "{Number}: {Events} new events, now {Status}")]
    private static partial void Moved(ILogger logger, string number, int events, ParcelStatus status);

    [LoggerMessage(
        304,
        LogLevel.Warning,
        "The claim on {Count} shipments of {Provider} had passed to another worker; nothing of them was written"
    )]
    private static partial void ClaimLost(ILogger logger, int count, string provider);
}
