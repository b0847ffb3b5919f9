namespace TrackWatch.Worker.Configuration;

/// <summary>
/// <c>trackwatch.yaml</c>: every key has a default, so that no file at all is a good one. Any key can be overridden by an
/// environment variable <c>TRACKWATCH__SECTION__KEY</c>, and a secret also by <c>…__FILE</c> naming a file. Durations are
/// written <c>10d</c>, <c>6h</c>, <c>90s</c>, <c>1h30m</c> or <c>00:01:30</c>; relative paths start at the settings file's folder.
/// </summary>
internal sealed record TrackWatchSettings
{
    /// <summary>The orders file, or a folder of them; beside a file <c>orders.yaml</c> a folder <c>orders.d</c> is read too.</summary>
    public string Orders { get; init; } = "orders.yaml";

    /// <summary>Where TrackWatch keeps the embedded PostgreSQL and its locks. Default: <c>state</c> beside the settings file.</summary>
    public string State { get; init; } = "state";

    /// <summary>Who is told about trouble with TrackWatch itself. Default: the first person of the orders.</summary>
    public string? Operator { get; init; }

    /// <summary>IANA zone of people who name none. Default: the machine's.</summary>
    public string? TimeZone { get; init; }

    public DatabaseSettings Database { get; init; } = new();
    public MailSettings Mail { get; init; } = new();
    public PollingSettings Polling { get; init; } = new();
    public AssessingSettings Assessing { get; init; } = new();

    /// <summary>Sources by their id.</summary>
    public ProvidersSettings Providers { get; init; } = new();
    public HealthSettings Health { get; init; } = new();
    public LogSettings Log { get; init; } = new();
}

internal sealed record DatabaseSettings
{
    /// <summary>Npgsql connection string of a PostgreSQL 15 or newer; without one a private cluster runs in the state folder.</summary>
    [Secret]
    public string? ConnectionString { get; init; }
}

internal sealed record MailSettings
{
    /// <summary>The sender that people see: <c>TrackWatch &lt;me@example.org&gt;</c>. Default: the user of the mail server.</summary>
    public string? From { get; init; }

    /// <summary>Everything in one line: <c>smtps://user@smtp.example.org</c>, <c>smtp://user@host:587</c>; stands before <see cref="Host"/> and the like.</summary>
    [Secret]
    public string? Server { get; init; }

    /// <summary>A well-known mail host (<c>gmail</c>, <c>outlook</c>, <c>icloud</c>, <c>fastmail</c>, …): sets host, port and security.</summary>
    public string? Preset { get; init; }

    public string? Host { get; init; }

    /// <summary>Default: 465 for tls, 587 for starttls, 25 for none.</summary>
    public int? Port { get; init; }

    /// <summary>Default: by the port, else starttls.</summary>
    public MailSecurity? Security { get; init; }

    public string? User { get; init; }

    [Secret]
    public string? Password { get; init; }

    /// <summary>An OAuth access token; with it the only mechanism tried is XOAUTH2.</summary>
    [Secret]
    public string? AccessToken { get; init; }

    /// <summary>Sends user and password over an unencrypted connection, for a relay on the same machine.</summary>
    public bool AllowPlaintextPassword { get; init; }

    /// <summary>Where mails lie as files while no server is set. Default: <c>mail</c> beside the settings file.</summary>
    public string Folder { get; init; } = "mail";

    /// <summary>How long each step of a conversation with the server may take.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an alert waits for company, so that what happens together is told together.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Alerts per person and day; what comes after goes into the digest, but no deadline warning does.</summary>
    public int DailyCap { get; init; } = 5;

    /// <summary>A digest goes out at a person's first round, without waiting for its time of day.</summary>
    public bool DigestAtStart { get; init; }
}

internal enum MailSecurity
{
    /// <summary>The conversation turns to TLS before anything is said; refused where the server cannot.</summary>
    Starttls,

    /// <summary>TLS from the first byte.</summary>
    Tls,
    None,
}

internal sealed record PollingSettings
{
    /// <summary>How often a shipment is asked about while it moves; the other intervals are derived from the reference's.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long a worker may hold a claim before another takes it over.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How often the bells ring.</summary>
    public TimeSpan Ring { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A source that has not answered for this long is told to the operator, once.</summary>
    public TimeSpan OutageAfter { get; init; } = TimeSpan.FromHours(24);
}

internal sealed record AssessingSettings
{
    /// <summary>Days of silence per level for every order that sets none itself; default: the rule book's, by leg and service.</summary>
    public int? Notice { get; init; }
    public int? Stalled { get; init; }
    public int? Critical { get; init; }
}

internal sealed record ProvidersSettings
{
    public CainiaoSettings Cainiao { get; init; } = new();
    public SimulatedSettings Simulated { get; init; } = new();
}

/// <summary>What every provider asked over HTTP can be told.</summary>
internal abstract record HttpProviderSettings
{
    public bool Enabled { get; init; } = true;
    public abstract Uri BaseUrl { get; init; }

    /// <summary>The least time between two requests, over all workers.</summary>
    public abstract TimeSpan MinGap { get; init; }

    /// <summary>Up to this much is added to each gap by chance. Default: as long as the gap.</summary>
    public TimeSpan? GapJitter { get; init; }

    /// <summary>Numbers per request.</summary>
    public abstract int BatchSize { get; init; }

    /// <summary>No number is asked about more often.</summary>
    public abstract TimeSpan Floor { get; init; }

    /// <summary>How long the whole answer may take.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Jobs that may ask at once; they share all limits.</summary>
    public int Lanes { get; init; } = 1;
}

internal sealed record CainiaoSettings : HttpProviderSettings
{
    public override Uri BaseUrl { get; init; } = new("https://global.cainiao.com");
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(20);
    public override int BatchSize { get; init; } = 10;
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(2);
}

internal sealed record SimulatedSettings
{
    /// <summary>Off by default: its parcels are made up.</summary>
    public bool Enabled { get; init; }
}

internal sealed record HealthSettings
{
    /// <summary>Where <c>/health/live</c> and <c>/health/ready</c> answer; port 0 picks a free one, <c>none</c> switches them off.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:8085";
}

internal sealed record LogSettings
{
    public LogFormat Format { get; init; } = LogFormat.Plain;

    /// <summary>trace | debug | information | warning | error.</summary>
    public Microsoft.Extensions.Logging.LogLevel Level { get; init; } =
        Microsoft.Extensions.Logging.LogLevel.Information;
}

internal enum LogFormat
{
    /// <summary>A time and a sentence.</summary>
    Plain,

    /// <summary>One JSON object per line.</summary>
    Json,
}

/// <summary>Marks a setting that never appears in a log, an error or a process list, and that may come from <c>…__FILE</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
