using System.Text.Json;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>Answers of services that speak JSON and nothing else, whatever they call it.</summary>
internal static class JsonBody
{
    private static readonly PollOutcome.Blocked Page = new(
        "The source shows a web page where its answer should be. TrackWatch leaves it alone for a while and tries again by itself."
    );

    /// <summary>The body as a JSON object; null where it is none, and <see cref="Trouble"/> says what it is instead.</summary>
    public static JsonDocument? Object(HttpAnswer.Answered answer)
    {
        try
        {
            var json = JsonDocument.Parse(answer.Body);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            json.Dispose();
        }
        catch (JsonException)
        {
            // Cut off, or something else: for the caller the same.
        }
        return null;
    }

    /// <summary>What is wrong with an answer that holds no JSON object.</summary>
    public static PollOutcome Trouble(HttpAnswer.Answered answer) =>
        answer.Trouble() ?? (IsPage(answer) ? Page : new PollOutcome.Failed("The answer is no complete JSON."));

    private static bool IsPage(HttpAnswer.Answered answer) =>
        answer.MediaType?.Contains("html", StringComparison.Ordinal) == true
        || answer.Body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
}
