namespace TrackWatch.Domain.Registering;

/// <summary>The currency codes of ISO 4217 that are in use as money.</summary>
public static class Currencies
{
    private static readonly HashSet<string> Codes =
    [
        .. (
            "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
            + "CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
            + "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD "
            + "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
            + "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY "
            + "TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
        ).Split(' '),
    ];

    private static readonly HashSet<string> WithThreeDecimals = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    public static IReadOnlyCollection<string> All => Codes;

    /// <summary>New codes appear: an unknown one is worth a question, not a refusal.</summary>
    public static bool IsKnown(string code) => Codes.Contains(code);

    /// <summary>How many decimals an amount is written with at most.</summary>
    public static int Decimals(string code) => WithThreeDecimals.Contains(code) ? 3 : 2;
}
