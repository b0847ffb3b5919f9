using System.Text;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Polling.Asking;

/// <summary>What one entry of a reply says. Pure: the same entry, fetched at the same time, reads the same.</summary>
/// <param name="UnknownWords">Codes that no table knows, in normal form.</param>
/// <param name="UnreadableEvents">Events left out because they carry no time.</param>
internal sealed record SourceReading(
    PollOutcome Outcome,
    IReadOnlyCollection<string> UnknownWords,
    int UnreadableEvents
)
{
    public SourceReading(PollOutcome outcome)
        : this(outcome, [], 0) { }

    /// <summary>Hands the entry's object to <paramref name="read"/>, free of what no table takes; anything else failed.</summary>
    public static SourceReading Of(ReadOnlyMemory<byte> entry, Func<JsonElement, SourceReading> read)
    {
        try
        {
            using var json = JsonDocument.Parse(Sql.CleanJson(Encoding.UTF8.GetString(entry.Span)));
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? read(json.RootElement)
                : Failed("The entry is no object.");
        }
        catch (JsonException)
        {
            return Failed("The entry cannot be read.");
        }
    }

    /// <param name="events">Newest first; null for one whose time cannot be read. The same line twice, to the letter, is one event.</param>
    public static SourceReading Of(
        IReadOnlyCollection<ReportedEvent?> events,
        ParcelSummary summary,
        IEnumerable<string> unknownWords
    )
    {
        var readable = events.OfType<ReportedEvent>().ToList();
        var unreadable = events.Count - readable.Count;
        return readable.Count == 0 && unreadable > 0
            ? new(
                new PollOutcome.Failed("None of the events carries a time that can be read."),
                [.. unknownWords.Distinct()],
                unreadable
            )
            : new(
                new PollOutcome.Ok(
                    new ParcelReading([.. readable.DistinctBy(e => (e.Code, e.TimeAsSent, e.Place, e.Text))], summary)
                ),
                [.. unknownWords.Distinct()],
                unreadable
            );
    }

    public static SourceReading Failed(string why) => new(new PollOutcome.Failed(why));
}
