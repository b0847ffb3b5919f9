using System.ComponentModel;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

/// <summary>
/// <c>trackwatch.yaml</c>: every key has a default, so that no file at all is a good one. Any key can be overridden by an
/// environment variable <c>TRACKWATCH__SECTION__KEY</c>, and a secret also by <c>…__FILE</c> naming a file. Descriptions are
/// attributes, because the JSON Schema shows them to the people who write the file. Durations are
/// written <c>10d</c>, <c>6h</c>, <c>90s</c>, <c>1h30m</c> or <c>00:01:30</c>; relative paths start at the settings file's folder.
/// </summary>
internal sealed record TrackWatchSettings
{
    [Description("The orders file, or a folder of them; beside a file `orders.yaml` a folder `orders.d` is read too.")]
    public string Orders { get; init; } = "orders.yaml";

    [Description(
        "Where TrackWatch keeps the embedded PostgreSQL and its locks. Default: `state` beside the settings file."
    )]
    public string State { get; init; } = "state";

    [Description("Who is told about trouble with TrackWatch itself. Default: the first person of the orders.")]
    public string? Operator { get; init; }

    [Description("IANA zone of people who name none. Default: the machine's.")]
    [Key("timezone")]
    [Form(TextForm.TimeZone)]
    public string? TimeZone { get; init; }

    public DatabaseSettings Database { get; init; } = new();
    public MailSettings Mail { get; init; } = new();
    public PollingSettings Polling { get; init; } = new();
    public AssessingSettings Assessing { get; init; } = new();
    public RulesSettings Rules { get; init; } = new();

    [Description("Sources by their id.")]
    public ProvidersSettings Providers { get; init; } = new();

    [Description(
        "Carriers' own tracking pages, for mails: a carrier's id and an address with {number} in it. These stand before the program's own; `none` removes one."
    )]
    [Form(TextForm.PageTemplate)]
    public IReadOnlyDictionary<string, string> Links { get; init; } = NoLinks;

    // One and the same, so that settings nobody wrote are equal.
    private static readonly IReadOnlyDictionary<string, string> NoLinks = new Dictionary<string, string>();
    public HealthSettings Health { get; init; } = new();
    public LogSettings Log { get; init; } = new();
}

internal sealed record DatabaseSettings
{
    [Description(
        "Npgsql connection string of a PostgreSQL 15 or newer; without one a private cluster runs in the state folder."
    )]
    [Secret]
    public string? ConnectionString { get; init; }

    /// <summary>Never the secret: a record's own text would show it.</summary>
    public override string ToString() => nameof(DatabaseSettings);
}

internal sealed record MailSettings
{
    [Description("The sender that people see: `TrackWatch <me@example.org>`. Default: the user of the mail server.")]
    [Form(TextForm.Mailbox)]
    public string? From { get; init; }

    [Description(
        "Everything in one line: `smtps://user@smtp.example.org`, `smtp://user@host:587`; stands before host and the like."
    )]
    [Secret]
    public string? Server { get; init; }

    [Description("A well-known mail host (`gmail`, `outlook`, `icloud`, `fastmail`, …): sets host, port and security.")]
    public string? Preset { get; init; }

    public string? Host { get; init; }

    [Description("Default: 465 for tls, 587 for starttls, 25 for none.")]
    [Bounds("1", "65535")]
    public int? Port { get; init; }

    [Description("Default: by the port, else starttls.")]
    public MailSecurity? Security { get; init; }

    public string? User { get; init; }

    [Secret]
    public string? Password { get; init; }

    [Description("An OAuth access token; with it the only mechanism tried is XOAUTH2.")]
    [Secret]
    public string? AccessToken { get; init; }

    [Description("For hosts that take no password: access tokens are fetched, and fetched anew, by themselves.")]
    [Key("oauth")]
    public OAuthSettings OAuth { get; init; } = new();

    [Description(
        "A program that takes mails as sendmail does, instead of a mail server: `/usr/sbin/sendmail`, `/usr/bin/msmtp`."
    )]
    public string? Sendmail { get; init; }

    [Description(
        "A page of your own where people end these mails with one click (RFC 8058): `https://example.org/stop?who={person}`. Without one mails offer only an address."
    )]
    public string? UnsubscribeUrl { get; init; }

    [Description("Sends user and password over an unencrypted connection, for a relay on the same machine.")]
    public bool AllowPlaintextPassword { get; init; }

    [Description("Where mails lie as files while no server is set. Default: `mail` beside the settings file.")]
    public string Folder { get; init; } = "mail";

    [Description("How long each step of a conversation with the server may take.")]
    [Bounds("1s", "10m")]
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(30);

    [Description("How long an alert waits for company, so that what happens together is told together.")]
    [Bounds("0", "1d")]
    public TimeSpan Settle { get; init; } = MailRules.Default.Settle;

    [Description(
        "Which alerts share a mail: all of a `person`, or those of one `order`. One that is urgent waits for no company."
    )]
    public AlertGroup Group { get; init; } = MailRules.Default.Group;

    [Description(
        "With less than this left to act, a warning goes at once: past settling, quiet hours, absences and caps. A digest that would leave less is not waited for."
    )]
    [Bounds("6h", "7d")]
    public TimeSpan Urgent { get; init; } = MailRules.Default.Urgent;

    [Description(
        "Days after which a step that nobody has done is said again, each once, by digest; [] = never. No answer of the source, no repeat."
    )]
    [Form(TextForm.Days)]
    [Bounds("0", "10")]
    public IReadOnlyList<int> RepeatAfter { get; init; } = MailRules.Default.Reminding.RepeatAfter;

    [Description("How long before a last day it is warned of. The warning on the day before cannot be switched off.")]
    public WarnBeforeSettings WarnBefore { get; init; } = new();

    [Description(
        "Alerts per person and day; what comes after goes into the digest, but no deadline warning does. A person's own `daily_cap` stands before this."
    )]
    [Bounds("1", "100")]
    public int DailyCap { get; init; } = MailRules.Default.DailyCap;

    [Description(
        "Mails per day (UTC) to all people together, against a fault that writes without end: the rest waits for the next day, urgent warnings excepted, and the operator is told."
    )]
    [Bounds("10", "1000000")]
    public int TotalCap { get; init; } = MailRules.Default.TotalCap;

    [Description(
        "Mails that tell a last day bring it as a calendar file, and later ones what has changed about it. A person's own `calendar` stands before this."
    )]
    public bool Calendar { get; init; } = true;

    [Description(
        "An order's evidence (`trackwatch evidence`) comes with the mails that ask for a dispute or a chargeback: order number, name and address as the orders file gives them are in it. A person's own `attach_evidence` stands before this."
    )]
    public bool AttachEvidence { get; init; }

    [Description("A digest goes out at a person's first round, without waiting for its time of day.")]
    public bool DigestAtStart { get; init; }

    [Description("Answers by mail: `done`, `snooze 5d`, `received` … Without an address mails offer none.")]
    public RepliesSettings Replies { get; init; } = new();

    public MailRules Rules =>
        new()
        {
            Settle = Settle,
            Group = Group,
            Urgent = Urgent,
            DailyCap = DailyCap,
            TotalCap = TotalCap,
            DigestAtStart = DigestAtStart,
            Reminding = new Reminding
            {
                RepeatAfter = RepeatAfter,
                AlertBefore = WarnBefore.Alert,
                DigestBefore = WarnBefore.Digest,
            },
        };

    /// <summary>Never the secrets: a record's own text would show them.</summary>
    public override string ToString() => nameof(MailSettings);
}

internal sealed record OAuthSettings
{
    [Description(
        "Where refresh tokens are taken, https only. Default: that of the preset `gmail`, `outlook` or `office365`."
    )]
    public string? TokenUrl { get; init; }

    public string? ClientId { get; init; }

    [Description("Needed by Google; public clients of Microsoft have none.")]
    [Secret]
    public string? ClientSecret { get; init; }

    [Description(
        "Where the host gives a new one, that is kept in the state folder and used instead, until this is changed."
    )]
    [Secret]
    public string? RefreshToken { get; init; }

    [Description("Default: what the preset needs.")]
    public string? Scope { get; init; }

    /// <summary>Never the secrets: a record's own text would show them.</summary>
    public override string ToString() => nameof(OAuthSettings);
}

internal sealed record WarnBeforeSettings
{
    [Description("Days before a last day on which an alert tells of it. Default: by its rule, mostly [7d, 3d, 1d].")]
    [Form(TextForm.Days)]
    [Bounds("0", "10")]
    public IReadOnlyList<int>? Alert { get; init; }

    [Description("The same by digest, further ahead. Default: by its rule, mostly [14d], for a bank [30d, 14d].")]
    [Form(TextForm.Days)]
    [Bounds("0", "10")]
    public IReadOnlyList<int>? Digest { get; init; }
}

internal sealed record RepliesSettings
{
    [Description("Where people's answers go: `trackwatch@example.org`. Something must hand them on: see README.")]
    [Form(TextForm.Email)]
    public string? Address { get; init; }

    [Description("A Maildir that the worker reads answers and bounces from.")]
    public string? Maildir { get; init; }

    [Description("A mailbox that the worker reads answers and bounces from; needs a build with MailKit.")]
    public ImapSettings? Imap { get; init; }

    [Description("How long the links in a mail work.")]
    [Bounds("1d", "365d")]
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromDays(60);

    [Description("Answers per person and hour; what comes beyond is not read.")]
    [Bounds("1", "1000")]
    public int HourlyLimit { get; init; } = 20;
}

internal sealed record ImapSettings
{
    /// <summary>Whether this build can read such a mailbox.</summary>
    public static bool IsIn =>
#if MAILKIT
        true;
#else
        false;
#endif

    public string? Host { get; init; }

    [Description("TLS from the first byte on 993, STARTTLS on any other; never without.")]
    [Bounds("1", "65535")]
    public int Port { get; init; } = 993;

    public string? User { get; init; }

    [Secret]
    public string? Password { get; init; }

    [Description(
        "Messages there are marked as seen, never deleted: give the answers a folder or a mailbox of their own."
    )]
    public string Folder { get; init; } = "INBOX";

    /// <summary>Never the secret: a record's own text would show it.</summary>
    public override string ToString() => nameof(ImapSettings);
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
    [Description(
        "How often a shipment is asked about while it moves; the other intervals are derived from the reference's."
    )]
    [Bounds("1s", "30d")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(6);

    [Description(
        "Sources to be asked before the others, by their ids; an order's own `provider` comes first all the same. Default: the carrier's own, Cainiao, then aggregators."
    )]
    public IReadOnlyList<string> Prefer { get; init; } = [];

    [Description("How long a worker may hold a claim before another takes it over.")]
    [Bounds("1s", "1h")]
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    [Description("How often the bells ring.")]
    [Bounds("100ms", "1h")]
    public TimeSpan Ring { get; init; } = TimeSpan.FromSeconds(5);

    [Description("A source that has not answered for this long is told to the operator, once.")]
    [Bounds("1s", "30d")]
    public TimeSpan OutageAfter { get; init; } = TimeSpan.FromHours(24);
}

internal sealed record AssessingSettings
{
    [Description(
        "Days of silence per level for every order that sets none itself; default: the rule book's, by leg and service."
    )]
    [Form(TextForm.Days)]
    [Bounds("1", "365")]
    public int? Notice { get; init; }

    [Form(TextForm.Days)]
    [Bounds("1", "365")]
    public int? Stalled { get; init; }

    [Form(TextForm.Days)]
    [Bounds("1", "365")]
    public int? Critical { get; init; }

    [Description(
        "After so many completed legs of the same lane (origin, destination, service) the notice limit is learned from them: the longest silence that 95 of 100 had, between half and twice the rule's. 0 = never."
    )]
    [Bounds("0", "100000")]
    public int LearnAfter { get; init; } = 30;

    public LevelDays Limits => new(Notice, Stalled, Critical);
}

internal sealed record RulesSettings
{
    [Description(
        "Rule packs of your own: a newer one takes the place of the program's. Default: `rules.d` beside the settings or the orders."
    )]
    public string Folder { get; init; } = "rules.d";
}

internal sealed record HealthSettings
{
    [Description("Where `/health/live` and `/health/ready` answer; port 0 picks a free one, `none` switches them off.")]
    [Form(TextForm.Listen)]
    public string Listen { get; init; } = "http://127.0.0.1:8085";
}

internal sealed record LogSettings
{
    public LogFormat Format { get; init; } = LogFormat.Plain;

    [Description("trace | debug | information | warning | error.")]
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
