namespace TrackWatch.Domain.Polling;

/// <summary>The ids of the providers, as files, tables and metrics write them.</summary>
public static class ProviderIds
{
    public const string Cainiao = "cainiao";
    public const string SeventeenTrack = "17track";
    public const string AfterShip = "aftership";
    public const string Ship24 = "ship24";
    public const string TrackingMore = "trackingmore";
    public const string Dhl = "dhl";
    public const string Simulated = "simulated";

    /// <summary>Any id that is not built in is a carrier's own service, described in the settings.</summary>
    public static SourceKind KindOf(string provider) =>
        provider switch
        {
            SeventeenTrack or AfterShip or Ship24 or TrackingMore => SourceKind.Aggregator,
            Cainiao or Simulated => SourceKind.Platform,
            _ => SourceKind.Carrier,
        };
}

/// <summary>Whose words a source passes on; the later ones weigh more where two disagree.</summary>
public enum SourceKind
{
    /// <summary>Collects what others say, and may mix up two parcels of one number.</summary>
    Aggregator,

    /// <summary>The logistics platform of the marketplace: carries the whole way, with partners' scans.</summary>
    Platform,

    /// <summary>The one who holds the parcel.</summary>
    Carrier,
}
