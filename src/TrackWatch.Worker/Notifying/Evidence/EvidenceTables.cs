using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>A dossier as tables and as JSON. Instants are UTC, names of columns and fields are English in every language.</summary>
internal static class EvidenceTables
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] History(Dossier dossier) =>
        Csv.Write(
            [
                "number",
                "carrier_time",
                "utc_offset",
                "at_utc",
                "time_quality",
                "time_as_sent",
                "code",
                "status",
                "leg",
                "place",
                "text",
                "source",
                "source_number",
                "fetched_at_utc",
                "answer_sha256",
                "progress",
                "anomaly",
            ],
            from parcel in dossier.Parcels
            from e in parcel.Events
            select (IReadOnlyList<string?>)
                [
                    parcel.Row.Number,
                    Wall(e.Event.Wall),
                    e.Event.Offset is { } offset ? Offset(offset) : null,
                    Utc(e.Event.At),
                    e.Event.Quality.ToString(),
                    Csv.Foreign(e.Event.TimeAsSent),
                    Csv.Foreign(e.Event.Code),
                    e.Event.Status.ToString(),
                    e.Event.Leg?.Id(),
                    Csv.Foreign(e.Event.Place),
                    Csv.Foreign(e.Event.Text),
                    e.Row.Provider,
                    e.Row.Number,
                    Utc(e.Row.RecordedAt),
                    Hex(e.Answer),
                    e.IsProgress ? "yes" : "no",
                    string.Join(' ', parcel.Anomalies.Where(a => a.EventId == e.Row.Id).Select(a => a.Kind)),
                ]
        );

    public static byte[] Polls(Dossier dossier) =>
        Csv.Write(
            ["number", "source", "source_number", "asked_at_utc", "outcome", "answered", "new_events", "detail"],
            from parcel in dossier.Parcels
            from poll in parcel.Polls.Polls
            select (IReadOnlyList<string?>)
                [
                    parcel.Row.Number,
                    poll.Provider,
                    poll.Number,
                    Utc(poll.At),
                    poll.Outcome.ToString(),
                    poll.Outcome.IsAnswer() ? "yes" : "no",
                    poll.NewEvents.ToString(CultureInfo.InvariantCulture),
                    Csv.Foreign(poll.Detail),
                ]
        );

    /// <summary>The order, what was told of it, and every parcel with its history, silences, anomalies and questions.</summary>
    public static byte[] Everything(Dossier dossier) =>
        [
            .. JsonSerializer.SerializeToUtf8Bytes(
                new
                {
                    order = dossier.Order.Row.Id,
                    asOf = Utc(dossier.AsOf),
                    timeZone = dossier.Zone.Id,
                    stated = JsonSerializer.SerializeToNode(dossier.Order.Row.Definition, DomainJson.Options),
                    facts = dossier.Told.Select(Shape),
                    shipments = dossier.Parcels.Select(Shape),
                },
                Json
            ),
            (byte)'\n',
        ];

    private static object Shape(ToldFact told) =>
        new
        {
            value = JsonSerializer.SerializeToNode(told.Fact, DomainJson.Options),
            origin = told.Origin.ToString().ToLowerInvariant(),
            toldAt = Utc(told.ToldAt),
        };

    private static object Shape(ParcelRecord parcel) =>
        new
        {
            number = parcel.Row.Number,
            source = parcel.Row.Provider,
            carrier = parcel.Row.Summary.LastMileCarrier ?? parcel.Row.Carrier,
            localNumber = parcel.Row.Summary.LastMileNumber,
            status = parcel.Row.Status.ToString(),
            leg = parcel.Row.Leg?.Id(),
            events = parcel.Events.Select(Shape),
            silences = parcel.Silences.Select(Shape),
            anomalies = parcel.Anomalies.Select(a => new
            {
                kind = a.Kind,
                detail = a.Detail,
                @event = parcel.Events.FirstOrDefault(e => e.Row.Id == a.EventId)?.Event.TimeAsSent,
                seenAt = Utc(a.SeenAt),
            }),
            asked = new
            {
                times = parcel.Polls.Asked,
                answered = parcel.Polls.Answered,
                first = parcel.Polls.Polls is [var first, ..] ? Utc(first.At) : null,
                last = parcel.Polls.Polls is [.., var last] ? Utc(last.At) : null,
                outages = parcel.Polls.Outages.Select(o => new
                {
                    from = Utc(o.From),
                    lastAsked = Utc(o.LastAsked),
                    until = o.Until is { } until ? Utc(until) : null,
                    asked = o.Asked,
                    outcome = o.Outcome.ToString(),
                    detail = o.Detail,
                }),
            },
            answers = parcel.Answers.Select(a => new
            {
                fetchedAt = Utc(a.FetchedAt),
                source = a.Provider,
                sha256 = Hex(a.Hash),
                file = $"answers/{EvidenceMaker.AnswerName(parcel, a)}",
            }),
        };

    private static object Shape(EventRecord e) =>
        new
        {
            at = Utc(e.Event.At),
            wall = Wall(e.Event.Wall),
            offset = e.Event.Offset is { } offset ? Offset(offset) : null,
            timeQuality = e.Event.Quality.ToString(),
            timeAsSent = e.Event.TimeAsSent,
            code = e.Event.Code,
            status = e.Event.Status.ToString(),
            leg = e.Event.Leg?.Id(),
            place = e.Event.Place,
            text = e.Event.Text,
            firstText = e.Wordings.Count > 0 ? e.Row.Text : null,
            laterTexts = e.Wordings.Select(w => new
            {
                text = w.Text,
                place = w.Place,
                seenAt = Utc(w.SeenAt),
            }),
            progress = e.IsProgress,
            source = e.Row.Provider,
            fetchedAt = Utc(e.Row.RecordedAt),
            answerSha256 = Hex(e.Answer),
            raw = JsonNode.Parse(e.Row.Raw),
        };

    private static object Shape(Silence s) =>
        new
        {
            from = Utc(s.After.At),
            until = Utc(s.Until),
            days = s.Days,
            leg = s.Leg?.Id(),
            goesOn = s.EndedBy is null,
        };

    private static string? Hex(byte[]? hash) => hash is null ? null : Convert.ToHexStringLower(hash);

    private static string Wall(DateTime wall) => wall.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Utc(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
