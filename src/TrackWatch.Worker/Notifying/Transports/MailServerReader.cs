using System.Net.Mail;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports.OAuth;
using TrackWatch.Worker.Notifying.Transports.Sendmail;

namespace TrackWatch.Worker.Notifying.Transports;

/// <summary>
/// One reading of the mail settings. <c>mail.server</c> stands before a preset, a preset before the single values; what the
/// first leaves open (a password beside <c>smtps://user@host</c>) the others fill in.
/// </summary>
internal sealed class MailServerReader(MailSettings settings)
{
    private const int TlsPort = 465;
    private const int StarttlsPort = 587;
    private const int RelayPort = 25;

    private readonly List<MailProblem> _problems = [];

    public ResolvedMail Read()
    {
        var sendmail = settings.Sendmail is { Length: > 0 } program ? Program(program) : null;
        var server =
            settings.Sendmail is { Length: > 0 } ? null
            : settings.Server is { Length: > 0 } line ? FromLine(line)
            : settings.Preset is { Length: > 0 } preset ? FromPreset(preset)
            : settings.Host is { Length: > 0 } host ? FromHost(host)
            : FromNothing();
        if (settings.StepTimeout <= TimeSpan.Zero)
            Problem("mail.step_timeout", "must be longer than nothing; 30s is the default.");
        if (settings.UnsubscribeUrl is { } url && !IsUnsubscribeUrl(url))
            Problem(
                "mail.unsubscribe_url",
                "is no https address: write https://example.org/stop?who={person}, or take it out."
            );
        var sender = Sender(server?.Login?.User);
        return _problems.Count == 0 ? new(server, sender, []) { Sendmail = sendmail } : new(null, null, _problems);
    }

    private static bool IsUnsubscribeUrl(string url) =>
        Uri.TryCreate(url.Replace("{person}", "x"), UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", UserInfo: "" }
        && !url.AsSpan().ContainsAny(' ', '<', '>');

    private SendmailProgram? Program(string path)
    {
        (string Setting, bool IsSet)[] others =
        [
            ("mail.server", settings.Server is not null),
            ("mail.preset", settings.Preset is not null),
            ("mail.host", settings.Host is not null),
        ];
        foreach (var (setting, _) in others.Where(other => other.IsSet))
            Problem(setting, "is a second way to send beside mail.sendmail; take one out.");
        foreach (var setting in LogInsAndUser())
            Problem(
                setting,
                "is of no use beside mail.sendmail: that program logs in by its own settings; take it out."
            );
        if (!Path.IsPathFullyQualified(path))
            Problem("mail.sendmail", $"'{OneLine(path)}' is no whole path: write /usr/sbin/sendmail.");
        return new SendmailProgram(path, 4 * settings.StepTimeout);
    }

    private MailServer? FromNothing()
    {
        if (LogInsAndUser() is [var set, ..])
            Problem(
                set,
                "is set, but no mail server is: set mail.preset, mail.host or mail.server, "
                    + "or take the log-in out to have mails written to the folder."
            );
        return null;
    }

    /// <summary>The settings, of those that let us in, that are set.</summary>
    private List<string> LogIns(string passwordSetting, string? password)
    {
        (string Setting, bool IsSet)[] ways =
        [
            (passwordSetting, password is not null),
            ("mail.access_token", settings.AccessToken is not null),
            ("mail.oauth", settings.OAuth != new OAuthSettings()),
        ];
        return [.. ways.Where(way => way.IsSet).Select(way => way.Setting)];
    }

    private List<string> LogInsAndUser()
    {
        var set = LogIns("mail.password", settings.Password);
        return settings.User is null ? set : ["mail.user", .. set];
    }

    private MailServer? FromHost(string host) =>
        Server(host, settings.Port, settings.Security, settings.User, settings.Password, "mail.host", "mail.password");

    private MailServer? FromPreset(string name)
    {
        if (MailPresets.Find(name) is not { } preset)
        {
            Problem("mail.preset", $"'{name}' is not known; known are {MailPresets.Names}. Any other: mail.host.");
            return null;
        }
        if (settings.User is null)
            Problem(
                "mail.user",
                $"{name} takes mail only from people who log in: set mail.user. {preset.Hint}".TrimEnd()
            );
        return Server(
            settings.Host ?? preset.Host,
            settings.Port ?? preset.Port,
            settings.Security ?? (settings.Port is null ? preset.Security : null),
            settings.User,
            settings.Password,
            "mail.preset",
            "mail.password"
        );
    }

    /// <summary>
    /// <c>smtps://user:password@host:port</c>, cut by hand: people write an @, / or # into user and password as they are,
    /// which <see cref="Uri"/> refuses; percent-encoded they work too.
    /// </summary>
    private MailServer? FromLine(string line)
    {
        const string Form = "write smtps://user@host, smtp://user@host:587 (STARTTLS) or smtp://host:25";
        var cut = line.Split("://", 2);
        var tls = cut[0].Equals("smtps", StringComparison.OrdinalIgnoreCase);
        if (cut.Length != 2 || (!tls && !cut[0].Equals("smtp", StringComparison.OrdinalIgnoreCase)))
        {
            Problem("mail.server", $"does not begin with smtps:// or smtp://; {Form}.");
            return null;
        }
        var at = cut[1].LastIndexOf('@');
        var place = cut[1][(at + 1)..].TrimEnd('/');
        // A scheme of its own keeps Uri from knowing a default port.
        if (
            !Uri.TryCreate($"mail-server://{place}", UriKind.Absolute, out var uri)
            || uri is not { Host.Length: > 0, PathAndQuery: "" or "/" }
        )
        {
            Problem("mail.server", $"has no host and port that can be read; {Form}.");
            return null;
        }
        if (tls && settings.Security is not null and not MailSecurity.Tls)
            Problem(
                "mail.security",
                "contradicts smtps:// of mail.server, which is TLS from the first byte; take one out."
            );

        var login = at < 0 ? [] : cut[1][..at].Split(':', 2);
        var user = login is [var u, ..] && u != "" ? Uri.UnescapeDataString(u) : settings.User;
        var password = login is [_, var p] ? Uri.UnescapeDataString(p) : null;
        int? port = uri.Port > 0 ? uri.Port : null;
        return Server(
            uri.IdnHost.Trim('[', ']'),
            port,
            tls ? MailSecurity.Tls : settings.Security ?? (port is null ? MailSecurity.Starttls : null),
            user,
            password ?? settings.Password,
            "mail.server",
            password is null ? "mail.password" : "mail.server"
        );
    }

    private MailServer? Server(
        string host,
        int? port,
        MailSecurity? security,
        string? user,
        string? password,
        string hostSetting,
        string passwordSetting
    )
    {
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            Problem(hostSetting, $"'{OneLine(host)}' is no host name.");
        if (port is < 1 or > 65535)
            Problem(hostSetting == "mail.server" ? hostSetting : "mail.port", $"{port} is no port: 1 to 65535.");

        var layer = security ?? LayerOf(port);
        var login = Login(user, password, passwordSetting, host);
        if (login is not null && layer == MailSecurity.None && !settings.AllowPlaintextPassword)
            Problem(
                "mail.security",
                "is none, so user and password would cross the network readable: set it to starttls or tls, or, for a relay "
                    + "on the same machine, set mail.allow_plaintext_password: true."
            );
        return _problems.Count > 0
            ? null
            : new MailServer(host, port ?? PortOf(layer), layer)
            {
                Login = login,
                AllowPlaintextPassword = settings.AllowPlaintextPassword,
                StepTimeout = settings.StepTimeout,
                NamedBy = hostSetting,
            };
    }

    private MailLogin? Login(string? user, string? password, string passwordSetting, string host)
    {
        var set = LogIns(passwordSetting, password);
        if (set.Count > 1)
            Problem(set[^1], $"is a second way to log in beside {set[0]}; take one out.");
        if (set is ["mail.oauth"])
            return OAuth(user, host);
        var secret = settings.AccessToken ?? password;
        var setting = settings.AccessToken is null ? passwordSetting : "mail.access_token";
        if (user is null && secret is not null)
            Problem("mail.user", $"is missing beside {setting}.");
        if (user is not null && secret is null)
            Problem(
                "mail.password",
                $"is missing beside the user {OneLine(user)}; mail.oauth or mail.access_token would do as well."
            );
        if (user is null || secret is null)
            return null;
        if (user.Any(char.IsControl))
            Problem("mail.user", "has a line end or another control character in it.");
        if (secret.Any(char.IsControl))
            Problem(setting, "has a line end or another control character in it.");
        return new MailLogin(user, secret, settings.AccessToken is not null, setting, HintFor(host));
    }

    private MailLogin? OAuth(string? user, string host)
    {
        var oauth = settings.OAuth;
        var preset = settings.Preset is { } name ? MailPresets.Find(name) : MailPresets.ForHost(host);
        (string Name, string? Value)[] needed =
        [
            ("user", user),
            ("oauth.client_id", oauth.ClientId),
            ("oauth.refresh_token", oauth.RefreshToken),
        ];
        foreach (var (missing, _) in needed.Where(n => n.Value is null or ""))
            Problem($"mail.{missing}", "is missing: mail.oauth needs a user, a client_id and a refresh_token.");
        var url = oauth.TokenUrl ?? preset?.TokenUrl;
        if (url is null)
            Problem("mail.oauth.token_url", "is missing: only the presets gmail, outlook and office365 have one.");
        else if (
            !Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || !(parsed.Scheme == Uri.UriSchemeHttps || (parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback))
        )
            Problem("mail.oauth.token_url", "is no https address, and the refresh token would go there.");
        return _problems.Count > 0
            ? null
            : new MailLogin(user!, "", IsToken: true, "mail.oauth", HintFor(host))
            {
                OAuth = new OAuthGrant(
                    new Uri(url!),
                    oauth.ClientId!,
                    oauth.ClientSecret,
                    oauth.RefreshToken!,
                    oauth.Scope ?? preset?.Scope
                ),
            };
    }

    private string? HintFor(string host) =>
        settings.Preset is { } name && MailPresets.Find(name) is { Hint: { } hint }
            ? hint
            : MailPresets.ForHost(host)?.Hint;

    private MailboxAddress? Sender(string? user)
    {
        if (settings.From is { Length: > 0 } from)
        {
            if (
                MailAddress.TryCreate(from, out var parsed)
                && MimeAddress.ToWire(parsed.Address) is not null
                && !from.Any(char.IsControl)
            )
                return new MailboxAddress(parsed.Address, parsed.DisplayName is { Length: > 0 } name ? name : null);
            Problem("mail.from", $"'{OneLine(from)}' is no sender: write TrackWatch <me@example.org>.");
            return null;
        }
        if (user is not null && MimeAddress.ToWire(user) is not null)
            return new MailboxAddress(user, "TrackWatch");
        var serves = settings.Server ?? settings.Preset ?? settings.Host ?? settings.Sendmail;
        if (serves is not null && _problems.Count == 0)
            Problem(
                "mail.from",
                settings.Sendmail is null
                    ? "is missing, and the user of the mail server is no address that could stand in for it."
                    : "is missing: mail.sendmail needs a sender."
            );
        return new MailboxAddress("trackwatch@localhost", "TrackWatch");
    }

    private static MailSecurity LayerOf(int? port) =>
        port switch
        {
            TlsPort => MailSecurity.Tls,
            RelayPort => MailSecurity.None,
            _ => MailSecurity.Starttls,
        };

    private static int PortOf(MailSecurity layer) =>
        layer switch
        {
            MailSecurity.Tls => TlsPort,
            MailSecurity.Starttls => StarttlsPort,
            _ => RelayPort,
        };

    private void Problem(string setting, string message) => _problems.Add(new(setting, message));

    private static string OneLine(string text) => string.Concat(text.Where(c => !char.IsControl(c)));
}
