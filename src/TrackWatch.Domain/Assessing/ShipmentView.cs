using TrackWatch.Domain.Polling;

namespace TrackWatch.Domain.Assessing;

/// <summary>A shipment as decisions see it. Instants are UTC; null = not known.</summary>
public sealed record ShipmentView
{
    public required long Id { get; init; }
    public required string Number { get; init; }
    public required DateTimeOffset RegisteredAt { get; init; }

    public ParcelStatus Status { get; init; } = ParcelStatus.Unknown;
    public Leg? Leg { get; init; }

    /// <summary>Customs or the carrier waits for the buyer: papers, duties.</summary>
    public bool ActionNeeded { get; init; }

    public bool CustomsTrouble { get; init; }

    /// <summary>The carrier of this leg does not scan: silence means nothing any more.</summary>
    public bool EndsByDesign { get; init; }

    /// <summary>Something before the delivery was scanned on the destination's side.</summary>
    public bool SeenInDestination { get; init; }

    /// <summary>The country the parcel comes from, in the source's own words; null = it does not say.</summary>
    public string? Origin { get; init; }

    /// <summary>The country the parcel goes to, in the source's own words; null = it does not say.</summary>
    public string? Destination { get; init; }

    public DateTimeOffset? FirstEventAt { get; init; }
    public DateTimeOffset? FirstScanAt { get; init; }
    public DateTimeOffset? LastEventAt { get; init; }

    /// <summary>The newest event with a place, code or leg that was not there before.</summary>
    public DateTimeOffset? LastProgressAt { get; init; }

    public string? LastText { get; init; }
    public string? LastPlace { get; init; }

    /// <summary>When the source last answered, whether or not it knew the number.</summary>
    public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>What was usual on the leg it is on, for parcels that went the same way; null = too few have.</summary>
    public LearnedGap? Learned { get; init; }

    public string? Carrier { get; init; }
    public string? LastMileNumber { get; init; }

    /// <summary>At least one character is wrong, by the number's own form or check digit.</summary>
    public bool NumberLooksWrong { get; init; }

    /// <summary>Numbers the buyer may have meant.</summary>
    public IReadOnlyList<string> Corrections { get; init; } = [];

    /// <summary>As many digits as an order number, and no carrier's check fits.</summary>
    public bool MayBeOrderNumber { get; init; }
}
