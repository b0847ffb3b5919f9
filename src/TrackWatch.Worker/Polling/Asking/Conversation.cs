namespace TrackWatch.Worker.Polling.Asking;

/// <summary>The requests that one question takes: counted, and with a gap between them where the source wants one.</summary>
/// <param name="gap">The least time from one answer to the next request.</param>
internal sealed class Conversation(KeyedAsking asking, TimeSpan gap)
{
    public int Requests { get; private set; }

    public Task<JsonAnswer> GetAsync(string path, CancellationToken ct) => AskAsync(HttpMethod.Get, path, null, ct);

    /// <param name="body">What is sent as JSON; null = nothing is.</param>
    public Task<JsonAnswer> PostAsync(string path, object? body, CancellationToken ct) =>
        AskAsync(HttpMethod.Post, path, body, ct);

    private async Task<JsonAnswer> AskAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        // Like the gap between two questions: the source's time, not business time.
        if (Requests > 0 && gap > TimeSpan.Zero)
            await Task.Delay(gap, ct);
        Requests++;
        return await asking.AskAsync(method, path, body, ct);
    }
}
