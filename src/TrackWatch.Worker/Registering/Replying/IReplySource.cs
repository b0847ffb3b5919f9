namespace TrackWatch.Worker.Registering.Replying;

/// <summary>A place that answers lie in until they are read.</summary>
internal interface IReplySource
{
    /// <summary>Reads what lies there; what cannot be read now stays for the next time.</summary>
    /// <returns>How many messages were read.</returns>
    Task<int> ReadAsync(Inbox inbox, DateTimeOffset now, CancellationToken ct);
}
