using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

internal sealed record AfterShipSettings : KeyedProviderSettings
{
    /// <summary>The version is part of the address; another one may answer in another shape.</summary>
    public override Uri BaseUrl { get; init; } = new("https://api.aftership.com/tracking/2025-07");

    /// <summary>Well below the strictest of the limits per endpoint, five a second.</summary>
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The list takes about fifty.</summary>
    [Bounds("1", "50")]
    public override int BatchSize { get; init; } = 40;
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(2);
}
