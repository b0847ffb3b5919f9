using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using TrackWatch.Worker.Telemetry;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>
/// Asks a provider over HTTP the polite and guarded way: no cookies, no redirects, an honest name, a bounded body, a time
/// limit for the whole answer. One instance per provider, for the life of the process.
/// </summary>
/// <param name="answerWithin">For the whole answer, connecting included.</param>
/// <param name="publicOnly">Addresses of private networks are not connected to (<see cref="PublicNetwork"/>).</param>
internal sealed class HttpAsking(TimeSpan answerWithin, TimeProvider clock, bool publicOnly = false) : IDisposable
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
            ConnectCallback = publicOnly ? PublicNetwork.ConnectAsync : null,
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
            if (response.Headers.Date is { } theirs)
                Instruments.ClockAhead.Record(
                    (clock.GetUtcNow() - theirs).TotalSeconds,
                    new KeyValuePair<string, object?>("host", request.RequestUri?.Host)
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
        Inside<PrivateAddressException>(trouble) is { } kept ? kept.Message
        : trouble is HttpRequestException { HttpRequestError: var error } http
            ? error switch
            {
                HttpRequestError.NameResolutionError => NoName(host),
                HttpRequestError.ConnectionError => NoConnection(Inside<SocketException>(trouble), host),
                HttpRequestError.SecureConnectionError => NoTls(Inside<AuthenticationException>(trouble), host),
                HttpRequestError.ProxyTunnelError => http.StatusCode == HttpStatusCode.ProxyAuthenticationRequired
                    ? $"The proxy wants a log-in before it lets us to {host} (HTTP 407); see HTTPS_PROXY."
                    : $"The proxy does not let us to {host}{Status(http.StatusCode)}; see HTTPS_PROXY and NO_PROXY.",
                HttpRequestError.ResponseEnded => $"{host} broke off its answer.",
                HttpRequestError.InvalidResponse => $"{host} did not answer in HTTP.",
                _ => $"The network let {host} down ({error}).",
            }
        : trouble is InvalidDataException ? $"The answer of {host} could not be unpacked."
        : $"{host} broke off its answer.";

    private static string NoName(string? host) => $"The name {host} could not be resolved.";

    private static string NoConnection(SocketException? trouble, string? host) =>
        trouble?.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => $"{host} refuses connections: nothing listens there.",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => NoName(host),
            SocketError.NetworkUnreachable or SocketError.HostUnreachable => $"There is no way to {host} from here.",
            _ => $"No connection to {host}.",
        };

    // .NET says what is wrong with a certificate in words alone; those of its enums stay the same in every language.
    private static string NoTls(AuthenticationException? trouble, string? host)
    {
        (string Mark, string Words)[] reasons =
        [
            ("RemoteCertificateNameMismatch", "it is for another host"),
            ("NotTimeValid", "it has expired, or is not valid yet by this machine's clock"),
            ("Revoked", "it was revoked"),
            ("UntrustedRoot", "nobody this machine trusts has signed it"),
            ("PartialChain", "nobody this machine trusts has signed it"),
        ];
        var why = reasons
            .FirstOrDefault(r => trouble?.Message.Contains(r.Mark, StringComparison.Ordinal) == true)
            .Words;
        return why is null
            ? $"No trusted TLS connection to {host}."
            : $"The certificate of {host} is not accepted: {why}.";
    }

    private static string Status(HttpStatusCode? status) => status is { } code ? $" (HTTP {(int)code})" : "";

    private static T? Inside<T>(Exception? trouble)
        where T : Exception
    {
        while (trouble is not null and not T)
            trouble = trouble.InnerException;
        return (T?)trouble;
    }
}
