using System.Net.Http.Headers;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>What one request over HTTP came to.</summary>
internal abstract record HttpAnswer
{
    private HttpAnswer() { }

    /// <summary>A server answered in time and within bounds, whatever its status code.</summary>
    /// <param name="MediaType">Lower case, without parameters; null where the server named none.</param>
    internal sealed record Answered(int Status, string? MediaType, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter)
        : HttpAnswer
    {
        public bool IsSuccess => Status is >= 200 and <= 299;

        /// <summary>For what a source says of its limits; empty in tests that need none.</summary>
        public HttpResponseHeaders? Headers { get; init; }

        /// <summary>What the status code alone says, for providers that give it no meaning of their own; null for 2xx.</summary>
        public PollOutcome? Trouble() => HttpAnswer.Trouble(Status, RetryAfter);
    }

    /// <summary>No answer that could be read: network, time-out, or a body beyond all bounds.</summary>
    internal sealed record NoAnswer(string Why) : HttpAnswer;

    /// <inheritdoc cref="Answered.Trouble"/>
    public static PollOutcome? Trouble(int status, TimeSpan? retryAfter) =>
        status switch
        {
            >= 200 and <= 299 => null,
            // Redirects are never followed: the answer stands at this address, and what lies elsewhere is a captcha.
            >= 300 and <= 399 => new PollOutcome.Blocked($"The source sends us to another page (HTTP {status})."),
            401 or 403 => new PollOutcome.Blocked($"The source turns us away (HTTP {status})."),
            407 => new PollOutcome.Failed("The proxy on the way wants a log-in (HTTP 407); see HTTPS_PROXY."),
            429 => new PollOutcome.Throttled("The source wants fewer questions (HTTP 429).", retryAfter),
            >= 500 => new PollOutcome.Failed($"The source has trouble of its own (HTTP {status})."),
            _ => new PollOutcome.Failed($"The source does not understand the question (HTTP {status})."),
        };
}
