namespace TrackWatch.Domain.Polling;

/// <summary>A provider's whole answer about one number.</summary>
/// <param name="Events">The history in the provider's own order, newest first.</param>
/// <param name="Summary">What the answer says of the parcel as a whole.</param>
public sealed record ParcelReading(IReadOnlyList<ReportedEvent> Events, ParcelSummary Summary);

/// <summary>What a provider says of a parcel beside its events. Every part may be missing.</summary>
public sealed record ParcelSummary
{
    public static readonly ParcelSummary Empty = new();

    /// <summary>
    /// The provider's own summary, used where no event sets a status; only a delivery that no event shows speaks up against
    /// the events (see <see cref="Recording.History.StatusOf"/>).
    /// </summary>
    public ParcelStatus? Status { get; init; }

    /// <summary>Display name, not an ISO code.</summary>
    public string? OriginCountry { get; init; }

    /// <summary>Display name, not an ISO code.</summary>
    public string? DestinationCountry { get; init; }

    /// <summary>Tracking stops at hand-over to the destination's carrier, and silence after it means nothing.</summary>
    public bool EndsAtHandover { get; init; }

    /// <summary>The number the last-mile carrier uses.</summary>
    public string? LastMileNumber { get; init; }

    public string? LastMileCarrier { get; init; }
    public string? LastMilePhone { get; init; }
    public string? LastMileSite { get; init; }

    /// <summary>The latest delivery the provider announces, UTC.</summary>
    public DateTimeOffset? ExpectedBy { get; init; }

    /// <summary>This one, with what it leaves open filled in by others, the more preferred first.</summary>
    public ParcelSummary FilledBy(IEnumerable<ParcelSummary> others) =>
        others.Aggregate(
            this,
            (sum, other) =>
                new ParcelSummary
                {
                    Status = sum.Status ?? other.Status,
                    OriginCountry = sum.OriginCountry ?? other.OriginCountry,
                    DestinationCountry = sum.DestinationCountry ?? other.DestinationCountry,
                    EndsAtHandover = sum.EndsAtHandover || other.EndsAtHandover,
                    LastMileNumber = sum.LastMileNumber ?? other.LastMileNumber,
                    LastMileCarrier = sum.LastMileCarrier ?? other.LastMileCarrier,
                    LastMilePhone = sum.LastMilePhone ?? other.LastMilePhone,
                    LastMileSite = sum.LastMileSite ?? other.LastMileSite,
                    ExpectedBy = sum.ExpectedBy ?? other.ExpectedBy,
                }
        );
}
