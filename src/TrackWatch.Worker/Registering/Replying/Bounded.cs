namespace TrackWatch.Worker.Registering.Replying;

internal static class Bounded
{
    /// <summary>The beginning of a message; the rest is read too, so that whoever writes it is not cut off, and forgotten.</summary>
    public static async Task<byte[]> ReadAsync(Stream stream, CancellationToken ct)
    {
        await using var _ = stream;
        using var kept = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, ct) is > 0 and var count)
            kept.Write(buffer, 0, (int)Math.Min(count, MimeMessage.LargestBytes - kept.Length));
        return kept.ToArray();
    }
}
