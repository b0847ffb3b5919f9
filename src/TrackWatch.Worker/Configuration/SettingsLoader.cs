using Npgsql;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

/// <summary>Where to look for the two files, and what the environment says.</summary>
internal sealed record SettingsRequest
{
    /// <summary><c>--config</c>: the settings file, or the folder of <c>trackwatch.yaml</c>.</summary>
    public string? Config { get; init; }

    /// <summary><c>--orders</c>: the orders file, or a folder of them. Relative to the current folder.</summary>
    public string? Orders { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Absolute.</summary>
    public required string CurrentFolder { get; init; }

    /// <summary>Null where the account has none.</summary>
    public string? Home { get; init; }

    public string SystemFolder { get; init; } = "/etc/trackwatch";

    /// <summary>What this process was given.</summary>
    public static SettingsRequest OfThisProcess(string? config = null, string? orders = null) =>
        new()
        {
            Config = config,
            Orders = orders,
            Environment = System
                .Environment.GetEnvironmentVariables()
                .Cast<System.Collections.DictionaryEntry>()
                .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal),
            CurrentFolder = Directory.GetCurrentDirectory(),
            Home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile)
                is { Length: > 0 } home
                ? home
                : null,
        };
}

/// <summary>The settings in force and where everything lies. All paths are absolute.</summary>
/// <param name="Settings">Usable only where no problem is an error. <c>State</c>, <c>Orders</c>, <c>Mail.Folder</c>, <c>Mail.Replies.Maildir</c> and <c>Rules.Folder</c> are absolute.</param>
/// <param name="Problems">Of the settings file and of the environment.</param>
/// <param name="SettingsPath">Null where there is no settings file, which is fine.</param>
internal sealed record LoadedSettings(
    TrackWatchSettings Settings,
    IReadOnlyList<Problem> Problems,
    string? SettingsPath,
    OrdersPaths Orders
)
{
    public bool IsUsable => Problems.All(p => p.Severity != Severity.Error);
}

/// <summary>Where orders lie.</summary>
/// <param name="File">The one file; null where a folder was named instead.</param>
/// <param name="Folder">The folder whose <c>*.yaml</c> are read (too).</param>
internal sealed record OrdersPaths(string? File, string Folder)
{
    public const string DefaultFile = "orders.yaml";
    public const string DefaultFolder = "orders.d";

    /// <summary>What <c>trackwatch add</c> writes.</summary>
    public string Added => Path.Combine(Folder, "_added.yaml");

    /// <summary>A folder stands for itself, a file brings the <c>orders.d</c> beside it.</summary>
    /// <param name="path">Absolute.</param>
    public static OrdersPaths Of(string path) =>
        Directory.Exists(path)
            ? new OrdersPaths(null, path)
            : new OrdersPaths(path, Path.Combine(Path.GetDirectoryName(path) ?? "/", DefaultFolder));

    /// <summary>True where there is anything to read at all.</summary>
    public bool Exist => System.IO.File.Exists(File) || Directory.Exists(Folder);
}

/// <summary>Finds and reads the settings: file, then environment, then bounds. Tells every problem at once.</summary>
internal static class SettingsLoader
{
    public const string FileName = "trackwatch.yaml";
    public const string ConfigVariable = "TRACKWATCH_CONFIG";

    public static LoadedSettings Load(SettingsRequest request)
    {
        var problems = new Problems();
        var (path, folder) = Find(request, problems);
        var root = path is null ? null : ReadFile(path, problems);
        root = new EnvironmentOverrides(problems).Apply(root, request.Environment);
        var places = new Places();
        var settings = new YamlBinder(problems, places).Bind<TrackWatchSettings>(root);
        Check(settings, places, problems);
        new CustomChecks(places, problems).Check(settings.Providers.Custom);

        var orders = FindOrders(request, settings, places, problems, folder);
        settings = settings with
        {
            Orders = orders.File ?? orders.Folder,
            State = Resolve(settings.State, folder, request.Home),
            Mail = settings.Mail with
            {
                Folder = Resolve(settings.Mail.Folder, folder, request.Home),
                Replies = settings.Mail.Replies with
                {
                    Maildir = settings.Mail.Replies.Maildir is { } maildir
                        ? Resolve(maildir, folder, request.Home)
                        : null,
                },
            },
            Rules = settings.Rules with
            {
                Folder = FindRules(request, settings.Rules, orders, places, problems, folder),
            },
        };
        return new LoadedSettings(settings, problems.All, path, orders);
    }

    /// <returns>The file, null where there is none; and the folder that relative paths start at.</returns>
    private static (string? Path, string Folder) Find(SettingsRequest request, Problems problems)
    {
        var (named, by) = request.Config is { Length: > 0 }
            ? (request.Config, "--config")
            : (request.Environment.GetValueOrDefault(ConfigVariable) ?? "", ConfigVariable);
        if (named.Length > 0)
        {
            var path = Resolve(named, request.CurrentFolder, request.Home);
            if (Directory.Exists(path))
                return (ExistingOrNull(Path.Combine(path, FileName)), path);
            if (!File.Exists(path))
                problems.Error(new Place(path), $"{by} names this file, and it does not exist.");
            return (ExistingOrNull(path), Path.GetDirectoryName(path)!);
        }
        foreach (var folder in Folders(request))
        {
            if (ExistingOrNull(Path.Combine(folder, FileName)) is { } path)
                return (path, folder);
        }
        return (null, request.CurrentFolder);
    }

    private static IEnumerable<string> Folders(SettingsRequest request)
    {
        yield return request.CurrentFolder;
        if (request.Home is not null)
            yield return Path.Combine(request.Home, ".config", "trackwatch");
        yield return request.SystemFolder;
    }

    private static OrdersPaths FindOrders(
        SettingsRequest request,
        TrackWatchSettings settings,
        Places places,
        Problems problems,
        string folder
    )
    {
        if (request.Orders is { Length: > 0 } named)
            return Named(Resolve(named, request.CurrentFolder, request.Home), new Place("--orders"));
        var beside = Resolve(settings.Orders, folder, request.Home);
        if (places.Said(settings, nameof(settings.Orders)))
            return Named(beside, places.Of(settings, nameof(settings.Orders)));
        // Nobody said where: the orders may lie in another of the usual folders than the settings.
        return Folders(request)
                .Prepend(folder)
                .Select(f => OrdersPaths.Of(Path.Combine(f, OrdersPaths.DefaultFile)))
                .FirstOrDefault(o => o.Exist)
            ?? OrdersPaths.Of(beside);

        OrdersPaths Named(string path, Place by)
        {
            // No error, because `add` may be about to write the first order beside it.
            if (!File.Exists(path) && !Directory.Exists(path))
                problems.Warning(by, $"The orders file {path} does not exist.");
            return OrdersPaths.Of(path);
        }
    }

    private static string FindRules(
        SettingsRequest request,
        RulesSettings rules,
        OrdersPaths orders,
        Places places,
        Problems problems,
        string folder
    )
    {
        var named = Resolve(rules.Folder, folder, request.Home);
        if (places.Said(rules, nameof(rules.Folder)))
        {
            if (!Directory.Exists(named))
                problems.Warning(places.Of(rules, nameof(rules.Folder)), $"The folder {named} does not exist.");
            return named;
        }
        var besideOrders = Path.Combine(Path.GetDirectoryName(orders.File ?? orders.Folder) ?? "/", rules.Folder);
        return !Directory.Exists(named) && Directory.Exists(besideOrders) ? besideOrders : named;
    }

    private static YamlNode? ReadFile(string path, Problems problems)
    {
        try
        {
            return YamlText.Read(path, YamlText.ReadBytes(path), problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new Place(path), $"The settings cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>What no single key can know.</summary>
    // By its form; nothing is connected to.
    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    private static void Check(TrackWatchSettings settings, Places places, Problems problems)
    {
        if (settings.Database.ConnectionString is { Length: > 0 } database && !IsConnectionString(database))
            // Not a word of what is wrong in it: it may be the password.
            problems.Error(
                places.Of(settings.Database, nameof(settings.Database.ConnectionString)),
                "database.connection_string: write Host=…;Port=5432;Database=…;Username=…;Password=… "
                    + "(Npgsql's keys; a value with ; or = stands in double quotes)."
            );
        var mail = settings.Mail;
        if (mail.Password is not null && mail is { Server: null, User: null })
            problems.Error(places.Of(mail, nameof(mail.Password)), "mail.password: 'user' is missing beside it.");
        if (mail is { User: not null, Server: null, Host: null, Preset: null })
            problems.Error(
                places.Of(mail, nameof(mail.User)),
                "mail.user: the server is missing beside it; add 'host' or 'preset', or 'server' instead of all of them."
            );
        if (mail is { Security: MailSecurity.None, Password: not null, AllowPlaintextPassword: false })
            problems.Error(
                places.Of(mail, nameof(mail.Security)),
                "mail.security: with 'none' the password would travel in the open. Use starttls or tls, "
                    + "or set allow_plaintext_password for a relay on the same machine."
            );

        if (mail.Replies.Imap is { } imap)
        {
            if (!ImapSettings.IsIn)
                problems.Error(
                    places.Of(mail.Replies, nameof(mail.Replies.Imap)),
                    "mail.replies.imap: this build has no IMAP, which comes with MailKit. Use mail.replies.maildir or "
                        + "`trackwatch inbound`, or build with FullPackages=true."
                );
            else if (imap is not { Host: not null, User: not null, Password: not null })
                problems.Error(
                    places.Of(mail.Replies, nameof(mail.Replies.Imap)),
                    "mail.replies.imap: host, user and password are all needed."
                );
        }

        var sources = settings.Providers.Ids().ToList();
        foreach (var (index, preferred) in settings.Polling.Prefer.Index())
            if (!sources.Contains(preferred))
                problems.Error(
                    places.Of(settings.Polling.Prefer, index),
                    $"polling.prefer: '{preferred}' is no provider; known are {Spelling.List(sources)}.",
                    Spelling.Closest(preferred, sources)
                );

        var limits = settings.Assessing;
        (int? Days, string Name)[] levels =
        [
            (limits.Notice, nameof(limits.Notice)),
            (limits.Stalled, nameof(limits.Stalled)),
            (limits.Critical, nameof(limits.Critical)),
        ];
        var set = levels.Where(l => l.Days is not null).ToList();
        foreach (var (earlier, later) in set.Zip(set.Skip(1)))
        {
            if (earlier.Days > later.Days)
                problems.Error(
                    places.Of(limits, later.Name),
                    $"assessing.{later.Name.ToLowerInvariant()}: comes before {earlier.Name.ToLowerInvariant()}; it must be {earlier.Days}d or more."
                );
        }
    }

    /// <summary>Absolute; <c>~/</c> is the home folder.</summary>
    private static string Resolve(string path, string folder, string? home) =>
        path.StartsWith("~/", StringComparison.Ordinal) && home is not null
            ? Path.GetFullPath(path[2..], home)
            : Path.GetFullPath(path, folder);

    private static string? ExistingOrNull(string path) => File.Exists(path) ? path : null;
}
