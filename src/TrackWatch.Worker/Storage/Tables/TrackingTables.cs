using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Worker.Storage.Tables;

/// <summary>One number as tracked, with what its history comes to and when it is asked about next.</summary>
internal sealed class ShipmentRow
{
    public long Id { get; set; }
    public required string Number { get; set; }
    public required string Provider { get; set; }
    public string? Carrier { get; set; }
    public string? Country { get; set; }
    public string? Postcode { get; set; }
    public required DateTimeOffset RegisteredAt { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }

    public ParcelStatus Status { get; set; }
    public Leg? Leg { get; set; }
    public bool ActionNeeded { get; set; }
    public bool CustomsTrouble { get; set; }
    public bool EndsByDesign { get; set; }
    public bool SeenInDestination { get; set; }
    public DateTimeOffset? FirstEventAt { get; set; }
    public DateTimeOffset? FirstScanAt { get; set; }
    public DateTimeOffset? LastEventAt { get; set; }
    public DateTimeOffset? LastProgressAt { get; set; }
    public string? LastText { get; set; }
    public string? LastPlace { get; set; }
    public ParcelSummary Summary { get; set; } = ParcelSummary.Empty;

    /// <summary>Of the entry last recorded: an equal one costs no parse.</summary>
    public byte[]? AnswerHash { get; set; }

    /// <summary>When the source last answered, knowing the number or not.</summary>
    public DateTimeOffset? LastAnswerAt { get; set; }
    public DateTimeOffset? LastPollAt { get; set; }
    public PollOutcomeKind? LastOutcome { get; set; }
    public int AnswersSinceFinal { get; set; }
    public int NotFoundInARow { get; set; }

    /// <summary>null = never again.</summary>
    public DateTimeOffset? NextPollAt { get; set; }

    /// <summary>By the database's clock; a write-back names the token, so a worker that lost its claim changes nothing.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }
    public Guid? LeaseToken { get; set; }

    /// <summary>So many legs, from the first on, are counted in their lanes or had nothing to count.</summary>
    public int LegsLearned { get; set; }

    /// <summary>An assessment waits for the next answer: it could not see past the last one.</summary>
    public bool WakeOnAnswer { get; set; }
}

/// <summary>Append-only: rows are never deleted and their identity never changes.</summary>
internal sealed class TrackingEventRow
{
    public long Id { get; set; }
    public required long ShipmentId { get; set; }
    public required Guid Fingerprint { get; set; }
    public required string Provider { get; set; }
    public required string Code { get; set; }
    public required string TimeAsSent { get; set; }
    public required DateTime Wall { get; set; }
    public short? OffsetMinutes { get; set; }
    public required DateTimeOffset At { get; set; }
    public required TimeQuality Quality { get; set; }
    public required ParcelStatus Status { get; set; }
    public Leg? Leg { get; set; }
    public string? Place { get; set; }

    /// <summary>As first seen; later wordings stand in <c>event_texts</c>.</summary>
    public required string Text { get; set; }
    public required EventWeight Weight { get; set; }
    public bool ActionNeeded { get; set; }
    public bool CustomsTrouble { get; set; }
    public required int Ordinal { get; set; }
    public required string Raw { get; set; }
    public required DateTimeOffset RecordedAt { get; set; }

    /// <summary>Came with the shipment's first answer: old events are no news.</summary>
    public bool FirstImport { get; set; }
}

/// <summary>Another wording of an event.</summary>
internal sealed class EventTextRow
{
    public required long EventId { get; set; }

    /// <summary>Of text and place.</summary>
    public required Guid Hash { get; set; }
    public required string Text { get; set; }
    public string? Place { get; set; }
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>Something in a history that cannot be right; kept as evidence, never acted on silently.</summary>
internal sealed class AnomalyRow
{
    public long Id { get; set; }
    public required long ShipmentId { get; set; }
    public long? EventId { get; set; }
    public required string Kind { get; set; }
    public required string Detail { get; set; }
    public required DateTimeOffset SeenAt { get; set; }
}

/// <summary>A source's own words about one number, kept while they differ from the ones before.</summary>
internal sealed class PayloadRow
{
    public long Id { get; set; }
    public required long ShipmentId { get; set; }
    public required string Provider { get; set; }
    public required byte[] Hash { get; set; }
    public required string Body { get; set; }
    public required DateTimeOffset FetchedAt { get; set; }
}

/// <summary>One question and what came of it.</summary>
internal sealed class PollRow
{
    public long Id { get; set; }
    public required long ShipmentId { get; set; }
    public required string Provider { get; set; }
    public required DateTimeOffset At { get; set; }
    public required PollOutcomeKind Outcome { get; set; }
    public string? Detail { get; set; }
    public int NewEvents { get; set; }
}

/// <summary>A source's health and the slots for asking it, shared by all workers.</summary>
internal sealed class ProviderHealthRow
{
    public required string Provider { get; set; }

    /// <summary>By the database's clock: no request may start before.</summary>
    public DateTimeOffset NextRequestAt { get; set; }
    public DateOnly CountedOn { get; set; }
    public int RequestsToday { get; set; }
    public int RequestsThisMonth { get; set; }

    public DateTimeOffset? BreakerOpenUntil { get; set; }
    public int BreakerTrips { get; set; }
    public DateTimeOffset? LastSuccessAt { get; set; }
    public DateTimeOffset? LastTroubleAt { get; set; }
    public PollOutcomeKind? Trouble { get; set; }
    public string? Detail { get; set; }

    /// <summary>The first trouble since the last success.</summary>
    public DateTimeOffset? SilentSince { get; set; }

    /// <summary>When the operator was told of the silence.</summary>
    public DateTimeOffset? OutageToldAt { get; set; }
}

/// <summary>How many completed legs of a lane had a longest silence of so many days.</summary>
internal sealed class LearnedLaneRow
{
    /// <summary>ISO 3166; empty = not known.</summary>
    public required string Origin { get; set; }
    public required string Destination { get; set; }
    public required ShippingService Service { get; set; }
    public required Leg Leg { get; set; }
    public required int Days { get; set; }
    public required int Legs { get; set; }
}
