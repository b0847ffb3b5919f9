namespace TrackWatch.Worker.Notifying.Transports.Smtp;

/// <summary>One open conversation with a mail server, logged in; mails go over it one after another.</summary>
internal interface IMailSession : IAsyncDisposable
{
    /// <summary>False once the server ended the conversation or it broke.</summary>
    bool IsUsable { get; }

    /// <summary>Hands over one mail. Refusals are values and leave the conversation ready for the next mail.</summary>
    /// <exception cref="SubmissionException">The conversation broke; whether the mail was taken may be unknown.</exception>
    Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct);

    /// <summary>Whether a conversation that lay idle still lives.</summary>
    Task<bool> AnswersAsync(CancellationToken ct);
}

/// <summary>Connects, turns to TLS as the settings say, and logs in.</summary>
/// <exception cref="SubmissionException">The set-up, the network or the server stands in the way.</exception>
internal delegate Task<IMailSession> OpenMailSession(MailServer server, ILogger logger, CancellationToken ct);
