using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Notifying.Transports;

/// <param name="Hint">What people stumble over when they log in; one sentence.</param>
/// <param name="TokenUrl">Where OAuth refresh tokens are taken; null = unknown.</param>
/// <param name="Scope">What a token must be asked for; null = what the refresh token was given for.</param>
internal sealed record MailPreset(
    string Host,
    int Port,
    MailSecurity Security,
    string? Hint = null,
    string? TokenUrl = null,
    string? Scope = null
);

/// <summary>Well-known mail hosts by the name people call them.</summary>
internal static class MailPresets
{
    private const string AppPassword =
        "This host takes no ordinary password here: make an app password in your account's security settings";

    private const string MicrosoftScope = "https://outlook.office.com/SMTP.Send offline_access";

    private static readonly Dictionary<string, MailPreset> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["gmail"] = Tls("smtp.gmail.com", AppPassword + " (https://myaccount.google.com/apppasswords).") with
        {
            TokenUrl = "https://oauth2.googleapis.com/token",
        },
        ["outlook"] = Starttls(
            "smtp-mail.outlook.com",
            "Outlook.com takes no password from programs any more: set mail.oauth instead."
        ) with
        {
            TokenUrl = "https://login.microsoftonline.com/consumers/oauth2/v2.0/token",
            Scope = MicrosoftScope,
        },
        ["office365"] = Starttls(
            "smtp.office365.com",
            "The administrator must allow authenticated SMTP for this mailbox; most tenants take only mail.oauth."
        ) with
        {
            TokenUrl = "https://login.microsoftonline.com/organizations/oauth2/v2.0/token",
            Scope = MicrosoftScope,
        },
        ["icloud"] = Starttls("smtp.mail.me.com", AppPassword + " (https://account.apple.com)."),
        ["yahoo"] = Tls("smtp.mail.yahoo.com", AppPassword + "."),
        ["aol"] = Tls("smtp.aol.com", AppPassword + "."),
        ["fastmail"] = Tls("smtp.fastmail.com", AppPassword + "."),
        ["gmx"] = Starttls("mail.gmx.net", "Sending by SMTP must be switched on in the mailbox's settings."),
        ["gmx.com"] = Starttls("mail.gmx.com", "Sending by SMTP must be switched on in the mailbox's settings."),
        ["web.de"] = Starttls("smtp.web.de", "Sending by SMTP must be switched on in the mailbox's settings."),
        ["mailbox.org"] = Tls("smtp.mailbox.org"),
        ["posteo"] = Tls("posteo.de"),
        ["zoho"] = Tls("smtp.zoho.com", AppPassword + " where two-factor log-in is on."),
        ["zoho.eu"] = Tls("smtp.zoho.eu", AppPassword + " where two-factor log-in is on."),
        ["yandex"] = Tls("smtp.yandex.com", AppPassword + "."),
        ["mail.ru"] = Tls("smtp.mail.ru", AppPassword + "."),
        ["qq"] = Tls("smtp.qq.com", "QQ takes the authorisation code of the mailbox's settings as the password."),
        ["163"] = Tls("smtp.163.com", "163 takes the authorisation code of the mailbox's settings as the password."),
        ["sendgrid"] = Tls("smtp.sendgrid.net", "The user is the word apikey, the password is the API key."),
        ["mailgun"] = Tls("smtp.mailgun.org", "User and password are those of the sending domain."),
        ["mailgun.eu"] = Tls("smtp.eu.mailgun.org", "User and password are those of the sending domain."),
        ["postmark"] = Starttls("smtp.postmarkapp.com", "User and password are both the server's API token."),
        ["brevo"] = Starttls("smtp-relay.brevo.com", "The password is an SMTP key, not the account's password."),
        ["mailjet"] = Tls("in-v3.mailjet.com", "The user is the API key, the password is the secret key."),
    };

    // Amazon has a host for each region: ses.eu-central-1.
    private const string Ses = "ses.";

    public static string Names => string.Join(", ", ByName.Keys.Append("ses.<region>").Order(StringComparer.Ordinal));

    public static MailPreset? Find(string name) =>
        ByName.GetValueOrDefault(name)
        ?? (
            name.StartsWith(Ses, StringComparison.OrdinalIgnoreCase) && name.Length > Ses.Length
                ? Tls(
                    $"email-smtp.{name[Ses.Length..]}.amazonaws.com",
                    "User and password are SMTP credentials made in the SES console, not access keys."
                )
                : null
        );

    /// <summary>For people who wrote the host themselves.</summary>
    public static MailPreset? ForHost(string host) =>
        ByName.Values.FirstOrDefault(p => p.Host.Equals(host, StringComparison.OrdinalIgnoreCase));

    private static MailPreset Tls(string host, string? hint = null) => new(host, 465, MailSecurity.Tls, hint);

    private static MailPreset Starttls(string host, string? hint = null) => new(host, 587, MailSecurity.Starttls, hint);
}
