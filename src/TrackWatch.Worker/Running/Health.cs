using System.Globalization;
using Npgsql;
using TrackWatch.Worker.Storage;
using static TrackWatch.Worker.Storage.Sql;

namespace TrackWatch.Worker.Running;

/// <summary>One thing that health looks at.</summary>
internal sealed record HealthCheck(string Name, bool Well, string Detail);

/// <summary>Whether the worker can do its work: the database answers, polls are not overdue, mail is leaving.</summary>
internal sealed class HealthReport(NpgsqlDataSource source, TimeProvider clock)
{
    /// <summary>Due polls older than this mean that no round comes by.</summary>
    private static readonly TimeSpan PollGrace = TimeSpan.FromHours(2);
    private static readonly TimeSpan MailGrace = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<HealthCheck>> LookAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        try
        {
            await using var look = source.CreateCommand(
                """
                select (select min(s.next_poll_at) from shipment_sources s left join provider_health h on h.provider = s.provider
                        where s.next_poll_at <= $1 and coalesce(h.breaker_open_until, $1) <= $1),
                       (select max(last_poll_at) from shipment_sources),
                       (select min(composed_at) from mails where next_attempt_at is not null)
                """
            );
            look.CommandTimeout = 5;
            await using var row = await look.With(At(now)).ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            DateTimeOffset? overdue = row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0);
            DateTimeOffset? lastPoll = row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1);
            DateTimeOffset? oldest = row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2);
            return
            [
                new("database", true, "answers"),
                new(
                    "polls",
                    overdue is not { } due || now - due < PollGrace,
                    overdue is { } late && now - late >= PollGrace ? $"overdue since {Time(late)}"
                        : lastPoll is { } last ? $"last at {Time(last)}"
                        : "none yet"
                ),
                new(
                    "outbox",
                    oldest is not { } old || now - old < MailGrace,
                    oldest is { } waiting ? $"oldest mail waits since {Time(waiting)}" : "empty"
                ),
            ];
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [new("database", false, "has no tables yet; trackwatch run makes them")];
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return [new("database", false, e.Message)];
        }
    }

    private static string Time(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can do its work (503 while it cannot).</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        routes.MapGet(
            "/health/ready",
            async (HealthReport report, CancellationToken ct) =>
            {
                var checks = await report.LookAsync(ct);
                var well = checks.All(c => c.Well);
                return Results.Json(
                    new
                    {
                        status = well ? "ready" : "unwell",
                        checks = checks.Select(c => new
                        {
                            name = c.Name,
                            well = c.Well,
                            detail = c.Detail,
                        }),
                    },
                    statusCode: well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
                );
            }
        );
    }
}
