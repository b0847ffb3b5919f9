using System.Globalization;
using TrackWatch.Worker.Languages;

namespace TrackWatch.Worker.Notifying.Composing;

/// <summary>Proper names of ids, which are the same in every language.</summary>
internal static class Names
{
    public static string OfMarketplace(string id) =>
        id.ToLowerInvariant() switch
        {
            "aliexpress" => "AliExpress",
            "temu" => "Temu",
            "shein" => "SHEIN",
            "ebay" => "eBay",
            "amazon" => "Amazon",
            "etsy" => "Etsy",
            "alibaba" => "Alibaba",
            _ => Capitalised(id),
        };

    public static string OfProvider(string id) =>
        id.ToLowerInvariant() switch
        {
            "17track" => "17TRACK",
            "aftership" => "AfterShip",
            "trackingmore" => "TrackingMore",
            _ => OfCarrier(id),
        };

    public static string OfCarrier(string id) =>
        id.ToLowerInvariant() switch
        {
            "bpost" => "bpost",
            "dhl_de" => "DHL Paket",
            "dhl_ecommerce" => "DHL eCommerce",
            "dhl" or "dpd" or "gls" or "ptt" or "ups" or "usps" => id.ToUpperInvariant(),
            "fedex" => "FedEx",
            "fourpx" => "4PX",
            "inpost" => "InPost",
            "poste_italiane" => "Poste Italiane",
            "postnl" => "PostNL",
            "sf_express" => "SF Express",
            "yunexpress" => "YunExpress",
            var other => string.Join(' ', other.Split('_', '-').Select(Capitalised)),
        };

    public static string? OfWallet(string? paidWith) =>
        paidWith?.ToLowerInvariant() switch
        {
            "paypal" => "PayPal",
            "klarna" => "Klarna",
            _ => null,
        };

    private static string Capitalised(string id) =>
        new ForeignText(
            id is [var first, ..] ? char.ToUpper(first, CultureInfo.InvariantCulture) + id[1..] : id,
            ForeignText.NameLimit
        ).ToString();
}
