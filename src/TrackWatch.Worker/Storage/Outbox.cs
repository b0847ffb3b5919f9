using System.Text.Json.Nodes;
using Npgsql;
using TrackWatch.Domain.Notifying;
using TrackWatch.Worker.Telemetry;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Storage;

/// <summary>
/// Writes notices in the transaction of the change they tell of. A notice that is there already is left as it is, so that
/// deciding the same thing twice tells it once.
/// </summary>
internal static class Outbox
{
    /// <summary>Stands for whoever is told about TrackWatch itself.</summary>
    public const string Operator = "operator";

    /// <summary>
    /// Writes what an order's verdict tells, to each of its people, and withdraws what waits but is no longer so.
    /// </summary>
    /// <returns>How many notices are new.</returns>
    public static async Task<int> KeepAsync(
        NpgsqlConnection connection,
        string orderId,
        IReadOnlyList<string> people,
        IReadOnlyList<NoticeDraft> drafts,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            "update notices set withdrawn_at = $3 where order_id = $1 and mail_id is null and withdrawn_at is null and instance <> all($2)",
            P(orderId),
            Texts(drafts.Select(d => d.Instance)),
            At(now)
        );
        var rows = (from person in people from draft in drafts select (person, draft)).ToList();
        if (rows.Count > 0)
            batch.Add(
                """
                insert into notices (dedup_key, person_id, order_id, kind, channel, instance, content, written_at, do_by, tell_by)
                select u.dedup_key, u.person_id, $8, u.kind, u.channel, u.instance, u.content::jsonb, $9, u.do_by, u.tell_by
                from unnest($1, $2, $3, $4, $5, $6, $7, $10) as u(dedup_key, person_id, kind, channel, instance, content, do_by, tell_by)
                on conflict (dedup_key) do update
                    set withdrawn_at = null, written_at = excluded.written_at, content = excluded.content
                    where notices.withdrawn_at is not null and notices.mail_id is null
                """,
                Texts(rows.Select(r => $"{r.person}/{orderId}/{r.draft.Instance}")),
                Texts(rows.Select(r => r.person)),
                Texts(rows.Select(r => r.draft.Kind.ToString())),
                Texts(rows.Select(r => r.draft.Channel.ToString())),
                Texts(rows.Select(r => r.draft.Instance)),
                Texts(rows.Select(r => CleanJson(DomainJson.Write(r.draft)))),
                Array(rows.Select(r => r.draft.DoBy), NpgsqlTypes.NpgsqlDbType.Date),
                P(orderId),
                At(now),
                Array(rows.Select(r => r.draft.TellBy), NpgsqlTypes.NpgsqlDbType.Date)
            );
        await batch.ExecuteNonQueryAsync(ct);
        var written = rows.Count > 0 ? (int)batch.BatchCommands[^1].RecordsAffected : 0;
        if (written > 0)
            Instruments.Notices.Add(written);
        return written;
    }

    /// <summary>Tells the operator once about <paramref name="instance"/>.</summary>
    public static async Task TellOperatorAsync(
        NpgsqlConnection connection,
        string instance,
        OperatorNews news,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        await using var write = new NpgsqlCommand(
            """
            insert into notices (dedup_key, person_id, kind, channel, instance, content, written_at)
            values ($1, $2, 'News', 'Alert', $3, $4::jsonb, $5)
            on conflict (dedup_key) do nothing
            """,
            connection
        ).With(P($"{Operator}/{instance}"), P(Operator), P(instance), P(CleanJson(Write(news))), At(now));
        await write.ExecuteNonQueryAsync(ct);
    }

    private static string Write(OperatorNews news)
    {
        var json = (JsonObject)
            System.Text.Json.JsonSerializer.SerializeToNode(news, news.GetType(), DomainJson.Options)!;
        json["news"] = news.GetType().Name;
        return json.ToJsonString(DomainJson.Options);
    }

    public static OperatorNews ReadOperatorNews(string content)
    {
        var json = JsonNode.Parse(content)!;
        var name = (string?)json["news"];
        var type =
            typeof(OperatorNews).GetNestedType(name ?? "", System.Reflection.BindingFlags.NonPublic)
            ?? throw new InvalidOperationException(
                $"A stored notice tells the operator of '{name}', which this version does not know."
            );
        return (OperatorNews)System.Text.Json.JsonSerializer.Deserialize(json, type, DomainJson.Options)!;
    }
}
