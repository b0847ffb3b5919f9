namespace TrackWatch.Worker.Registering.Replying;

/// <summary>Reads every place that answers come to.</summary>
internal sealed class ReplyReader(IEnumerable<IReplySource> sources, Inbox inbox)
{
    /// <returns>How many messages were read.</returns>
    public async Task<int> ReadAsync(DateTimeOffset now, CancellationToken ct)
    {
        var read = 0;
        foreach (var source in sources)
            read += await source.ReadAsync(inbox, now, ct);
        return read;
    }
}
