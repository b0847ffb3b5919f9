using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Notifying.Transports.Folder;
using TrackWatch.Worker.Notifying.Transports.Sendmail;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Notifying.Transports;

internal static class MailTransportServices
{
    /// <summary>One <see cref="IMailTransport"/>: to the server, to a program, or into the folder while there is neither.</summary>
    /// <param name="mail">From <see cref="MailServer.Resolve"/>.</param>
    /// <param name="settings">Their paths absolute.</param>
    public static IServiceCollection AddMailTransport(
        this IServiceCollection services,
        ResolvedMail mail,
        TrackWatchSettings settings
    ) =>
        mail switch
        {
            { Sendmail: { } program } => services.AddSingleton<IMailTransport>(new SendmailTransport(program)),
            { Server: { } server } => services
                .AddSingleton(provider => new MailSessions(
                    server,
                    settings.State,
                    provider.GetRequiredService<TimeProvider>(),
                    provider.GetRequiredService<ILogger<MailSessions>>()
                ))
                .AddSingleton<IMailTransport>(provider =>
                    ActivatorUtilities.CreateInstance<SmtpTransport>(
                        provider,
                        server,
                        (OpenMailSession)provider.GetRequiredService<MailSessions>().OpenAsync
                    )
                ),
            _ => services.AddSingleton<IMailTransport>(new FolderTransport(settings.Mail.Folder)),
        };
}
