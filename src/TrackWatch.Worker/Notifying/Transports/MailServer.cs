using System.Security.Cryptography.X509Certificates;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Notifying.Transports.OAuth;
using TrackWatch.Worker.Notifying.Transports.Sendmail;

namespace TrackWatch.Worker.Notifying.Transports;

/// <summary>The mail server that the settings mean, whichever way they say it.</summary>
internal sealed record MailServer(string Host, int Port, MailSecurity Security)
{
    /// <summary>Null where the server takes mail without a log-in.</summary>
    public MailLogin? Login { get; init; }
    public bool AllowPlaintextPassword { get; init; }
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the answer to a whole mail may take: a server that filters before it answers is not to be given up on early,
    /// for the mail may be in, and would go twice.
    /// </summary>
    public TimeSpan AnswerTimeout => 4 * StepTimeout;

    /// <summary>The setting a person mends when host, port or security are wrong.</summary>
    public string NamedBy { get; init; } = "mail.host";

    /// <summary>Authorities trusted instead of the machine's own; null = the machine's.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    /// <summary>Reads the settings; pure, and tells every problem at once.</summary>
    public static ResolvedMail Resolve(MailSettings settings) => new MailServerReader(settings).Read();
}

/// <param name="Secret">A password, or an OAuth access token.</param>
/// <param name="NamedBy">The setting the secret came from.</param>
/// <param name="Hint">What is peculiar about logging in to this host: one sentence, or nothing.</param>
internal sealed record MailLogin(string User, string Secret, bool IsToken, string NamedBy, string? Hint = null)
{
    /// <summary>Where the secret is fetched when it is needed; null = it is there.</summary>
    public OAuthGrant? OAuth { get; init; }

    /// <summary>Never the secret: a record's own text would show it.</summary>
    public override string ToString() => User;
}

/// <param name="Server">Null = a program takes the mails or they lie in the folder; also null where there are problems.</param>
/// <param name="Sender">Who people see as the sender; null only where there are problems.</param>
internal sealed record ResolvedMail(MailServer? Server, MailboxAddress? Sender, IReadOnlyList<MailProblem> Problems)
{
    /// <summary>The program that takes mails instead of a server; null = none does.</summary>
    public SendmailProgram? Sendmail { get; init; }
}

/// <param name="Setting">As the file writes it: <c>mail.port</c>.</param>
/// <param name="Message">What is wrong and what to write instead; never a password.</param>
internal sealed record MailProblem(string Setting, string Message);
