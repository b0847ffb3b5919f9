using System.Text.Json;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>What a source with an API came back with for one request.</summary>
internal abstract record JsonAnswer
{
    private JsonAnswer(int? status, JsonElement json) => (Status, Json) = (status, json);

    /// <summary>Of HTTP; null where no answer came.</summary>
    public int? Status { get; init; }

    /// <summary>The object that was sent, whatever the status; undefined where it was none.</summary>
    public JsonElement Json { get; init; }

    /// <summary>How long the source wants to be left alone; null = it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A JSON object that is about what was asked: with a 2xx, or with a 4xx that the source gives a meaning of its own.</summary>
    internal sealed record Said(int? Status, JsonElement Json) : JsonAnswer(Status, Json)
    {
        public bool IsSuccess => Status is >= 200 and <= 299;

        /// <summary>For a status that the source is not known to use: our question is wrong, or the address is.</summary>
        public Refused Unexpected() => new(HttpAnswer.Trouble(Status!.Value, RetryAfter)!, Status);
    }

    /// <summary>Trouble of the source, or between it and us, whatever number was asked about.</summary>
    internal sealed record Refused(PollOutcome Outcome, int? Status = null, JsonElement Json = default)
        : JsonAnswer(Status, Json)
    {
        public ProviderReply.Trouble AsReply(int requests = 1) => new(Outcome, Status) { Requests = requests };
    }
}
