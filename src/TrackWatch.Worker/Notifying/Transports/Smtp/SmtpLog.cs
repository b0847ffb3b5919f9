namespace TrackWatch.Worker.Notifying.Transports.Smtp;

internal static partial class SmtpLog
{
    [LoggerMessage(721, LogLevel.Debug, "To {Server}: {Command}")]
    public static partial void Asked(ILogger logger, MailServer server, string command);

    [LoggerMessage(722, LogLevel.Debug, "From {Server}: {Reply}")]
    public static partial void Answered(ILogger logger, MailServer server, SmtpReply reply);

    [LoggerMessage(723, LogLevel.Debug, "Connected to {Server}, encrypted: {Encrypted}")]
    public static partial void Opened(ILogger logger, MailServer server, bool encrypted);
}
