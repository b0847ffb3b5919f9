using System.Text.Json.Nodes;
using Npgsql;
using TrackWatch.Domain.Notifying;
using TrackWatch.Worker.Telemetry;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Storage;

/// <summary>What one order's verdict tells its people.</summary>
internal sealed record OrderNotices(string OrderId, IReadOnlyList<string> People, IReadOnlyList<NoticeDraft> Drafts);

/// <summary>
/// Writes notices in the transaction of the change they tell of. A notice that is there already is left as it is, so that
/// deciding the same thing twice tells it once.
/// </summary>
internal static class Outbox
{
    /// <summary>Stands for whoever is told about TrackWatch itself.</summary>
    public const string Operator = "operator";

    /// <summary>A notice's identity: unique, so that nothing is told twice.</summary>
    public static string KeyOf(string personId, string orderId, string instance) => $"{personId}/{orderId}/{instance}";

    /// <summary>
    /// Writes what verdicts tell, to each of the orders' people, and withdraws what waits but is no longer so.
    /// </summary>
    /// <returns>Ids of the orders that have something new to tell.</returns>
    public static async Task<IReadOnlySet<string>> KeepAsync(
        NpgsqlConnection connection,
        IReadOnlyList<OrderNotices> orders,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var rows = (
            from order in orders
            from person in order.People
            from draft in order.Drafts
            select (Key: KeyOf(person, order.OrderId, draft.Instance), Person: person, order.OrderId, Draft: draft)
        ).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            """
            update notices set withdrawn_at = $3
            where order_id = any($1) and mail_id is null and withdrawn_at is null and not dedup_key = any($2)
            """,
            Texts(orders.Select(o => o.OrderId)),
            Texts(rows.Select(r => r.Key)),
            At(now)
        );
        batch.Add(
            """
            insert into notices (dedup_key, person_id, order_id, kind, channel, instance, content, written_at, do_by, tell_by)
            select u.dedup_key, u.person_id, u.order_id, u.kind, u.channel, u.instance, u.content::jsonb, $8, u.do_by, u.tell_by
            from unnest($1, $2, $3, $4, $5, $6, $7, $9, $10)
                as u(dedup_key, person_id, order_id, kind, channel, instance, content, do_by, tell_by)
            on conflict (dedup_key) do update
                set withdrawn_at = null, written_at = excluded.written_at, content = excluded.content,
                    channel = excluded.channel, do_by = excluded.do_by, tell_by = excluded.tell_by
                where notices.withdrawn_at is not null and notices.mail_id is null
            returning order_id
            """,
            Texts(rows.Select(r => r.Key)),
            Texts(rows.Select(r => r.Person)),
            Texts(rows.Select(r => r.OrderId)),
            Texts(rows.Select(r => r.Draft.Kind.ToString())),
            Texts(rows.Select(r => r.Draft.Channel.ToString())),
            Texts(rows.Select(r => r.Draft.Instance)),
            Texts(rows.Select(r => CleanJson(DomainJson.Write(r.Draft)))),
            At(now),
            Array(rows.Select(r => r.Draft.DoBy), NpgsqlTypes.NpgsqlDbType.Date),
            Array(rows.Select(r => r.Draft.TellBy), NpgsqlTypes.NpgsqlDbType.Date)
        );
        var told = new HashSet<string>();
        var written = 0;
        await using var row = await batch.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            told.Add(row.GetString(0));
            written++;
        }
        if (written > 0)
            Instruments.Notices.Add(written);
        return told;
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
