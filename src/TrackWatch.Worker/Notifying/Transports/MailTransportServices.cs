using TrackWatch.Worker.Notifying.Transports.Folder;

namespace TrackWatch.Worker.Notifying.Transports;

internal static class MailTransportServices
{
    /// <summary>One <see cref="IMailTransport"/>: to the server, or into the folder while there is none.</summary>
    /// <param name="server">From <see cref="MailServer.Resolve"/>.</param>
    /// <param name="folder"><c>mail.folder</c> as an absolute path.</param>
    public static IServiceCollection AddMailTransport(
        this IServiceCollection services,
        MailServer? server,
        string folder
    ) =>
        server is null
            ? services.AddSingleton<IMailTransport>(new FolderTransport(folder))
            : services.AddSingleton<IMailTransport>(provider =>
#if MAILKIT
                ActivatorUtilities.CreateInstance<MailKit.MailKitTransport>(provider, server)
#else
                ActivatorUtilities.CreateInstance<Smtp.SmtpTransport>(provider, server)
#endif
            );
}
