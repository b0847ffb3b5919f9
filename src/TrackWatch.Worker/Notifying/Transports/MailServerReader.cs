using System.Net.Mail;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;

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
        var server =
            settings.Server is { Length: > 0 } line ? FromLine(line)
            : settings.Preset is { Length: > 0 } preset ? FromPreset(preset)
            : settings.Host is { Length: > 0 } host ? FromHost(host)
            : FromNothing();
        if (settings.StepTimeout <= TimeSpan.Zero)
            Problem("mail.step_timeout", "must be longer than nothing; 30s is the default.");
        var sender = Sender(server?.Login?.User);
        return _problems.Count == 0 ? new(server, sender, []) : new(null, null, _problems);
    }

    private MailServer? FromNothing()
    {
        if (settings.User is not null || settings.Password is not null || settings.AccessToken is not null)
            Problem(
                settings.User is not null ? "mail.user" : "mail.password",
                "is set, but no mail server is: set mail.preset, mail.host or mail.server, "
                    + "or take the log-in out to have mails written to the folder."
            );
        return null;
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
        var secret = settings.AccessToken ?? password;
        var setting = settings.AccessToken is null ? passwordSetting : "mail.access_token";
        if (user is null && secret is not null)
            Problem("mail.user", $"is missing beside {setting}.");
        if (user is not null && secret is null)
            Problem(
                "mail.password",
                $"is missing beside the user {OneLine(user)}; mail.access_token would do as well."
            );
        if (user is null || secret is null)
            return null;
        if (user.Any(char.IsControl))
            Problem("mail.user", "has a line end or another control character in it.");
        if (secret.Any(char.IsControl))
            Problem(setting, "has a line end or another control character in it.");
        return new MailLogin(user, secret, settings.AccessToken is not null, setting, HintFor(host));
    }

    private string? HintFor(string host) =>
        settings.Preset is { } name && MailPresets.Find(name) is { Hint: { } hint } ? hint : MailPresets.HintFor(host);

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
        var serves = settings.Server ?? settings.Preset ?? settings.Host;
        if (serves is not null && _problems.Count == 0)
            Problem(
                "mail.from",
                "is missing, and the user of the mail server is no address that could stand in for it."
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
