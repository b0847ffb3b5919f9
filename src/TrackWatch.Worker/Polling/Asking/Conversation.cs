namespace TrackWatch.Worker.Polling.Asking;

/// <summary>The requests that one question takes where a source wants more than one: with its gap between them, and counted.</summary>
/// <param name="gap">The least time from one answer to the next request.</param>
internal sealed class Conversation(HttpAsking asking, TimeSpan gap)
{
    public int Requests { get; private set; }

    /// <inheritdoc cref="HttpAsking.AskAsync"/>
    public async Task<HttpAnswer> AskAsync(HttpRequestMessage request, CancellationToken ct)
    {
        // Like the gap between two questions: the source's time, not business time.
        if (Requests++ > 0 && gap > TimeSpan.Zero)
            await Task.Delay(gap, ct);
        return await asking.AskAsync(request, ct);
    }
}
