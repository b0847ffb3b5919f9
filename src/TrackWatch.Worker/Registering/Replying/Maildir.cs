using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Registering.Replying;

/// <summary>
/// Reads a Maildir as a mail program would: a message is claimed by moving it from <c>new</c> to <c>cur</c>, and marked as
/// seen when it is done with. Several workers may read the same folder, and none loses a message: one that was claimed and
/// never seen, because its worker ended, is read again. Nothing is deleted.
/// </summary>
internal sealed partial class Maildir(string folder, ILogger<Maildir> logger) : IReplySource
{
    private const string Unseen = ":2,";
    private const string Seen = ":2,S";

    /// <summary>A message is read within moments; one that was claimed so long ago was left behind.</summary>
    private static readonly TimeSpan LeftBehind = TimeSpan.FromMinutes(5);

    private bool isMissing;

    public async Task<int> ReadAsync(Inbox inbox, DateTimeOffset now, CancellationToken ct)
    {
        if (!Directory.Exists(In("new")))
        {
            if (!isMissing)
                Missing(logger, folder);
            isMissing = true;
            return 0;
        }
        isMissing = false;
        Directory.CreateDirectory(In("cur"));
        var read = 0;
        foreach (var file in Waiting(now))
        {
            ct.ThrowIfCancellationRequested();
            if (Claim(file, now) is { } claimed && await ReadAsync(inbox, claimed, now, ct))
                read++;
        }
        return read;
    }

    private List<string> Waiting(DateTimeOffset now) =>
        [
            .. Directory.EnumerateFiles(In("new")).Order(StringComparer.Ordinal),
            .. Directory
                .EnumerateFiles(In("cur"), $"*{Unseen}")
                .Where(file => File.GetLastAccessTimeUtc(file) < (now - LeftBehind).UtcDateTime),
        ];

    /// <returns>Where it lies now; null = another one was quicker.</returns>
    private string? Claim(string file, DateTimeOffset now)
    {
        var name = Path.GetFileName(file);
        var claimed = Path.Combine(
            In("cur"),
            name.EndsWith(Unseen, StringComparison.Ordinal) ? name : Base(name) + Unseen
        );
        try
        {
            // The time of access is nobody else's concern: it says when the claim was made.
            File.SetLastAccessTimeUtc(file, now.UtcDateTime);
            File.Move(file, claimed);
            return claimed;
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            Refused(logger, file, e.Message);
            return null;
        }
    }

    private async Task<bool> ReadAsync(Inbox inbox, string file, DateTimeOffset now, CancellationToken ct)
    {
        byte[] message;
        try
        {
            message = await Bounded.ReadAsync(File.OpenRead(file), ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SetAside(file, e.Message);
            return false;
        }
        try
        {
            await inbox.TakeAsync(message, now, ct);
        }
        catch (Exception surprise) when (!ct.IsCancellationRequested && !DatabaseTrouble.IsPassing(surprise))
        {
            // It would only surprise again, and those behind it would wait.
            SetAside(file, $"unexpected {surprise.GetType().Name}: {surprise.Message}");
            return false;
        }
        File.Move(file, file[..^Unseen.Length] + Seen, overwrite: true);
        return true;
    }

    private void SetAside(string file, string why)
    {
        var aside = Directory.CreateDirectory(In("unreadable")).FullName;
        File.Move(file, Path.Combine(aside, Path.GetFileName(file)), overwrite: true);
        Unreadable(logger, Path.GetFileName(file), aside, why);
    }

    private static string Base(string name) => name.Split(':', 2)[0];

    private string In(string part) => Path.Combine(folder, part);

    [LoggerMessage(
        141,
        LogLevel.Warning,
        "{Folder} is no Maildir yet (it has no folder 'new'); it is looked for at each round"
    )]
    private static partial void Missing(ILogger logger, string folder);

    [LoggerMessage(142, LogLevel.Warning, "{File} could not be read and lies in {Aside} now: {Why}")]
    private static partial void Unreadable(ILogger logger, string file, string aside, string why);

    [LoggerMessage(
        143,
        LogLevel.Warning,
        "{File} cannot be moved: {Why}; give TrackWatch's account leave to write there"
    )]
    private static partial void Refused(ILogger logger, string file, string why);
}
