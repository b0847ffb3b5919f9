using System.Text;
using System.Text.Json;
using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Asking;
using TrackWatch.Worker.Storage;

namespace TrackWatch.Worker.Polling.Providers.Custom;

/// <summary>What one answer says, by the paths of its source. Pure: the same entry, fetched at the same time, reads the same.</summary>
/// <param name="UnknownCodes">Codes that the status map does not have, in normal form.</param>
/// <param name="UnreadableEvents">Events left out because they carry no time.</param>
internal sealed record CustomReading(PollOutcome Outcome, IReadOnlyList<string> UnknownCodes, int UnreadableEvents)
{
    private const int MaxCode = 100;

    /// <summary>The entry of an answer that says "not known" by its HTTP status.</summary>
    public static ReadOnlyMemory<byte> NotKnown { get; } =
        "{\"trackwatch\":\"not known, by the HTTP status\"}"u8.ToArray();

    /// <summary>Trimmed, upper case; what cannot be a code is cut.</summary>
    public static string Normal(string? code)
    {
        var normal = string.Join(' ', (code ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return (normal.Length > MaxCode ? normal[..MaxCode] : normal).ToUpperInvariant();
    }

    public static CustomReading Of(
        ReadOnlyMemory<byte> entry,
        CustomSource source,
        PollQuestion question,
        DateTimeOffset askedAt
    )
    {
        var settings = source.Settings;
        if (CustomRequest.Missing(settings, question) is { } missing)
            return new(new PollOutcome.Rejected(missing), [], 0);
        if (entry.Span.SequenceEqual(NotKnown.Span))
            return new(PollOutcome.NotFound.Instance, [], 0);
        try
        {
            // What PostgreSQL would refuse goes first, so that each event can be kept as it stands.
            using var json = JsonDocument.Parse(Sql.CleanJson(Encoding.UTF8.GetString(entry.Span)));
            return Of(json.RootElement, source, question, askedAt);
        }
        catch (JsonException)
        {
            return Failed("The answer cannot be read.");
        }
    }

    private static CustomReading Of(
        JsonElement json,
        CustomSource source,
        PollQuestion question,
        DateTimeOffset askedAt
    )
    {
        var settings = source.Settings;
        if (settings.NotFound.Any(rule => SaysNotFound(json, rule)))
            return new(PollOutcome.NotFound.Instance, [], 0);
        if (settings.Number is { } number && !json.At(number).Any(said => IsAbout(said.Text(), question)))
            return Failed($"The answer does not speak of the number that was asked, by `number` ({number}).");

        var lists = json.At(settings.List).ToList();
        if (lists.Count == 0 && !json.EndsInNothing(settings.List))
            return Failed($"The answer has nothing at `list` ({settings.List}).");
        if (lists.Exists(l => l.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)))
            return Failed($"What the answer has at `list` ({settings.List}) is no list of events.");
        var items = lists.SelectMany(Items).ToList();
        if (items.Count == 0)
            return new(PollOutcome.NotFound.Instance, [], 0);

        if (settings.Order == EventOrder.OldestFirst)
            items.Reverse();
        var events = items
            .Select(item => Event(item, source, askedAt))
            .OfType<ReportedEvent>()
            .DistinctBy(e => (e.Code, e.TimeAsSent, e.Place, e.Text))
            .ToList();
        if (events.Count == 0)
            return Failed(WhyNoTime(items[0], settings));
        var unknown = events.Select(e => e.Code).Where(c => c.Length > 0 && !source.Meanings.ContainsKey(c)).Distinct();
        var unreadable = items.Count(item => TimeOf(item, settings, askedAt) is null);
        return new(new PollOutcome.Ok(new ParcelReading(events, ParcelSummary.Empty)), [.. unknown], unreadable);
    }

    private static IEnumerable<JsonElement> Items(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [list];

    private static ReportedEvent? Event(JsonElement item, CustomSource source, DateTimeOffset askedAt)
    {
        var settings = source.Settings;
        if (TimeOf(item, settings, askedAt) is not { } time)
            return null;
        var code = Normal(item.TextAt(settings.Code));
        var meaning = source.Meanings.GetValueOrDefault(code);
        return new ReportedEvent
        {
            Code = code,
            TimeAsSent = time.AsSent,
            Wall = time.Wall,
            Offset = time.Offset,
            At = time.At,
            Quality = time.Quality,
            Status = meaning?.Status ?? ParcelStatus.Unknown,
            ActionNeeded = meaning?.ActionNeeded ?? false,
            Place = item.TextAt(settings.Place, ", "),
            Text = PersonalFields.Unsigned(item.TextAt(settings.Text)) ?? "",
            Raw = PersonalFields.WithoutLikely(item),
        };
    }

    private static CustomTime? TimeOf(JsonElement item, CustomSettings settings, DateTimeOffset askedAt) =>
        item.TextAt(settings.Time) is { } sent ? CustomTime.Of(sent, settings, askedAt) : null;

    private static string WhyNoTime(JsonElement item, CustomSettings settings)
    {
        var paths = string.Join(", ", settings.Time);
        return item.TextAt(settings.Time) is { } sent
            ? $"The time at `time` ({paths}) cannot be read: '{(sent.Length > 40 ? sent[..40] : sent)}' is not written as "
                + $"{(settings.TimeFormat is { } format ? $"`time_format` says ({format})" : "ISO 8601 has it; set `time_format`")}."
            : $"The events have nothing at `time` ({paths}).";
    }

    private static bool SaysNotFound(JsonElement json, CustomNotFound rule)
    {
        if (rule.Path is not { } path)
            return false;
        var said = json.At(path).Select(Said).OfType<string>();
        return rule.Value.Count == 0
            ? !json.At(path).Any(IsSomething)
            : said.Any(word => rule.Value.Contains(word, StringComparer.OrdinalIgnoreCase));
    }

    private static string? Said(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText() : value.Text();

    private static bool IsSomething(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength() > 0,
            JsonValueKind.Object => value.EnumerateObject().Any(),
            JsonValueKind.String => value.Text() is not null,
            _ => true,
        };

    private static bool IsAbout(string? said, PollQuestion question) =>
        TrackingNumber.TryParse(said, out var number) && number.Value == question.Number;

    private static CustomReading Failed(string why) => new(new PollOutcome.Failed(why), [], 0);
}
