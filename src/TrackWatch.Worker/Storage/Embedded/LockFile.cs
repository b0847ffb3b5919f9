namespace TrackWatch.Worker.Storage.Embedded;

/// <summary>
/// Locks on files between processes. The kernel lets go of them when their holder ends, however it ends, so nothing is
/// ever left behind that would have to be doubted and cleaned up.
/// </summary>
internal static class LockFile
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    /// <summary>Holds it alone; null where somebody holds it, alone or shared.</summary>
    public static FileStream? TryHold(string path) => TryOpen(path, FileShare.None);

    /// <summary>Holds it beside others who share it; null where somebody holds it alone.</summary>
    public static FileStream? TryShare(string path) => TryOpen(path, FileShare.ReadWrite);

    /// <summary>Waits until it can be held alone.</summary>
    public static async Task<FileStream> HoldAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryHold(path) is { } held)
                return held;
            await Task.Delay(LookAgainAfter, ct);
        }
    }

    // .NET turns FileShare into flock: None into an exclusive lock, all else into a shared one, and never waits.
    private static FileStream? TryOpen(string path, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && e.HResult == WouldBlock)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EmbeddedClusterException(
                $"{path} cannot be opened: the state folder belongs to another user. Start TrackWatch as that user, or name another folder (`state:`, TRACKWATCH__STATE).",
                e
            );
        }
    }

    private const int WouldBlock = 11; // EWOULDBLOCK on Linux
}
