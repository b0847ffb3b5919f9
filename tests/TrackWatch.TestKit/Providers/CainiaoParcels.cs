using System.Globalization;
using System.Text.Json.Nodes;

namespace TrackWatch.TestKit.Providers;

/// <summary>One line of a history as Cainiao writes it.</summary>
/// <param name="At">Written as the wall time of UTC+8.</param>
public sealed record CainiaoEvent(DateTimeOffset At, string Code, string Text);

/// <summary>Parcels as Cainiao writes them, for the stub.</summary>
public static class CainiaoParcels
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    /// <summary>Flown out so many days ago and silent since.</summary>
    public static CainiaoEvent[] FlownOut(DateTimeOffset now, double daysAgo) =>
        [
            new(now.AddDays(-daysAgo - 4), "PU_PICKUP_SUCCESS", "[Shenzhen] Received by logistics company"),
            new(now.AddDays(-daysAgo - 2), "SC_INBOUND_SUCCESS", "[Dongguan] Processing at sorting center"),
            new(now.AddDays(-daysAgo), "LH_DEPART", "Left from departure country/region"),
        ];

    /// <summary>What Cainiao says of a number that it has never heard of.</summary>
    public static string Unknown(string number) =>
        $$"""{"mailNo":"{{number}}","mailNoSource":"EXTERNAL","detailList":[]}""";

    /// <param name="events">In any order.</param>
    public static string Parcel(string number, params IEnumerable<CainiaoEvent> events) =>
        new JsonObject
        {
            ["mailNo"] = number,
            ["originCountry"] = "Mainland China",
            ["destCountry"] = "Turkey",
            ["status"] = "DELIVERING",
            ["mailNoSource"] = "AE",
            ["detailList"] = new JsonArray([.. events.OrderByDescending(e => e.At).Select(Line)]),
        }.ToJsonString();

    private static JsonObject Line(CainiaoEvent e) =>
        new()
        {
            ["time"] = e.At.ToUnixTimeMilliseconds(),
            ["timeStr"] = e.At.ToOffset(Beijing).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            ["timeZone"] = "GMT+8",
            ["actionCode"] = e.Code,
            ["standerdDesc"] = e.Text,
            ["desc"] = e.Text,
        };
}
