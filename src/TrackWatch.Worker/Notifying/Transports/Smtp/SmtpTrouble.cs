using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Notifying.Transports.Smtp;

/// <summary>
/// The conversation cannot go on, and the mail was not accepted as far as we know. The message is for the person who must
/// act; a password never is in it.
/// </summary>
internal sealed class SubmissionException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The server knows the user by another secret, or by none.</summary>
    public bool IsLoginRefused { get; init; }
}

/// <summary>What stands between us and a mail server, and what a person does about it.</summary>
internal static class SmtpTrouble
{
    /// <summary>The step in which silence has a likely cause: the server waits for TLS while we wait for it.</summary>
    public const string Greeting = "its greeting";

    public static SubmissionException That(MailServer server, string what, Exception? inner = null) =>
        new($"{server} {what}", inner);

    public static SubmissionException Unreachable(MailServer server, Exception e) =>
        That(server, $"cannot be reached: {e.Message}. Check {server.NamedBy}, the port and the network.", e);

    public static SubmissionException NoAnswer(MailServer server, string step, TimeSpan within, Exception e) =>
        That(
            server,
            $"did not answer within {within.TotalSeconds:0.#} s, waiting for {step}."
                + (
                    step == Greeting && server.Security != MailSecurity.Tls
                        ? " If this port speaks TLS from the first byte, set mail.security: tls."
                        : ""
                ),
            e
        );

    public static SubmissionException Broken(MailServer server, string step, Exception e) =>
        That(server, $"broke the connection, waiting for {step}: {e.Message}", e);

    public static SubmissionException NotSmtp(MailServer server, string said) =>
        That(
            server,
            $"does not speak SMTP: it said '{string.Concat(said.Take(60).Select(c => char.IsControl(c) ? ' ' : c))}'. "
                + $"Check the port, and {server.NamedBy}."
        );

    public static SubmissionException NotWelcome(MailServer server, SmtpReply greeting) =>
        That(server, $"takes no mail from here: {greeting}");

    public static SubmissionException HangsUp(MailServer server, SmtpReply reply) =>
        That(server, $"ends the conversation: {reply}");

    public static SubmissionException NoStarttls(MailServer server) =>
        That(
            server,
            "offers no STARTTLS, so nothing was sent. Set mail.security: tls for TLS from the first byte (port 465), or none "
                + "for a relay on the same machine."
        );

    public static SubmissionException NoTls(MailServer server, Exception e) =>
        That(
            server,
            $"did not begin TLS: {e.Message}"
                + (
                    server.Security == MailSecurity.Tls
                        ? " If this port speaks plain SMTP first, as 587 does, set mail.security: starttls."
                        : ""
                ),
            e
        );

    /// <param name="fault">What is wrong with the certificate, a sentence that goes on from a colon.</param>
    public static SubmissionException Certificate(MailServer server, string fault, Exception e) =>
        That(
            server,
            $"could not prove who it is, so nothing was sent: {fault} The name in {server.NamedBy} must be the one in the "
                + "server's certificate; for an authority of your own name its file in the environment variable SSL_CERT_FILE.",
            e
        );

    public static SubmissionException NotEncrypted(MailServer server) =>
        That(server, "is not encrypted, so user and password were not sent. Set mail.security to starttls or tls.");

    public static SubmissionException NoCommonLogin(MailServer server, MailLogin login, string offer) =>
        That(
            server,
            offer == ""
                ? "offers no log-in here. Check mail.security and the port, or take mail.user out."
                : $"offers to log in by {offer}, while "
                    + (login.IsToken ? $"{login.NamedBy} needs XOAUTH2." : "a password needs PLAIN or LOGIN.")
        );

    public static SubmissionException LoginRefused(MailServer server, MailLogin login, SmtpReply reply) =>
        reply.IsForNow
            ? That(server, $"cannot log {login.User} in for now: {reply}")
            : new SubmissionException(
                $"{server} refused to log {login.User} in: {reply} Mend the user or {login.NamedBy}. {login.Hint}".TrimEnd()
            )
            {
                IsLoginRefused = true,
            };

    /// <summary>After the last byte of a mail: at least once is what SMTP can promise, so the same Message-ID goes again.</summary>
    public static SubmissionException Unknown(SubmissionException e) =>
        new($"{e.Message} Whether it took the mail is unknown; the same one goes again.", e);
}
