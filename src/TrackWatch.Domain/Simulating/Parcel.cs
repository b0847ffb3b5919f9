using TrackWatch.Domain.Assessing;
using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Domain.Simulating;

/// <summary>A shipment as the tables would hold it.</summary>
internal sealed class Parcel(long id, string number, DateTimeOffset registeredAt)
{
    private readonly NumberVerdict check = NumberCheck.Look(number);
    private readonly List<StoredEvent> stored = [];
    private ShipmentState state = new() { Status = ParcelStatus.Unknown };

    public long Id => id;
    public string Number => number;
    public HashSet<Watched> Orders { get; } = [];
    public string? Wanted { get; set; }
    public string? Carrier { get; set; }
    public DateOnly? NotBefore { get; set; }
    public DateOnly? AskUntil { get; set; }

    /// <summary>Its sources, the preferred first within each number.</summary>
    public List<Feed> Feeds { get; } = [];

    /// <summary>An assessment could not see past the last answer.</summary>
    public bool WakesOnAnswer { get; set; }

    public ParcelSummary Summary { get; private set; } = ParcelSummary.Empty;
    public IReadOnlyList<ReportedEvent> Events { get; private set; } = [];
    public DateTimeOffset? LastEventAt => state.LastEventAt;
    public bool IsOver => state.Status.IsFinal();
    public DateTimeOffset? LastSightAt => Feeds.Max(f => f.LastSightAt);
    public bool AwaitsFirstPoll => Feeds.Any(f => f is { Rank: 0, WasAsked: false, NextPollAt: not null });

    /// <summary>The source whose words stand.</summary>
    public string Provider =>
        Feeds
            .OrderByDescending(f => f.LastSightAt)
            .ThenBy(f => f.Source.Number != number)
            .ThenBy(f => f.Rank)
            .FirstOrDefault()
            ?.Source.Provider
        ?? "";

    /// <summary>Something that will be heard of is not heard of yet.</summary>
    public bool HasMoreToHear =>
        Feeds.Any(f =>
            f.NextPollAt is not null
            && (
                WakesOnAnswer
                || (
                    f.HasMoreToSay
                    && (
                        f.WasAsked
                        || !Feeds.Exists(b =>
                            b.Source.Number == f.Source.Number && b.Rank < f.Rank && b.NextPollAt is not null
                        )
                    )
                )
            )
        );

    /// <summary>The sources that name a number of the last mile.</summary>
    public IReadOnlyList<string> TellersOf(string handover) =>
        [.. Feeds.Where(f => f.Summary.LastMileNumber == handover).Select(f => f.Source.Provider)];

    public AskedShipment AskedOf(Feed feed) =>
        new(number, feed.Source, registeredAt, NotBefore, state.Status, state.Leg, state.LastProgressAt)
        {
            LastSightAt = LastSightAt,
            AskUntil = AskUntil,
            OthersKnow = Feeds.Exists(f => f != feed && f.Knows),
        };

    public AnswerEffect Hear(Feed feed, AskedShipment asked, PollOutcome outcome, PollPace pace, DateTimeOffset now)
    {
        var others = Feeds
            .Where(f => f != feed)
            .OrderBy(f => f.Source.Number, StringComparer.Ordinal)
            .ThenBy(f => f.Rank);
        var effect = Answers.Changed(
            asked,
            outcome,
            stored,
            new KnownSummaries(feed.Summary, [.. others.Select(f => f.Summary)]),
            pace,
            now
        );
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
        };
        Summary = effect.Summary;
        return effect;
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
            LastAnswerAt = LastSightAt,
            Carrier = Summary.LastMileCarrier ?? Carrier,
            LastMileNumber = Summary.LastMileNumber,
            NumberLooksWrong = check.LooksWrong,
            Corrections = check.Corrections,
            MayBeOrderNumber = check.MayBeOrderNumber,
        };
}
