namespace TrackWatch.Domain.Registering;

/// <summary>
/// What was bought, as the orders file says it. Dates are calendar days in the person's zone. What happened to the order
/// outside the parcel is not here but in its <see cref="Fact"/>s, because commands and mails can tell those too.
/// </summary>
public sealed record Order
{
    /// <summary>Stable id used by commands and mails; the first tracking number where the file names none.</summary>
    public required string Id { get; init; }

    /// <summary>Ids of the people who get mail about it; the first one's zone rules its days.</summary>
    public required IReadOnlyList<string> People { get; init; }

    public required IReadOnlyList<TrackedParcel> Tracking { get; init; }

    /// <summary>Marketplace id; by the number's form where <see cref="Assumed"/> says so.</summary>
    public string Marketplace { get; init; } = "aliexpress";

    public string? OrderNumber { get; init; }
    public string? Item { get; init; }
    public string? Seller { get; init; }
    public Money? Value { get; init; }

    /// <summary>A card of the first person, or visa | mastercard | amex | troy | paypal | klarna | other.</summary>
    public string? PaidWith { get; init; }
    public DateOnly? PaidOn { get; init; }
    public Money? Charged { get; init; }
    public bool TaxPaidAtCheckout { get; init; }

    public DateOnly? Ordered { get; init; }
    public DateOnly? Shipped { get; init; }
    public DateOnly? PromisedBy { get; init; }
    public DateOnly? CouponIfDelayedBy { get; init; }
    public DateOnly? RefundIfUndeliveredBy { get; init; }

    public ShippingService? Service { get; init; }

    public Destination? ShipTo { get; init; }

    /// <summary>Limits of this order that stand before the rule book's.</summary>
    public ThresholdOverrides Thresholds { get; init; } = ThresholdOverrides.None;

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The marketplace closes its own claim for a buyer who also asks the bank (AZ-03, ET-03).</summary>
    public bool PlatformExcludesBank => Marketplace.ToLowerInvariant() is "amazon" or "etsy";

    /// <summary>
    /// The keys of the orders file that were not said and for which something else stands: marketplace, service, ordered
    /// (the first event), shipped (the first carrier scan), person (the only one there is).
    /// </summary>
    public IReadOnlyList<string> Assumed { get; init; } = [];
}

/// <summary>One number of an order.</summary>
/// <param name="Number">Normal form.</param>
/// <param name="Provider">The source to ask; null = by the number's form.</param>
/// <param name="Carrier">Who carries it, where the buyer knows; null otherwise.</param>
/// <param name="Replaces">The number that this one takes the place of.</param>
public sealed record TrackedParcel(
    string Number,
    string? Provider = null,
    string? Carrier = null,
    string? Replaces = null
);

public enum ShippingService
{
    Choice,
    Premium,
    Standard,
    Saver,
    Economy,
}

/// <param name="Country">ISO 3166 country whose customs rules apply.</param>
public sealed record Destination(string Country, string? Postcode = null);

/// <summary>Days of silence per level that the order sets itself: for all legs, and for single ones.</summary>
public sealed record ThresholdOverrides(LevelDays All, IReadOnlyDictionary<Polling.Leg, LevelDays> PerLeg)
{
    public static readonly ThresholdOverrides None = new(new LevelDays(), new Dictionary<Polling.Leg, LevelDays>());
}

/// <summary>Whole days per level; null = the rule book's.</summary>
public sealed record LevelDays(int? Notice = null, int? Stalled = null, int? Critical = null);
