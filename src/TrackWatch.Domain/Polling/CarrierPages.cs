using System.Collections.Frozen;

namespace TrackWatch.Domain.Polling;

/// <param name="Carrier">Its id.</param>
public sealed record CarrierPage(string Carrier, Uri Address);

/// <summary>
/// The pages at which carriers show a number to people. TrackWatch never asks them; they go into mails (carrier-pages.md
/// says where each address is from).
/// </summary>
public static class CarrierPages
{
    private const string Placeholder = "{number}";

    private static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["australia_post"] = "https://auspost.com.au/mypost/track/details/{number}",
        ["austrian_post"] = "https://www.post.at/s/sendungsdetails?snr={number}",
        ["bpost"] = "https://track.bpost.cloud/btr/web/#/search?itemCode={number}",
        ["cainiao"] = "https://global.cainiao.com/detail.htm?mailNoList={number}",
        ["canada_post"] = "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
        ["correos"] = "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
        ["deutsche_post"] = "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}",
        ["dhl"] = "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
        ["dhl_de"] = "https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={number}",
        ["dhl_ecommerce"] = "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
        ["dpd"] = "https://tracking.dpd.de/status/en_US/parcel/{number}",
        ["evri"] = "https://www.evri.com/track/parcel/{number}",
        ["fedex"] = "https://www.fedex.com/fedextrack/?trknbr={number}",
        ["fourpx"] = "https://track.4px.com/#/result/0/{number}",
        ["gls"] = "https://gls-group.com/GROUP/en/parcel-tracking?match={number}",
        ["inpost"] = "https://inpost.pl/sledzenie-przesylek?number={number}",
        ["la_poste"] = "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
        ["poste_italiane"] = "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}",
        ["postnl"] = "https://postnl.post/track?barcodes={number}",
        ["ptt"] = "https://gonderitakip.ptt.gov.tr/Track/Verify?q={number}",
        ["royal_mail"] = "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
        ["sf_express"] = "https://www.sf-express.com/chn/en/waybill/waybill-detail/{number}",
        ["swiss_post"] = "https://service.post.ch/ekp-web/ui/entry/search/{number}",
        ["ups"] = "https://www.ups.com/track?tracknum={number}",
        ["usps"] = "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
        ["yanwen"] = "https://track.yw56.com.cn/en/querydel?nums={number}",
        ["yunexpress"] = "https://www.yuntrack.com/parcelTracking?id={number}",
    }.ToFrozenDictionary();

    /// <summary>The post of each country: it shows the numbers that it gave out, and those of parcels on their way to it.</summary>
    private static readonly FrozenDictionary<string, string> Posts = new Dictionary<string, string>
    {
        ["AT"] = "austrian_post",
        ["AU"] = "australia_post",
        ["BE"] = "bpost",
        ["CA"] = "canada_post",
        ["CH"] = "swiss_post",
        ["DE"] = "deutsche_post",
        ["ES"] = "correos",
        ["FR"] = "la_poste",
        ["GB"] = "royal_mail",
        ["IT"] = "poste_italiane",
        ["NL"] = "postnl",
        ["TR"] = "ptt",
        ["US"] = "usps",
    }.ToFrozenDictionary();

    /// <summary>The ids of the carriers whose pages are known.</summary>
    public static IEnumerable<string> Carriers => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>
    /// The carriers' own pages for a number, the likeliest first: of the carrier that the order names, else of those whose
    /// number it is likely to be; of a post's number the page of the post that delivers it comes first.
    /// </summary>
    /// <param name="number">In normal form.</param>
    /// <param name="carrier">As the order or the source names it; null = it does not.</param>
    /// <param name="destination">ISO 3166 alpha-2; null = not known.</param>
    /// <param name="own">Templates of the settings by carrier; these stand before the known ones, and <c>none</c> is no page.</param>
    public static IReadOnlyList<CarrierPage> Of(
        string number,
        NumberVerdict verdict,
        string? carrier,
        string? destination,
        IReadOnlyDictionary<string, string> own
    )
    {
        if (carrier is not null && Page(carrier) is { } named)
            return [named];
        var likely = verdict
            .Candidates.Where(c => c is { Confidence: > NumberConfidence.Weak, CheckDigit: not CheckDigit.Wrong })
            .SelectMany(c => c.Carrier == "s10" ? PostsOf(c.Origin) : [c.Carrier]);
        if (verdict is { Kind: NumberVerdictKind.RightCheckDigit, Candidates.Count: 0 })
            likely = PostsOf(number[^2..]);
        return [.. likely.Distinct().Select(Page).OfType<CarrierPage>()];

        IEnumerable<string> PostsOf(string? origin) =>
            new[] { destination, origin }.OfType<string>().Select(c => Posts.GetValueOrDefault(c)).OfType<string>();

        CarrierPage? Page(string id) =>
            Fill(own.GetValueOrDefault(id) ?? Known.GetValueOrDefault(id), number) is { } address
                ? new(id, address)
                : null;
    }

    /// <summary>A page's address with the number in it; null for none.</summary>
    /// <param name="template">With <c>{number}</c>; <c>none</c> and null are no page.</param>
    public static Uri? Fill(string? template, string number) =>
        template is not null
        && template != "none"
        && Uri.TryCreate(
            template.Replace(Placeholder, Uri.EscapeDataString(number), StringComparison.Ordinal),
            UriKind.Absolute,
            out var address
        )
            ? address
            : null;
}
