using TrackWatch.Domain;
using TrackWatch.Domain.Advising;
using TrackWatch.Domain.Notifying;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing.Stories;

// Where the parcel is, how we know, and since when nobody has looked.
internal sealed partial class OrderStory
{
    private const int TimelineLines = 8;

    private Block.Journey Journey(ShipmentSection one)
    {
        var current = one.View.Leg;
        var stalled = section.Verdict.Assessments.FirstOrDefault(a => a.Shipment.Number == one.View.Number);
        var delivered = one.View.Status == ParcelStatus.Delivered;
        var tone =
            delivered ? Tone.Good
            : stalled is { Level: Domain.Assessing.StallLevel.Critical } ? Tone.Urgent
            : stalled is { Level: > Domain.Assessing.StallLevel.Moving } ? Tone.Attention
            : Tone.Calm;
        var caption =
            delivered ? words.Say("statuses.Delivered")
            : current is { } leg
                ? words.Say(
                    "labels.legs-line",
                    new Values { { "n", (int)leg + 1 }, { "leg", new Phrase($"legs.{leg}") } }
                )
            : words.Say("labels.legs-unknown");
        var marks = Enum.GetValues<Leg>()
            .Select(at => new LegMark(
                at,
                words.Say($"legs-short.{at}"),
                delivered || at < current ? LegState.Passed
                    : at == current ? LegState.Current
                    : LegState.Ahead
            ))
            .ToList();
        var lines = one
            .History.Take(TimelineLines)
            .Select(
                (line, i) =>
                    new TimelineLine(
                        words.At(line.Wall, "wall"),
                        words.Say($"statuses.{line.Status}"),
                        new ForeignText(line.Place, ForeignText.NameLimit),
                        new ForeignText(line.Text),
                        i == 0
                    )
            )
            .ToList();
        var more = one.History.Count - lines.Count;
        return new Block.Journey(
            caption,
            tone,
            current is null && !delivered ? [] : marks,
            lines,
            more > 0 ? words.Say("labels.more-lines", prose.With("n", more))
                : lines.Count == 0 ? words.Say("labels.no-lines")
                : null
        );
    }

    private List<Row> StatusRows(ShipmentSection one)
    {
        var own = LetterValues.Of(section, person, rules, NoticeOf(one), zone, now);
        var rows = new List<Row>
        {
            new(words.Say("labels.status"), words.Say($"statuses.{one.View.Status}")),
            new(
                words.Say("labels.last-scan"),
                own.Find("last_scan_date") is DateOnly scan ? words.Day(scan) : words.Say("labels.no-scan"),
                Quote: new ForeignText(one.View.LastText)
            ),
        };
        if (own.Has("days_silent"))
            rows.Add(new(words.Say("labels.silent"), words.Say("labels.silent-days", own)));
        rows.Add(new(words.Say("labels.tracking"), new ForeignText(one.View.Number, ForeignText.NameLimit).ToString()));
        rows.Add(Checked(one));
        return rows;
    }

    /// <summary>The values are the shipment's own, so a notice that names it stands in.</summary>
    private NoticeDraft NoticeOf(ShipmentSection one) =>
        (Lead ?? new NoticeDraft("", NoticeKind.News, Channel.Digest, new Reason(ReasonCode.Silent))) with
        {
            Shipment = one.View.Number,
        };

    private Row Checked(ShipmentSection one)
    {
        var values = Source(one);
        return one.View.LastAnswerAt is null
                ? new Row(words.Say("labels.checked"), words.Say("labels.never-checked", values))
            : IsBlind(one)
                ? new Row(
                    words.Say("labels.checked"),
                    words.Say("labels.checked-at", values),
                    words.Say("labels.not-checked", values)
                )
            : new Row(words.Say("labels.checked"), words.Say("labels.checked-at", values));
    }

    private Values Source(ShipmentSection one) =>
        new()
        {
            { "provider", Names.OfProvider(one.Provider) },
            { "moment", one.View.LastAnswerAt is { } at ? MomentOf(at) : null },
        };

    /// <summary>Nobody has looked for more than a day, while somebody should have.</summary>
    private bool IsBlind(ShipmentSection one) =>
        !one.View.Status.IsFinal() && one.View.LastAnswerAt is { } at && now - at > TimeSpan.FromHours(26);

    private Moment MomentOf(DateTimeOffset at) => new(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}
