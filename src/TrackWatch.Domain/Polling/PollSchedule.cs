using TrackWatch.Domain.Assessing;

namespace TrackWatch.Domain.Polling;

/// <summary>What the schedule looks at after a poll.</summary>
/// <param name="AnswersSinceFinal">Answers that have confirmed the end of the journey.</param>
/// <param name="NotFoundInARow">Answers in a row that knew nothing of the number.</param>
public sealed record PollState(
    ParcelStatus Status,
    Leg? Leg,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? LastProgressAt,
    int AnswersSinceFinal,
    int NotFoundInARow
)
{
    /// <summary>The last day, UTC, on which anything could be done about a silent parcel; null = none is known.</summary>
    public DateOnly? AskUntil { get; init; }
}

/// <summary>When a shipment is asked about again.</summary>
public static class PollSchedule
{
    private const int ConfirmationsOfTheEnd = 2;

    private static readonly TimeSpan LongSilence = TimeSpan.FromDays(30);

    /// <returns>The next due time without jitter; null = never again.</returns>
    /// <param name="moving">The interval of a moving parcel; the others keep their relation to it.</param>
    /// <param name="floor">No answer is asked for more often.</param>
    public static TimeSpan? Next(
        PollOutcomeKind outcome,
        PollState state,
        TimeSpan moving,
        TimeSpan floor,
        StallRules stalls,
        DateTimeOffset now
    )
    {
        if (outcome == PollOutcomeKind.Rejected)
            return null;
        if (state.Status.IsFinal() && state.AnswersSinceFinal > ConfirmationsOfTheEnd)
            return null;
        var silent = now - (state.LastProgressAt ?? state.RegisteredAt);
        if (silent > LongSilence && Days.In(TimeZoneInfo.Utc, now) > state.AskUntil?.AddDays(1))
            return null;
        var interval =
            outcome == PollOutcomeKind.NotFound ? AfterNotFound(state, moving) : ByStatus(state, moving, stalls, now);
        return interval < floor ? floor : interval;
    }

    /// <summary>
    /// The moment an interval from now, up to a tenth later in whole seconds: each shipment by a share of its own, so that
    /// what was registered together is not asked about together for ever.
    /// </summary>
    public static DateTimeOffset? DueAt(TimeSpan? interval, long shipment, DateTimeOffset now) =>
        interval is { } wait
            ? now + wait + TimeSpan.FromSeconds(Math.Floor(wait.TotalSeconds * (shipment * 0.6180339887 % 1 / 10)))
            : null;

    private static TimeSpan AfterNotFound(PollState state, TimeSpan moving) =>
        state.LastProgressAt is null ? moving * Math.Min(4, Math.Max(1, state.NotFoundInARow)) : moving * 2;

    private static TimeSpan ByStatus(PollState state, TimeSpan moving, StallRules stalls, DateTimeOffset now)
    {
        var silent = now - (state.LastProgressAt ?? state.RegisteredAt);
        if (silent > LongSilence)
            return moving * 4;
        // A stall in itself needs no hurry; the service is the order's, so the leg's common limit stands for it.
        var usual = stalls.For(state.Leg ?? Leg.Origin, held: false, Days.In(TimeZoneInfo.Utc, now)).Standard;
        if (silent >= TimeSpan.FromDays(usual.Stalled))
            return moving * 2;
        return state.Status switch
        {
            ParcelStatus.InfoReceived or ParcelStatus.Unknown => moving * 2,
            ParcelStatus.OutForDelivery => moving / 6,
            ParcelStatus.Delivered or ParcelStatus.Returned => moving * 2,
            _ => moving,
        };
    }
}
