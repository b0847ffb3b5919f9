using TrackWatch.Domain.Polling;
using TrackWatch.Domain.Registering;

namespace TrackWatch.Worker.Storage.Tables;

/// <summary>One number as tracked, with what its history comes to.</summary>
internal sealed class ShipmentRow
{
    public long Id { get; set; }
    public required string Number { get; set; }

    /// <summary>The source that an order names for it; null = none does.</summary>
    public string? WantedProvider { get; set; }
    public string? Carrier { get; set; }
    public string? Country { get; set; }
    public string? Postcode { get; set; }
    public required DateTimeOffset RegisteredAt { get; set; }
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>Older events are another parcel's that had the number before; null = no order says when it was placed.</summary>
    public DateOnly? NotBefore { get; set; }

    /// <summary>The offer of sources that its plan was made from; null = its sources are to be planned.</summary>
    public string? Plan { get; set; }

    /// <summary>Its sources, the preferred first within each number; loaded where somebody asks for them.</summary>
    public List<ShipmentSourceRow> Sources { get; set; } = [];

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

    /// <summary>Stalled, out for delivery, or a last day is near: what does not suffice for all is for these.</summary>
    public bool Urgent { get; set; }

    /// <summary>The last day on which anything could still be done; a parcel that is silent for long is not asked about after it.</summary>
    public DateOnly? AskUntil { get; set; }

    /// <summary>So many legs, from the first on, are counted in their lanes or had nothing to count.</summary>
    public int LegsLearned { get; set; }

    /// <summary>An assessment waits for the next answer: it could not see past the last one.</summary>
    public bool WakeOnAnswer { get; set; }

    /// <summary>When a source last showed the parcel as it stood, or said that it is not known anywhere.</summary>
    public DateTimeOffset? LastAnswerAt => Sources.Max(s => s.LastSightAt);

    /// <summary>null = nobody is asked any more.</summary>
    public DateTimeOffset? NextPollAt => Sources.Min(s => s.NextPollAt);

    /// <summary>The source whose words stand: the one that showed the parcel last, else the one that is asked first.</summary>
    public ShipmentSourceRow? Telling =>
        Sources
            .OrderByDescending(s => s.LastSightAt)
            .ThenBy(s => s.Number != Number)
            .ThenBy(s => s.Rank)
            .FirstOrDefault();

    /// <summary>Whose words stand; empty where no source is planned.</summary>
    public string Provider => Telling?.Provider ?? WantedProvider ?? "";

    /// <summary>A source is to be asked for the first time.</summary>
    public bool AwaitsFirstPoll =>
        ArchivedAt is null
        && (Plan is null || Sources.Any(s => s is { Rank: 0, LastPollAt: null, NextPollAt: not null }));
}

/// <summary>One source that can answer about a shipment: when it is asked next, and what came of it so far.</summary>
internal sealed class ShipmentSourceRow
{
    public required long ShipmentId { get; set; }
    public required string Provider { get; set; }

    /// <summary>The number it is asked about: the shipment's own, or the one it got at the hand-over.</summary>
    public required string Number { get; set; }

    /// <summary>0 = asked first; the others of the same number stand by.</summary>
    public required short Rank { get; set; }
    public required DateTimeOffset PlannedAt { get; set; }

    /// <summary>Of the entry last recorded: an equal one costs no parse.</summary>
    public byte[]? AnswerHash { get; set; }

    /// <summary>When it last answered, knowing the number or not.</summary>
    public DateTimeOffset? LastAnswerAt { get; set; }

    /// <summary>When its answer last showed the parcel as it stood: that it knows nothing says nothing while others do.</summary>
    public DateTimeOffset? LastSightAt { get; set; }
    public DateTimeOffset? LastPollAt { get; set; }
    public PollOutcomeKind? LastOutcome { get; set; }
    public int AnswersSinceFinal { get; set; }
    public int NotFoundInARow { get; set; }

    /// <summary>The newest event that it tells of.</summary>
    public DateTimeOffset? NewestEventAt { get; set; }

    /// <summary>How often it is asked, limits aside; null = never again.</summary>
    public TimeSpan? PollEvery { get; set; }

    /// <summary>null = never again.</summary>
    public DateTimeOffset? NextPollAt { get; set; }

    /// <summary>It was last left to the sources before it.</summary>
    public bool StandsBy { get; set; }

    /// <summary>It has given the number up, whatever happens to the parcel.</summary>
    public bool Stopped { get; set; }

    /// <summary>The shipment's, for the claim's sake.</summary>
    public bool Urgent { get; set; }

    /// <summary>What the provider wanted remembered.</summary>
    public string? Memo { get; set; }

    /// <summary>What it said of the parcel as a whole.</summary>
    public ParcelSummary Summary { get; set; } = ParcelSummary.Empty;

    /// <summary>By the database's clock; a write-back names the token, so a worker that lost its claim changes nothing.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }
    public Guid? LeaseToken { get; set; }
}

/// <summary>Append-only: rows are never deleted and their identity never changes.</summary>
internal sealed class TrackingEventRow
{
    public long Id { get; set; }
    public required long ShipmentId { get; set; }
    public required Guid Fingerprint { get; set; }
    public required string Provider { get; set; }

    /// <summary>The number it was told under: the shipment's own, or that of the last mile.</summary>
    public required string Number { get; set; }
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
    public required string Number { get; set; }
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
    public required string Number { get; set; }
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

    /// <summary>What the source said was left of the account's quota.</summary>
    public int? QuotaLeft { get; set; }
    public int? QuotaTotal { get; set; }
    public string? QuotaUnit { get; set; }
    public DateTimeOffset? QuotaAt { get; set; }

    /// <summary>What its parcels would need a day, and by how much they must wait longer; looked at every few minutes.</summary>
    public int? BudgetShipments { get; set; }
    public double? BudgetNeeded { get; set; }
    public double? BudgetLimit { get; set; }
    public double Stretch { get; set; } = 1;
    public double StretchUrgent { get; set; } = 1;
    public DateTimeOffset? BudgetAt { get; set; }

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
