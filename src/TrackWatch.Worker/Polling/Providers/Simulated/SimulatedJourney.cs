using static System.FormattableString;

namespace TrackWatch.Worker.Polling.Providers.Simulated;

/// <summary>One event of a made-up journey.</summary>
/// <param name="After">When it happens, from registration on; negative = before.</param>
internal readonly record struct SimulatedStep(TimeSpan After, int Zone, string Code, string Text);

/// <summary>A made-up parcel: where it comes from and goes to, and what happens to it when.</summary>
/// <param name="Name">How its numbers begin.</param>
internal sealed record SimulatedJourney(
    string Name,
    string Destination,
    string Carrier,
    TimeSpan ExpectedAfter,
    IReadOnlyList<SimulatedStep> Steps
)
{
    /// <summary>Every kind of journey that TrackWatch has something to say about; all other numbers are unknown, like a typo.</summary>
    public static readonly IReadOnlyList<SimulatedJourney> All =
    [
        // Moves on while it is watched, and arrives on the fourth day.
        new(
            "SIMMOVING",
            "Belgium",
            "bpost",
            Days(5),
            [
                .. FromShenzhen(packed: Days(-9)),
                .. Flight(Days(-4), "Liège", 1),
                new(Days(-2.1), 1, "CC_IM_SUCCESS", "[Liège] Import customs clearance complete"),
                new(Days(-0.6), 1, "GTMS_ACCEPT", "[Brussels] Received by local delivery company"),
                new(Days(0.4), 1, "GTMS_SC_DEPART", "[Brussels] Left sorting centre"),
                new(Days(1.7), 1, "GTMS_SC_ARRIVE", "[Antwerp] Arrived at sorting centre"),
                new(Days(3.2), 1, "GTMS_DO_DEPART", "[Antwerp] Out for delivery"),
                new(Days(3.5), 1, "GTMS_SIGNED", "[Antwerp] Delivered"),
            ]
        ),
        // Left Shenzhen and has not been heard of for sixteen days.
        new("SIMSILENT", "Türkiye", "PTT", Days(6), [.. FromShenzhen(packed: Days(-21)), .. Departure(Days(-16.2))]),
        // Customs wants duties and papers.
        new(
            "SIMCUSTOMS",
            "Türkiye",
            "PTT",
            Days(9),
            [
                .. FromShenzhen(packed: Days(-17)),
                .. Flight(Days(-8), "Istanbul", 3),
                new(Days(-6.1), 3, "CC_HO_IN_SUCCESS", "[Istanbul] Arrived at customs"),
                new(Days(-5.9), 3, "CC_IM_START", "[Istanbul] Import customs clearance started"),
                new(Days(-2.3), 3, "CUS_TAX", "[Istanbul] Held by customs: duties are due, the invoice is asked for"),
            ]
        ),
        // Arrived yesterday.
        new(
            "SIMDELIVERED",
            "Türkiye",
            "PTT",
            Days(2),
            [
                .. FromShenzhen(packed: Days(-18)),
                .. Flight(Days(-10), "Istanbul", 3),
                new(Days(-8.2), 3, "CC_IM_SUCCESS", "[Istanbul] Import customs clearance complete"),
                new(Days(-6.4), 3, "GTMS_ACCEPT", "[Istanbul] Received by local delivery company"),
                new(Days(-1.35), 3, "GTMS_DO_DEPART", "[Kadıköy] Out for delivery"),
                new(Days(-1), 3, "GTMS_SIGNED", "[Kadıköy] Delivered"),
            ]
        ),
        // Slow, and quiet for ten days while the buyer's protection runs out.
        new(
            "SIMENDING",
            "Türkiye",
            "PTT",
            Days(-12),
            [.. FromShenzhen(packed: Days(-48)), .. Flight(Days(-10.2), "Istanbul", 3)]
        ),
    ];

    private static IEnumerable<SimulatedStep> FromShenzhen(TimeSpan packed) =>
        [
            new(packed, 8, "GWMS_PACKAGE", "Package ready for shipping from warehouse"),
            new(packed + Days(0.4), 8, "GWMS_OUTBOUND", "Package shipped out from warehouse"),
            new(packed + Days(0.9), 8, "PU_PICKUP_SUCCESS", "[Shenzhen] Accepted by carrier"),
            new(packed + Days(1.3), 8, "SC_INBOUND_SUCCESS", "[Shenzhen] Processing at sorting centre"),
            new(packed + Days(1.8), 8, "SC_OUTBOUND_SUCCESS", "[Shenzhen] Left the departure sorting centre"),
            new(packed + Days(2.4), 8, "CC_EX_SUCCESS", "[Shenzhen] Export customs clearance complete"),
        ];

    private static IEnumerable<SimulatedStep> Departure(TimeSpan leaves) =>
        [
            new(leaves - Days(0.3), 8, "LH_HO_AIRLINE", "[Shenzhen] Handed over to the airline"),
            new(leaves, 8, "LH_DEPART", "[Shenzhen] Left the departure country"),
        ];

    private static IEnumerable<SimulatedStep> Flight(TimeSpan lands, string airport, int zone) =>
        [
            .. Departure(lands - Days(1.1)),
            new(lands, zone, "LH_ARRIVE", Invariant($"[{airport}] Arrived at the line-haul office")),
        ];

    private static TimeSpan Days(double days) => TimeSpan.FromMinutes(Math.Round(days * 24 * 60));
}
