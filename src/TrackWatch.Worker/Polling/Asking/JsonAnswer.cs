using System.Text.Json;
using TrackWatch.Domain.Polling;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>What a source with an API came back with for one request.</summary>
internal abstract record JsonAnswer
{
    private JsonAnswer() { }

    /// <summary>A JSON object that is about what was asked: with a 2xx, or with a 4xx that the source gives a meaning of its own.</summary>
    internal sealed record Said(int Status, JsonElement Json) : JsonAnswer
    {
        public bool IsSuccess => Status is >= 200 and <= 299;

        /// <summary>For a status that the source is not known to use: our question is wrong, or the address is.</summary>
        public Refused Unexpected() =>
            new(new PollOutcome.Failed($"The source does not understand the question (HTTP {Status})."), Status);
    }

    /// <summary>Trouble of the source, or between it and us, whatever number was asked about.</summary>
    internal sealed record Refused(PollOutcome Outcome, int? Status = null) : JsonAnswer
    {
        public ProviderReply.Trouble AsReply(int requests = 1) => new(Outcome, Status) { Requests = requests };
    }
}
