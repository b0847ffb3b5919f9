using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TrackWatch.Domain;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Smtp;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Rules;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Embedded;

namespace TrackWatch.Worker.Commands.Doctoring;

internal enum Finding
{
    Ok,

    /// <summary>Works, and deserves a look.</summary>
    Warning,
    Failed,
}

/// <param name="Detail">What was found: a sentence, or its beginning.</param>
/// <param name="Hint">What to do about it; null = nothing.</param>
internal sealed record Check(string Name, Finding State, string Detail, string? Hint = null);

/// <summary>Looks at everything TrackWatch leans on, one after the other; each look stands for itself.</summary>
internal static class Doctor
{
    /// <summary>Leases are counted by the database's clock, dates by ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private static readonly string[] ProxyVariables = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];

    public static Check Files(LoadedSettings loaded, IReadOnlyList<Problem> problems)
    {
        var errors = problems.Count(p => p.Severity == Severity.Error);
        var warnings = problems.Count(p => p.Severity == Severity.Warning);
        var where = $"{loaded.SettingsPath ?? "no settings file"}, {loaded.Orders.File ?? loaded.Orders.Folder}";
        return errors + warnings == 0
            ? new("files", Finding.Ok, $"{where}: no problem.")
            : new(
                "files",
                errors > 0 ? Finding.Failed : Finding.Warning,
                $"{where}: {Sayings.Count(errors, "error")}, {Sayings.Count(warnings, "warning")}.",
                "trackwatch check lists them with line and column."
            );
    }

    public static Check Proxy()
    {
        var set = ProxyVariables
            .SelectMany(name => new[] { name, name.ToLowerInvariant() })
            .Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(v => !string.IsNullOrEmpty(v.Value))
            .Select(v => $"{v.Name}={WithoutLogin(v.Value!)}")
            .ToList();
        return new("proxy", Finding.Ok, set.Count == 0 ? "no proxy is set." : $"{string.Join(", ", set)}.");
    }

    private static string WithoutLogin(string proxy) =>
        proxy.LastIndexOf('@') is >= 0 and var at ? $"…{proxy[at..]}" : proxy;

    /// <summary>Only asked where no database is configured.</summary>
    public static async Task<Check> PostgresAsync(string state)
    {
        var found = await PostgresBinaries.FindAsync();
        var usable = found.Where(b => b.Major >= PostgresBinaries.Oldest).OrderByDescending(b => b.Major).ToList();
        return usable is [var newest, ..]
            ? new(
                "postgresql",
                Finding.Ok,
                $"server programs of PostgreSQL {newest.Major} in {newest.Folder}, data in {state}."
            )
            : new(
                "postgresql",
                Finding.Failed,
                $"no database is configured, and there are no server programs of PostgreSQL {PostgresBinaries.Oldest} or newer for a private one.",
                "Install the package postgresql, or set database.connection_string."
            );
    }

    public static async Task<IReadOnlyList<Check>> DatabaseAsync(
        IDbContextFactory<TrackWatchDb> contexts,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var version = connection.PostgreSqlVersion;
        if (version.Major < PostgresBinaries.Oldest)
            return
            [
                new(
                    "database",
                    Finding.Failed,
                    $"PostgreSQL {version} at {connection.Host} is too old.",
                    $"TrackWatch needs {PostgresBinaries.Oldest} or newer."
                ),
            ];

        var known = db.Database.GetMigrations().ToList();
        var applied = (await db.Database.GetAppliedMigrationsAsync(ct)).ToList();
        return
        [
            applied.Except(known).Any()
                ? new(
                    "database",
                    Finding.Failed,
                    $"PostgreSQL {version}; its schema is of a newer TrackWatch.",
                    "Run the newer program, or restore the backup from before the upgrade."
                )
            : known.Except(applied).Any()
                ? new(
                    "database",
                    Finding.Warning,
                    $"PostgreSQL {version}; its schema is {(applied.Count == 0 ? "not there yet" : "of an older TrackWatch")}.",
                    "trackwatch run brings it up to date, or trackwatch migrate now."
                )
            : new("database", Finding.Ok, $"PostgreSQL {version}, schema up to date."),
            await ClockAsync(connection, clock, ct),
        ];
    }

    private static async Task<Check> ClockAsync(NpgsqlConnection connection, TimeProvider clock, CancellationToken ct)
    {
        await using var ask = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = clock.GetUtcNow();
        var theirs = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(ct))!);
        var after = clock.GetUtcNow();
        return Clock("clock", "the database's", before + ((after - before) / 2) - theirs);
    }

    /// <param name="whose">After "than": <c>the database's</c>.</param>
    public static Check Clock(string name, string whose, TimeSpan ahead)
    {
        var seconds = Math.Abs(ahead.TotalSeconds).ToString("0.#", CultureInfo.InvariantCulture);
        return ahead.Duration() <= Skew
            ? new(name, Finding.Ok, $"agrees with {whose}.")
            : new(
                name,
                Finding.Warning,
                $"this machine's clock is {seconds} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} {whose}.",
                "Let NTP set both clocks: dates and request gaps go by them."
            );
    }

    public static async Task<Check> SourceAsync(
        ITrackingProvider provider,
        Func<CancellationToken, Task<Leave>> takeLeave,
        CancellationToken ct
    )
    {
        var name = $"source {provider.Id}";
        if (await takeLeave(ct) is Leave.Refused refused)
            return new(name, Finding.Warning, refused.Why, "Not asked; --force asks all the same.");
        try
        {
            return await provider.TryAsync(ct) switch
            {
                null => new(name, Finding.Ok, "answers."),
                PollOutcome.Blocked blocked => new(
                    name,
                    Finding.Failed,
                    blocked.Why,
                    "Look at its key, if it has one; where it shows a captcha, leave it alone for some hours."
                ),
                PollOutcome.Throttled throttled => new(
                    name,
                    Finding.Failed,
                    throttled.Why,
                    "Its quota is spent, or it is asked too fast: look at the account, raise min_gap or floor."
                ),
                PollOutcome.Rejected rejected => new(name, Finding.Warning, rejected.Why),
                PollOutcome.Failed failed => new(
                    name,
                    Finding.Failed,
                    failed.Why,
                    "Look at the network of this machine and at the address in the settings; it may also pass."
                ),
                _ => new(name, Finding.Ok, "answers."),
            };
        }
        catch (Exception surprise) when (!ct.IsCancellationRequested)
        {
            return new(
                name,
                Finding.Failed,
                $"unexpected {surprise.GetType().Name} while asking it.",
                "Please report it."
            );
        }
    }

    /// <summary>Connects and logs in; sends nothing.</summary>
    public static async Task<Check> MailAsync(
        TrackWatchSettings settings,
        TimeProvider clock,
        ILoggerFactory logs,
        CancellationToken ct
    )
    {
        var mail = MailServer.Resolve(settings.Mail);
        if (mail.Problems is [var first, ..])
            return new("mail", Finding.Failed, $"{first.Setting}: {first.Message}");
        if (mail.Sendmail is { } program)
            return Program(program.Path);
        if (mail.Server is not { } server)
            return Folder(settings.Mail.Folder);
        var logger = logs.CreateLogger("TrackWatch.Mail");
        using var sessions = new MailSessions(server, settings.State, clock, logger);
        try
        {
            await using var open = await sessions.OpenAsync(server, logger, ct);
            return new(
                "mail",
                Finding.Ok,
                $"{server} {(server.Login is { } login ? $"lets {login} in" : "answers")}.",
                "trackwatch mail test PERSON sends one."
            );
        }
        catch (SubmissionException trouble)
        {
            return new("mail", Finding.Failed, trouble.Message);
        }
    }

    /// <summary>Whether it would take a mail, only a mail can show.</summary>
    private static Check Program(string path)
    {
        const UnixFileMode Runs = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return !File.Exists(path)
                ? new(
                    "mail",
                    Finding.Failed,
                    $"{path} is not there.",
                    "Install it (postfix, exim4, msmtp-mta), or mend mail.sendmail."
                )
            : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Runs) == 0
                ? new("mail", Finding.Failed, $"{path} is no program.", "Make it executable, or mend mail.sendmail.")
            : new("mail", Finding.Ok, $"{path} takes the mails.", "trackwatch mail test PERSON sends one.");
    }

    private static Check Folder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var trial = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllBytes(trial, []);
            File.Delete(trial);
            return new(
                "mail",
                Finding.Ok,
                $"no server is set; mails lie as files in {folder}.",
                "Set mail.server or mail.preset to have them sent."
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(
                "mail",
                Finding.Failed,
                $"the folder {folder} cannot be written: {e.Message}",
                "Open it, or name another in mail.folder."
            );
        }
    }

    public static async Task<Check> AddressesAsync(IDbContextFactory<TrackWatchDb> contexts, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var dead = await RefusedAddresses.InUseAsync(db, ct);
        return dead.Count == 0
            ? new("addresses", Finding.Ok, "no mail came back for good.")
            : new(
                "addresses",
                Finding.Warning,
                $"nothing is sent to {string.Join(", ", dead.Select(d => Sayings.Foreign(d.Address)))}: mails came back from there.",
                "Mend them in the orders file, or run trackwatch mail enable ADDRESS."
            );
    }

    public static Check Rules(LoadedRules rules, DateOnly today)
    {
        var errors = rules.Problems.Count(p => p.Severity == Severity.Error);
        if (errors > 0)
            return new(
                "rules",
                Finding.Failed,
                $"{Sayings.Count(errors, "error")} in your rule packs; those are not used.",
                "trackwatch rules check lists them."
            );
        var old = rules.Book.All.Count(r => rules.Book.NotVerifiedSince(r, today) is not null);
        var newest = rules.Packs.Max(p => p.Version).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return old == 0
            ? new(
                "rules",
                Finding.Ok,
                $"{Sayings.Count(rules.Book.All.Count, "rule")}, the newest of {newest}; all verified lately."
            )
            : new(
                "rules",
                Finding.Warning,
                $"{Sayings.Count(old, "rule")} of {rules.Book.All.Count} not verified lately; the newest pack is of {newest}.",
                "Mails say so beside them. trackwatch rules check names them; a newer TrackWatch, or a pack in rules.d, brings newer ones."
            );
    }
}
