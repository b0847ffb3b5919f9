namespace TrackWatch.Domain.Polling;

/// <summary>How far the instant of an event can be trusted.</summary>
public enum TimeQuality
{
    /// <summary>The provider sent an instant, or a wall time with an offset that is known to be right.</summary>
    Exact,

    /// <summary>The offset is a guess or a label known to be wrong at times: up to 14 h off.</summary>
    OffsetInferred,

    /// <summary>A wall time whose zone nobody knows.</summary>
    LocalUnknown,
}

/// <summary>What one event may do to the parcel.</summary>
public enum EventWeight
{
    /// <summary>Sets the status and counts as progress.</summary>
    Full,

    /// <summary>Counts as progress, but its words are too vague to move the status backwards.</summary>
    Vague,

    /// <summary>Stored and shown; sets no status and does not reset the stall clock.</summary>
    Advisory,
}

/// <summary>One line of history as a provider said it in one answer, with our normalised reading of it.</summary>
public sealed record ReportedEvent
{
    /// <summary>Who said it.</summary>
    public SourceKey Source { get; init; } = SourceKey.None;

    /// <summary>The provider's event code in normal form (trimmed, upper case); empty where the provider sends none.</summary>
    public required string Code { get; init; }

    /// <summary>The provider's own time, to the letter: part of the event's identity.</summary>
    public required string TimeAsSent { get; init; }

    /// <summary>The wall-clock time as sent, of kind Unspecified.</summary>
    public required DateTime Wall { get; init; }

    /// <summary>The wall time's offset from UTC; null where it was not sent.</summary>
    public TimeSpan? Offset { get; init; }

    /// <summary>The best known instant, in UTC. Good for counting days; the order of a history is <see cref="Recording.History"/>'s.</summary>
    public required DateTimeOffset At { get; init; }

    public required TimeQuality Quality { get; init; }

    public required ParcelStatus Status { get; init; }

    public Leg? Leg { get; init; }

    public string? Place { get; init; }

    /// <summary>The provider's text, for display only: no rule reads it where a code exists.</summary>
    public string Text { get; init; } = "";

    public EventWeight Weight { get; init; } = EventWeight.Full;

    /// <summary>The buyer must do something (papers, duties).</summary>
    public bool ActionNeeded { get; init; }

    /// <summary>An exception that customs caused.</summary>
    public bool CustomsTrouble { get; init; }

    /// <summary>The event's own JSON, as sent.</summary>
    public string Raw { get; init; } = "{}";
}
