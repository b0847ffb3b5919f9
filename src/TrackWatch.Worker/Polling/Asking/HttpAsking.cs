using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>
/// Asks a provider over HTTP the polite and guarded way: no cookies, no redirects, an honest name, a bounded body, a time
/// limit for the whole answer. One instance per provider, for the life of the process.
/// </summary>
/// <param name="answerWithin">For the whole answer, connecting included.</param>
internal sealed class HttpAsking(TimeSpan answerWithin, TimeProvider clock) : IDisposable
{
    /// <summary>A batch of ten histories is below 0.1 MiB.</summary>
    public const int MaxBody = 2 * 1024 * 1024;

    /// <summary>Longer waits asked for by a server are a mistake or malice.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromDays(7);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.All,
            // A name that moves to another address is found again within this time.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders =
        {
            Accept = { new MediaTypeWithQualityHeaderValue("application/json") },
            UserAgent =
            {
                new ProductInfoHeaderValue("TrackWatch", Version),
                new ProductInfoHeaderValue("(parcel watcher)"),
            },
        },
    };

    private static string Version =>
        typeof(HttpAsking).Assembly.GetName().Version is { } version ? version.ToString(3) : "0";

    /// <summary>Every trouble comes back as a value; only the caller's own cancellation throws.</summary>
    public async Task<HttpAnswer> AskAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(answerWithin);
        try
        {
            using var response = await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                patience.Token
            );
            return await BodyAsync(response.Content, patience.Token) is { } body
                ? new HttpAnswer.Answered(
                    (int)response.StatusCode,
                    response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant(),
                    body,
                    RetryAfter(response.Headers.RetryAfter)
                )
                {
                    Headers = response.Headers,
                }
                : new HttpAnswer.NoAnswer($"The answer is larger than {MaxBody / (1024 * 1024)} MiB.");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new HttpAnswer.NoAnswer($"No complete answer within {answerWithin.TotalSeconds:0.#} s.");
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or InvalidDataException)
        {
            return new HttpAnswer.NoAnswer(InWords(trouble, request.RequestUri?.Authority));
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The body after decompression; null where it is too large.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpContent content, CancellationToken ct)
    {
        var announced = content.Headers.ContentLength;
        if (announced > MaxBody)
            return null;
        await using var stream = await content.ReadAsStreamAsync(ct);
        var buffer = new byte[announced is { } length ? (int)length + 1 : 16 * 1024];
        var filled = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), ct);
            if (read == 0)
                return buffer.AsMemory(0, filled);
            filled += read;
            if (filled > MaxBody)
                return null;
            if (filled == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MaxBody + 1));
        }
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? header?.Date - clock.GetUtcNow();
        return wait is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, MaxRetryAfter.Ticks)) : null;
    }

    /// <summary>Names the host and what failed, never the address with the numbers in it.</summary>
    private static string InWords(Exception trouble, string? host) =>
        trouble is HttpRequestException { HttpRequestError: var error }
            ? error switch
            {
                HttpRequestError.NameResolutionError => $"The name {host} could not be resolved.",
                HttpRequestError.ConnectionError => $"No connection to {host}.",
                HttpRequestError.SecureConnectionError => $"No trusted TLS connection to {host}.",
                HttpRequestError.ResponseEnded => $"{host} broke off its answer.",
                HttpRequestError.InvalidResponse => $"{host} did not answer in HTTP.",
                _ => $"The network let {host} down ({error}).",
            }
        : trouble is InvalidDataException ? $"The answer of {host} could not be unpacked."
        : $"{host} broke off its answer.";
}
