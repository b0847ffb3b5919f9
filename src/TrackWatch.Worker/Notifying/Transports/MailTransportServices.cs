using TrackWatch.Worker.Notifying.Transports.Folder;
using TrackWatch.Worker.Notifying.Transports.Smtp;

namespace TrackWatch.Worker.Notifying.Transports;

internal static class MailTransportServices
{
    // MailKit where its package is in, else our own client: the same to everybody else.
    internal static readonly OpenMailSession Connect =
#if MAILKIT
    MailKit.MailKitSession.ConnectAsync;
#else
    SubmissionClient.ConnectAsync;
#endif

    /// <summary>One <see cref="IMailTransport"/>: to the server, or into the folder while there is none.</summary>
    /// <param name="server">From <see cref="MailServer.Resolve"/>.</param>
    /// <param name="folder"><c>mail.folder</c> as an absolute path.</param>
    public static IServiceCollection AddMailTransport(
        this IServiceCollection services,
        MailServer? server,
        string folder
    ) =>
        services.AddSingleton<IMailTransport>(provider =>
            server is null
                ? new FolderTransport(folder)
                : ActivatorUtilities.CreateInstance<SmtpTransport>(provider, server, Connect)
        );
}
