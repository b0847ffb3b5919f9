using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Recording;

namespace TrackWatch.Worker.Recording;

/// <summary>A shipment as it stood when it was claimed.</summary>
/// <param name="WakeOnAnswer">An assessment waited for an answer then; one that begins to wait later waits for the next.</param>
internal sealed record ClaimedShipment(
    long Id,
    string Number,
    string? Carrier,
    string? Country,
    string? Postcode,
    DateTimeOffset RegisteredAt,
    ParcelStatus Status,
    Leg? Leg,
    DateTimeOffset? LastProgressAt,
    byte[]? AnswerHash,
    PollOutcomeKind? LastOutcome,
    DateTimeOffset? LastAnswerAt,
    int AnswersSinceFinal,
    int NotFoundInARow,
    bool WakeOnAnswer
)
{
    /// <summary>What decisions look at.</summary>
    public AskedShipment Asked =>
        new(
            Number,
            RegisteredAt,
            Status,
            Leg,
            LastProgressAt,
            LastAnswerAt,
            LastOutcome,
            AnswersSinceFinal,
            NotFoundInARow
        );
}

/// <summary>A claim on some shipments of one provider: only its holder may write their polls back.</summary>
internal sealed record Claim(string Provider, Guid Token, IReadOnlyList<ClaimedShipment> Shipments);

/// <summary>What a poll brought for one claimed shipment.</summary>
internal abstract record PollResult(ClaimedShipment Shipment)
{
    /// <summary>The entry equals the one recorded last: nothing was parsed.</summary>
    internal sealed record Unchanged(ClaimedShipment Shipment) : PollResult(Shipment);

    /// <param name="Hash">Of <paramref name="Entry"/>.</param>
    /// <param name="Entry">The source's own words about this number.</param>
    internal sealed record Answered(ClaimedShipment Shipment, PollOutcome Outcome, byte[] Hash, string Entry)
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
