using TrackWatch.Worker.Notifying.Transports;
using TrackWatch.Worker.Notifying.Transports.Folder;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Commands.Previewing;

/// <summary>Lays one mail into a folder, and remembers where.</summary>
internal sealed class PreviewFolder(string folder) : IMailTransport
{
    private readonly FolderTransport files = new(Path.GetFullPath(folder));

    public string Name => files.Name;

    public string Eml { get; private set; } = "";

    public string Html => Path.ChangeExtension(Eml, ".html");

    public string Subject { get; private set; } = "";

    public async Task<Delivery> SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        var laid = await files.SendAsync(mail, ct);
        if (laid is Delivery.Accepted)
            Eml = laid.Reply;
        return laid;
    }

    /// <exception cref="CommandException">The folder cannot be written.</exception>
    public async Task KeepAsync(MailRow mail, CancellationToken ct)
    {
        var outgoing = new OutgoingMail(mail.MessageId, mail.Sender, mail.Recipients, mail.Body)
        {
            Subject = mail.Subject,
        };
        if (await SendAsync(outgoing, ct) is not Delivery.Accepted)
            throw new CommandException(
                ExitCode.Unreachable,
                $"{folder} cannot be written; name another folder with --out."
            );
        Subject = mail.Subject;
    }

    public void Call(string subject) => Subject = subject;
}
