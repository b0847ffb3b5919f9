using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;
using TrackWatch.Domain.Registering;
using TrackWatch.Worker.Notifying.Composing;
using TrackWatch.Worker.Storage;
using TrackWatch.Worker.Storage.Tables;

namespace TrackWatch.Worker.Notifying.Evidence;

/// <summary>Everything on record about one order, before it is put into words and files.</summary>
/// <param name="Person">Who shows it: the letters are this person's.</param>
/// <param name="Section">The order as letters see it.</param>
/// <param name="Told">Facts with their origin, oldest first; what was taken back is not among them.</param>
/// <param name="AsOf">UTC: the newest instant in the data, or the one that was asked for.</param>
internal sealed record Dossier(
    StoredOrder Order,
    Person Person,
    TimeZoneInfo Zone,
    OrderSection Section,
    IReadOnlyList<ToldFact> Told,
    IReadOnlyList<ParcelRecord> Parcels,
    DateTimeOffset AsOf
);

/// <param name="Events">Oldest first, in the order of the journey.</param>
/// <param name="Silences">All times between two progresses, oldest first; the last one may still go on.</param>
/// <param name="Anomalies">What cannot be right in the history, oldest first.</param>
/// <param name="Answers">The source's own words, kept whenever they changed, oldest first.</param>
internal sealed record ParcelRecord(
    ShipmentRow Row,
    IReadOnlyList<EventRecord> Events,
    IReadOnlyList<Silence> Silences,
    IReadOnlyList<AnomalyRow> Anomalies,
    PollLog Polls,
    IReadOnlyList<PayloadRow> Answers
)
{
    /// <summary>A silence of fewer days is nothing to show to anybody.</summary>
    public const int ShownSilence = 5;

    public IEnumerable<Silence> LongSilences => Silences.Where(s => s.Days >= ShownSilence);
}

/// <param name="Event">In its newest wording.</param>
/// <param name="Wordings">Later wordings than the stored first one, oldest first.</param>
/// <param name="Answer">SHA-256 of the answer that brought the event, as received; null = that answer is not kept.</param>
/// <param name="IsProgress">It has a place, code or leg that was not there before.</param>
internal sealed record EventRecord(
    TrackingEventRow Row,
    ReportedEvent Event,
    IReadOnlyList<EventTextRow> Wordings,
    byte[]? Answer,
    bool IsProgress
);

/// <summary>Every question about one parcel, oldest first, and what they come to.</summary>
internal sealed record PollLog(IReadOnlyList<PollRow> Polls)
{
    public int Asked => Polls.Count;

    public int Answered => Polls.Count(p => p.Outcome.IsAnswer());

    /// <summary>Times in which the source was asked and gave no answer, oldest first.</summary>
    public IReadOnlyList<Outage> Outages { get; } = [.. FindOutages(Polls)];

    private static IEnumerable<Outage> FindOutages(IReadOnlyList<PollRow> polls)
    {
        PollRow? first = null;
        PollRow? last = null;
        var asked = 0;
        foreach (var poll in polls)
        {
            if (!poll.Outcome.IsAnswer())
            {
                first ??= poll;
                last = poll;
                asked++;
            }
            else if (first is not null)
            {
                yield return new Outage(first.At, last!.At, poll.At, asked, first.Outcome, first.Detail);
                (first, asked) = (null, 0);
            }
        }
        if (first is not null)
            yield return new Outage(first.At, last!.At, null, asked, first.Outcome, first.Detail);
    }
}

/// <param name="From">The first question without an answer, UTC.</param>
/// <param name="LastAsked">The last one, UTC: a source that is not well is asked rarely.</param>
/// <param name="Until">The next answer, UTC; null = none has come so far.</param>
/// <param name="Asked">Questions without an answer.</param>
/// <param name="Detail">What was wrong at first, in plain words.</param>
internal sealed record Outage(
    DateTimeOffset From,
    DateTimeOffset LastAsked,
    DateTimeOffset? Until,
    int Asked,
    PollOutcomeKind Outcome,
    string? Detail
);
