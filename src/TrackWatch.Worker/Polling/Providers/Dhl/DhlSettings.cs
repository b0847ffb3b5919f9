using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

internal sealed record DhlSettings : KeyedProviderSettings
{
    public override Uri BaseUrl { get; init; } = new("https://api-eu.dhl.com");

    /// <summary>The documents say one call a second here and one in five there.</summary>
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The service takes no more.</summary>
    [Bounds("1", "1")]
    public override int BatchSize { get; init; } = 1;

    /// <summary>At most ten questions a day about one shipment are wanted.</summary>
    public override TimeSpan Floor { get; init; } = TimeSpan.FromMinutes(150);

    /// <summary>What a new key may.</summary>
    public override int? PerDay { get; init; } = 250;
}
