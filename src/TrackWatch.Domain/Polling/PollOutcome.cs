namespace TrackWatch.Domain.Polling;

/// <summary>
/// What one question about one shipment ended as. Only <see cref="Ok"/> and <see cref="NotFound"/> may touch the shipment;
/// the others touch the provider's health, so that a blocked source never looks like a stalled parcel.
/// </summary>
public abstract record PollOutcome
{
    private PollOutcome() { }

    public abstract PollOutcomeKind Kind { get; }

    /// <summary>What was wrong, in plain words; null where the provider answered what it was asked.</summary>
    public string? Trouble =>
        this switch
        {
            Rejected rejected => rejected.Why,
            Throttled throttled => throttled.Why,
            Blocked blocked => blocked.Why,
            Failed failed => failed.Why,
            _ => null,
        };

    /// <summary>The provider told what it knows.</summary>
    public sealed record Ok(ParcelReading Reading) : PollOutcome
    {
        public override PollOutcomeKind Kind => PollOutcomeKind.Ok;
    }

    /// <summary>The provider answered and knows nothing of the number.</summary>
    public sealed record NotFound : PollOutcome
    {
        public static readonly NotFound Instance = new();
        public override PollOutcomeKind Kind => PollOutcomeKind.NotFound;
    }

    /// <summary>This number can never work with this provider.</summary>
    public sealed record Rejected(string Why) : PollOutcome
    {
        public override PollOutcomeKind Kind => PollOutcomeKind.Rejected;
    }

    /// <summary>The provider wants fewer questions.</summary>
    public sealed record Throttled(string Why, TimeSpan? RetryAfter = null) : PollOutcome
    {
        public override PollOutcomeKind Kind => PollOutcomeKind.Throttled;
    }

    /// <summary>The provider shows a captcha or turns us away; we never try to get round it.</summary>
    public sealed record Blocked(string Why) : PollOutcome
    {
        public override PollOutcomeKind Kind => PollOutcomeKind.Blocked;
    }

    /// <summary>Network, server error, or an answer that cannot be read.</summary>
    public sealed record Failed(string Why) : PollOutcome
    {
        public override PollOutcomeKind Kind => PollOutcomeKind.Failed;
    }
}

/// <summary>The name of a <see cref="PollOutcome"/>, as the poll log and the metrics carry it.</summary>
public enum PollOutcomeKind
{
    Ok,
    NotFound,
    Rejected,
    Throttled,
    Blocked,
    Failed,
}

/// <summary>Groups of outcomes that rules speak of.</summary>
public static class PollOutcomes
{
    /// <summary>True where the provider itself is well: it answered the question, whatever the answer.</summary>
    public static bool IsAnswer(this PollOutcomeKind kind) =>
        kind is PollOutcomeKind.Ok or PollOutcomeKind.NotFound or PollOutcomeKind.Rejected;
}
