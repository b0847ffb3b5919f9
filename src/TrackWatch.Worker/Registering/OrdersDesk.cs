using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Registering;

/// <summary>What a look at the files came to.</summary>
internal abstract record DeskResult
{
    private DeskResult() { }

    /// <summary>Nothing to do: the files are as they were.</summary>
    internal sealed record Unchanged : DeskResult;

    internal sealed record Applied(Registered.Applied Result, IReadOnlyList<Problem> Warnings) : DeskResult;

    /// <summary>The files cannot be used; the last good orders stay in force.</summary>
    internal sealed record Unusable(IReadOnlyList<Problem> Problems) : DeskResult;

    /// <summary>There is nothing to read; what was registered stays.</summary>
    internal sealed record Nothing(string Why) : DeskResult;

    internal sealed record TooManyGone(Registered.TooManyGone Result) : DeskResult;
}

/// <summary>
/// Looks at the orders files and puts them in force when they changed. A reading that fails leaves the last good orders in
/// force, is logged once per state of the files, and is told to the operator.
/// </summary>
internal sealed partial class OrdersDesk(
    OrdersPaths paths,
    TrackWatchSettings settings,
    Registrar registrar,
    IDbContextFactory<TrackWatchDb> contexts,
    TimeProvider clock,
    ILogger<OrdersDesk> logger
)
{
    private string? seen;
    private string? complained;

    /// <summary>Reads the files and says all that is wrong or could be better; writes nothing.</summary>
    public OrdersReading Read(DateTimeOffset now) => OrdersFile.Read(paths, Context(settings, now));

    public static OrdersContext Context(TrackWatchSettings settings, DateTimeOffset now)
    {
        var zone = settings.TimeZone ?? TimeZoneInfo.Local.Id;
        return new OrdersContext
        {
            TimeZone =
                TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) && found.HasIanaId ? found.Id : "Etc/UTC",
            Today = Days.In(found ?? TimeZoneInfo.Utc, now),
            Providers = [.. settings.Providers.Ids()],
            DoubtAboutNumber = NumberWords.Doubt,
        };
    }

    /// <param name="confirmed">A person has said that many missing orders are meant to go.</param>
    /// <param name="force">Apply although nothing changed.</param>
    public async Task<DeskResult> RefreshAsync(CancellationToken ct, bool confirmed = false, bool force = false)
    {
        var stamp = Stamp();
        if (stamp == seen && !confirmed && !force)
            return new DeskResult.Unchanged();
        var now = clock.GetUtcNow();
        var result = await ApplyAsync(Read(now), now, confirmed, force, ct);
        // Only now: a database that was away is asked again at the next look.
        seen = stamp;
        return result;
    }

    private async Task<DeskResult> ApplyAsync(
        OrdersReading reading,
        DateTimeOffset now,
        bool confirmed,
        bool force,
        CancellationToken ct
    )
    {
        if (!reading.IsUsable)
        {
            var errors = reading.Problems.Where(p => p.Severity == Severity.Error).ToList();
            var state = string.Join('\n', errors);
            if (state != complained)
            {
                foreach (var error in errors.Take(20))
                    BadOrders(logger, error);
                KeptLastGood(logger, errors.Count);
                await TellAsync(errors, now, ct);
                complained = state;
            }
            return new DeskResult.Unusable(reading.Problems);
        }
        if (reading is not OrdersReading.Found found)
        {
            var nothing = (OrdersReading.Nothing)reading;
            if (complained != nothing.Why)
                NothingToRead(logger, nothing.Why);
            complained = nothing.Why;
            return new DeskResult.Nothing(nothing.Why);
        }
        complained = null;
        var registration = new Registration(
            $"{Environment.MachineName}:{paths.File ?? paths.Folder}",
            found.ContentHash,
            found.People,
            found.Orders
        );
        switch (await registrar.ApplyAsync(registration, now, ct, confirmed, force))
        {
            case Registered.Applied applied:
                foreach (var warning in reading.Problems.Where(p => p.Severity == Severity.Warning))
                    Doubtful(logger, warning);
                return new DeskResult.Applied(applied, reading.Problems);
            case Registered.TooManyGone gone:
                TooManyGone(logger, gone.Gone, gone.Active);
                return new DeskResult.TooManyGone(gone);
            default:
                return new DeskResult.Unchanged();
        }
    }

    private async Task TellAsync(List<Problem> errors, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.OpenConnectionAsync(ct);
        var where = paths.File ?? paths.Folder;
        var hash = Convert.ToHexStringLower(
            System
                .Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', errors)))
                .AsSpan(0, 8)
        );
        await Outbox.TellOperatorAsync(
            (NpgsqlConnection)db.Database.GetDbConnection(),
            $"reload-failed/{Days.In(TimeZoneInfo.Utc, now):yyyy-MM-dd}/{hash}",
            new OperatorNews.ReloadFailed(where, [.. errors.Take(20).Select(e => e.ToString())]),
            now,
            ct
        );
    }

    /// <summary>Changes whenever a file is saved, replaced, added or removed.</summary>
    private string Stamp()
    {
        var files = new List<FileInfo>();
        if (paths.File is not null)
            files.Add(new FileInfo(paths.File));
        if (Directory.Exists(paths.Folder))
            files.AddRange(
                new DirectoryInfo(paths.Folder).EnumerateFiles("*.yaml").OrderBy(f => f.Name, StringComparer.Ordinal)
            );
        return string.Join(
            '|',
            files.Select(f =>
                f.Exists ? $"{f.FullName}:{f.Length}:{f.LastWriteTimeUtc.Ticks}:{f.LinkTarget}" : f.FullName
            )
        );
    }

    [LoggerMessage(111, LogLevel.Error, "{Problem}")]
    private static partial void BadOrders(ILogger logger, Problem problem);

    [LoggerMessage(
        112,
        LogLevel.Error,
        "The orders files have {Count} errors; the last good orders stay in force until they are mended"
    )]
    private static partial void KeptLastGood(ILogger logger, int count);

    [LoggerMessage(113, LogLevel.Warning, "{Why}")]
    private static partial void NothingToRead(ILogger logger, string why);

    [LoggerMessage(114, LogLevel.Warning, "{Problem}")]
    private static partial void Doubtful(ILogger logger, Problem problem);

    [LoggerMessage(
        115,
        LogLevel.Error,
        "{Gone} of {Active} orders are missing from the files; nothing was changed. If they are meant to go: trackwatch reload --confirm"
    )]
    private static partial void TooManyGone(ILogger logger, int gone, int active);
}
