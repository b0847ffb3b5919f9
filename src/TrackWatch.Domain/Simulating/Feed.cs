using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Simulating;

/// <summary>What one source says of a parcel over time, and how often it is asked.</summary>
/// <param name="rank">0 = asked first among those for the same number.</param>
internal sealed class Feed(
    Parcel parcel,
    SourceKey source,
    int rank,
    DateTimeOffset plannedAt,
    IReadOnlyList<Saying> sayings
)
{
    private int? heard;
    private DateTimeOffset? lastAnswerAt;
    private PollOutcomeKind? lastOutcome;
    private TimeSpan? interval;
    private bool stopped;
    private int answersSinceFinal;
    private int notFoundInARow;

    public Parcel Parcel => parcel;
    public SourceKey Source => source;
    public int Rank => rank;
    public DateTimeOffset? NextPollAt { get; set; } = plannedAt;
    public DateTimeOffset? LastSightAt { get; private set; }
    public ParcelSummary Summary { get; private set; } = ParcelSummary.Empty;
    public DateTimeOffset? NewestEventAt { get; private set; }
    public bool IsBehind => SourceStanding.FallsBehind(NewestEventAt, parcel.LastEventAt);
    public bool WasAsked { get; set; }
    public bool Knows => lastOutcome == PollOutcomeKind.Ok;

    /// <summary>It has said nothing yet of what it will.</summary>
    public bool HasMoreToSay => (heard ?? -1) < sayings.Count - 1;

    public SourceStanding Standing => new(plannedAt, lastOutcome, lastAnswerAt, interval, stopped, Knows && IsBehind);

    /// <summary>Puts the question off while the sources before it do well.</summary>
    /// <returns>True where it is not asked now.</returns>
    public bool StandsBy(TimeSpan moving, DateTimeOffset now)
    {
        var better = parcel.Feeds.Where(f => f.Source.Number == source.Number && f.Rank < rank).Select(f => f.Standing);
        if (SourcePlan.StandsByUntil(better, moving, now) is not { } until)
            return false;
        NextPollAt = until == DateTimeOffset.MaxValue ? null : until;
        return true;
    }

    /// <returns>True where the parcel's orders are to be assessed.</returns>
    public bool Answer(PollPace pace, DateTimeOffset now)
    {
        WasAsked = true;
        var said = Newest(now);
        var asked = parcel.AskedOf(this) with
        {
            IsBehind = IsBehind,
            LastOutcome = lastOutcome,
            AnswersSinceFinal = answersSinceFinal,
            NotFoundInARow = notFoundInARow,
        };
        NextPoll next;
        var isNews = false;
        if (said == heard)
            next = Answers.Unchanged(asked, pace, now);
        else
        {
            var outcome = said < 0 ? PollOutcome.NotFound.Instance : sayings[said].Outcome;
            var effect = parcel.Hear(this, asked, outcome, pace, now);
            Summary = effect.Own;
            NewestEventAt = effect.NewestOwn;
            stopped = effect.HasStopped;
            lastOutcome = outcome.Kind;
            heard = said;
            isNews = effect.IsNews;
            next = effect.Next;
        }
        if (lastOutcome != PollOutcomeKind.Rejected)
            lastAnswerAt = now;
        if (next.IsSight)
            LastSightAt = now;
        (answersSinceFinal, notFoundInARow, interval) = (next.AnswersSinceFinal, next.NotFoundInARow, next.After);
        NextPollAt = PollSchedule.DueAt(next.After, parcel.Id, now);
        var wakes = isNews || (next.IsSight && parcel.WakesOnAnswer);
        if (next.IsSight)
            parcel.WakesOnAnswer = false;
        return wakes;
    }

    private int Newest(DateTimeOffset now)
    {
        var at = heard ?? -1;
        while (at + 1 < sayings.Count && sayings[at + 1].From <= now)
            at++;
        return at;
    }
}
