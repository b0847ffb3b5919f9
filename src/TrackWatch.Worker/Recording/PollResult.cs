using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Worker.Recording;

/// <summary>A shipment's source as it stood when it was claimed.</summary>
/// <param name="Number">The one to ask about: the shipment's own, or that of the last mile.</param>
/// <param name="WakeOnAnswer">An assessment waited for an answer then; one that begins to wait later waits for the next.</param>
internal sealed record ClaimedShipment(
    long Id,
    string Number,
    string OwnNumber,
    string? Carrier,
    string? Country,
    string? Postcode,
    DateTimeOffset RegisteredAt,
    DateOnly? NotBefore,
    DateOnly? AskUntil,
    ParcelStatus Status,
    Leg? Leg,
    DateTimeOffset? LastProgressAt,
    bool WakeOnAnswer,
    byte[]? AnswerHash,
    PollOutcomeKind? LastOutcome,
    int AnswersSinceFinal,
    int NotFoundInARow,
    string? Memo,
    bool IsUrgent,
    bool IsBehind,
    bool IsFirstChoice,
    SiblingSources Siblings
)
{
    /// <summary>What decisions look at.</summary>
    public AskedShipment Asked(string provider) =>
        new(OwnNumber, new SourceKey(provider, Number), RegisteredAt, NotBefore, Status, Leg, LastProgressAt)
        {
            LastSightAt = Siblings.LastSightAt,
            OthersKnow = Siblings.Know,
            IsBehind = IsBehind,
            AskUntil = AskUntil,
            LastOutcome = LastOutcome,
            AnswersSinceFinal = AnswersSinceFinal,
            NotFoundInARow = NotFoundInARow,
        };
}

/// <summary>What the other sources of a claimed shipment mean for it.</summary>
/// <param name="LastSightAt">Of all sources, its own included.</param>
/// <param name="Any">There are others: their histories are united.</param>
/// <param name="Know">One of them has told of the parcel.</param>
/// <param name="Better">Those that stand before it with the same number.</param>
internal sealed record SiblingSources(
    DateTimeOffset? LastSightAt,
    bool Any,
    bool Know,
    IReadOnlyList<SourceStanding> Better
);

/// <summary>A claim on some shipments of one provider: only its holder may write their polls back.</summary>
internal sealed record Claim(string Provider, Guid Token, IReadOnlyList<ClaimedShipment> Shipments)
{
    public PollStretch Stretch { get; init; } = PollStretch.None;
}

/// <summary>What a poll brought for one claimed shipment.</summary>
internal abstract record PollResult(ClaimedShipment Shipment)
{
    /// <summary>What the provider wants remembered from now on; null = what it wanted before.</summary>
    public string? Memo { get; init; }

    /// <summary>The entry equals the one recorded last: nothing was parsed.</summary>
    internal sealed record Unchanged(ClaimedShipment Shipment) : PollResult(Shipment);

    /// <param name="Hash">Of <paramref name="Entry"/>.</param>
    /// <param name="Entry">The source's own words about this number.</param>
    internal sealed record Answered(ClaimedShipment Shipment, PollOutcome Outcome, byte[] Hash, string Entry)
        : PollResult(Shipment);

    /// <summary>It was not asked: a source before it does well, or the provider put the number off.</summary>
    /// <param name="Until">When it is its turn; null = not again.</param>
    /// <param name="StandsBy">It is left to a source before it.</param>
    internal sealed record PutOff(ClaimedShipment Shipment, DateTimeOffset? Until, bool StandsBy)
        : PollResult(Shipment);

    /// <summary>No answer: nothing of the shipment changes.</summary>
    /// <param name="RetryAt">When this number is asked about again; null = it stays due, its provider is being left alone.</param>
    internal sealed record NoAnswer(ClaimedShipment Shipment, PollOutcome Outcome, DateTimeOffset? RetryAt)
        : PollResult(Shipment);
}

/// <summary>What one recorded batch came to.</summary>
/// <param name="Lost">Shipments whose claim had passed to another worker: nothing of them was written.</param>
internal sealed record Recorded(int Events, int Changed, int Lost)
{
    public static readonly Recorded Nothing = new(0, 0, 0);

    public static Recorded operator +(Recorded one, Recorded other) =>
        new(one.Events + other.Events, one.Changed + other.Changed, one.Lost + other.Lost);
}
