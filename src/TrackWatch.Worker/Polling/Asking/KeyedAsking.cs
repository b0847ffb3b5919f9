using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Asks a source that wants a key and answers in JSON; what its status codes mean alike everywhere is said once, here.</summary>
/// <param name="source">Its name, for people.</param>
/// <param name="id">Its key in the settings.</param>
/// <param name="header">The header that carries the key.</param>
/// <param name="scheme">What stands before the key in it.</param>
internal sealed class KeyedAsking(
    string source,
    string id,
    KeyedProviderSettings settings,
    TimeProvider clock,
    string header,
    string scheme = ""
) : IDisposable
{
    /// <summary>A shorter key may be a word that an answer has reasons of its own to use.</summary>
    private const int KeySaidByChance = 7;

    /// <summary>A time of day, where a header could as well hold a number of seconds.</summary>
    private const long Epoch = 1_000_000_000;

    private static readonly TimeSpan MaxWait = TimeSpan.FromDays(7);

    private static readonly PollOutcome.Blocked Page = new(
        "The source shows a page where its answer should be. TrackWatch leaves it alone for a while and tries again by itself."
    );

    private static readonly PollOutcome.Failed NoJson = new("The answer is no complete JSON object.");

    private readonly HttpAsking _asking = new(settings.AnswerWithin, clock);
    private readonly string _key = settings.Key?.Trim() ?? "";

    public ProviderLimits Limits { get; } = ProviderLimits.Of(settings, settings.BatchSize);

    /// <summary>Begins the requests of one question.</summary>
    /// <param name="gap">Between them.</param>
    public Conversation Converse(TimeSpan gap = default) => new(this, gap);

    /// <summary>What a key that is not taken comes to. The source's own words are left out: they may hold the key.</summary>
    public JsonAnswer.Refused KeyRefused(int status) =>
        new(
            new PollOutcome.Failed(
                $"{source} refuses the key (HTTP {status}). See that providers.{id}.key is the right one and that its account at {source} is active."
            ),
            status
        );

    public void Dispose() => _asking.Dispose();

    /// <summary>For a <see cref="Conversation"/>, which counts.</summary>
    public async Task<JsonAnswer> AskAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, $"{settings.BaseUrl.AbsoluteUri.TrimEnd('/')}{path}");
        request.Headers.TryAddWithoutValidation(header, $"{scheme} {_key}".TrimStart());
        if (body is not null)
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        return await _asking.AskAsync(request, ct) switch
        {
            HttpAnswer.Answered answer => Weighed(answer),
            HttpAnswer.NoAnswer none => new JsonAnswer.Refused(new PollOutcome.Failed(none.Why)),
            var other => throw new InvalidOperationException($"No such answer: {other}"),
        };
    }

    private JsonAnswer Weighed(HttpAnswer.Answered answer)
    {
        var json = Parsed(answer.Body);
        var wait = Wait(answer);
        JsonAnswer weighed = answer.Status switch
        {
            401 => KeyRefused(401),
            429 or (>= 300 and <= 399) or >= 500 => Refused(HttpAnswer.Trouble(answer.Status, wait)!),
            _ when json.ValueKind == JsonValueKind.Object => new JsonAnswer.Said(answer.Status, json),
            _ => Refused(answer.Trouble() ?? (IsPage(answer) ? Page : NoJson)),
        };
        return weighed with { Json = json, RetryAfter = wait };

        JsonAnswer.Refused Refused(PollOutcome outcome) => new(outcome, answer.Status);
    }

    private static bool IsPage(HttpAnswer.Answered answer) =>
        answer.MediaType?.Contains("html", StringComparison.Ordinal) == true
        || answer.Body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];

    /// <summary>A source that repeats the key it was given must not bring it into files and tables.</summary>
    private JsonElement Parsed(ReadOnlyMemory<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.Span).TrimStart('\ufeff');
        if (_key.Length > KeySaidByChance)
            text = text.Replace(_key, "(the key)", StringComparison.Ordinal);
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } json ? json : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private TimeSpan? Wait(HttpAnswer.Answered answer)
    {
        if (answer.RetryAfter is { } asked)
            return asked;
        foreach (var name in (ReadOnlySpan<string>)["X-RateLimit-Reset", "RateLimit-Reset"])
            if (
                answer.Headers is { } headers
                && headers.TryGetValues(name, out var values)
                && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var reset)
            )
            {
                var seconds = reset > Epoch ? reset - clock.GetUtcNow().ToUnixTimeSeconds() : reset;
                return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (long)MaxWait.TotalSeconds));
            }
        return null;
    }
}
