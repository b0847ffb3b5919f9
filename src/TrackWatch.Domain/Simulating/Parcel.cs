using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Simulating;

/// <summary>A shipment as the tables would hold it.</summary>
internal sealed class Parcel(long id, string number, DateTimeOffset registeredAt, IReadOnlyList<Saying> sayings)
{
    private readonly NumberVerdict check = NumberCheck.Look(number);
    private readonly List<StoredEvent> stored = [];
    private ShipmentState state = new() { Status = ParcelStatus.Unknown };
    private DateTimeOffset? lastAnswerAt;
    private PollOutcomeKind? lastOutcome;
    private int answersSinceFinal;
    private int notFoundInARow;
    private int? heard;

    public string Number => number;
    public HashSet<Watched> Orders { get; } = [];
    public required string Provider { get; set; }
    public string? Carrier { get; set; }
    public DateTimeOffset? NextPollAt { get; set; } = registeredAt;
    public bool WasAsked { get; set; }

    /// <summary>An assessment could not see past the last answer.</summary>
    public bool WakesOnAnswer { get; set; }

    public ParcelSummary Summary { get; private set; } = ParcelSummary.Empty;
    public IReadOnlyList<ReportedEvent> Events { get; private set; } = [];
    public bool IsOver => state.Status.IsFinal();

    /// <summary>Something that will be heard of is not heard of yet.</summary>
    public bool HasMoreToHear => NextPollAt is not null && (WakesOnAnswer || (heard ?? -1) < sayings.Count - 1);

    /// <returns>True where its orders are to be assessed.</returns>
    public bool Answer(PollPace pace, DateTimeOffset now)
    {
        WasAsked = true;
        var said = Newest(now);
        var asked = new AskedShipment(
            number,
            registeredAt,
            state.Status,
            state.Leg,
            state.LastProgressAt,
            lastAnswerAt,
            lastOutcome,
            answersSinceFinal,
            notFoundInARow
        );
        var wakes = WakesOnAnswer;
        NextPoll next;
        if (said == heard)
            next = Answers.Unchanged(asked, pace, now);
        else
        {
            var outcome = said < 0 ? PollOutcome.NotFound.Instance : sayings[said].Outcome;
            var effect = Answers.Changed(Provider, asked, outcome, stored, pace, now);
            Keep(effect, outcome);
            heard = said;
            wakes |= effect.IsNews;
            next = effect.Next;
        }
        if (lastOutcome != PollOutcomeKind.Rejected)
            lastAnswerAt = now;
        (answersSinceFinal, notFoundInARow) = (next.AnswersSinceFinal, next.NotFoundInARow);
        NextPollAt = PollSchedule.DueAt(next.After, id, now);
        WakesOnAnswer = false;
        return wakes;
    }

    public ShipmentView View() =>
        new()
        {
            Id = id,
            Number = number,
            RegisteredAt = registeredAt,
            Status = state.Status,
            Leg = state.Leg,
            ActionNeeded = state.ActionNeeded,
            CustomsTrouble = state.CustomsTrouble,
            EndsByDesign = state.EndsByDesign,
            SeenInDestination = state.SeenInDestination,
            Origin = Summary.OriginCountry,
            Destination = Summary.DestinationCountry,
            FirstEventAt = state.FirstEventAt,
            FirstScanAt = state.FirstScanAt,
            LastEventAt = state.LastEventAt,
            LastProgressAt = state.LastProgressAt,
            LastText = state.LastText,
            LastPlace = state.LastPlace,
            LastAnswerAt = lastAnswerAt,
            Carrier = Summary.LastMileCarrier ?? Carrier,
            LastMileNumber = Summary.LastMileNumber,
            NumberLooksWrong = check.LooksWrong,
            Corrections = check.Corrections,
            MayBeOrderNumber = check.MayBeOrderNumber,
        };

    private int Newest(DateTimeOffset now)
    {
        var at = heard ?? -1;
        while (at + 1 < sayings.Count && sayings[at + 1].From <= now)
            at++;
        return at;
    }

    private void Keep(AnswerEffect effect, PollOutcome outcome)
    {
        foreach (var rewording in effect.Merge.Reworded)
        {
            var at = stored.FindIndex(s => s.Known.Id == rewording.EventId);
            stored[at] = new StoredEvent(
                stored[at].Known with
                {
                    Text = rewording.Text,
                    Place = rewording.Place,
                },
                stored[at].Event with
                {
                    Text = rewording.Text,
                    Place = rewording.Place,
                }
            );
        }
        // Oldest first, as ids grow along the journey.
        foreach (var (e, ordinal, _) in effect.Merge.New.Reverse())
            stored.Add(
                new StoredEvent(new KnownEvent(stored.Count + 1, e.Code, e.TimeAsSent, e.Place, ordinal, e.Text), e)
            );
        Events = effect.Events;
        // What an answer does not say stands as it was.
        state = effect.State with
        {
            Leg = effect.State.Leg ?? state.Leg,
            EndsByDesign = outcome is PollOutcome.Ok ? effect.State.EndsByDesign : state.EndsByDesign,
        };
        if (outcome is PollOutcome.Ok)
            Summary = effect.Summary;
        lastOutcome = outcome.Kind;
    }
}
