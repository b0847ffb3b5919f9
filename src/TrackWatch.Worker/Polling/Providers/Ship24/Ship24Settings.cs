using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

internal sealed record Ship24Settings : KeyedProviderSettings
{
    public override Uri BaseUrl { get; init; } = new("https://api.ship24.com/public/v1");

    /// <summary>Well below ten a second.</summary>
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The service takes no more.</summary>
    [Bounds("1", "1")]
    public override int BatchSize { get; init; } = 1;
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(2);
}
