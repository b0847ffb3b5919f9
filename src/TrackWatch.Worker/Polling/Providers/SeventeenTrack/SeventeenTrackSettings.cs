using System.ComponentModel;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

internal sealed record SeventeenTrackSettings : KeyedProviderSettings
{
    public override Uri BaseUrl { get; init; } = new("https://api.17track.net/track/v2.4");
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(1);

    [Description("Numbers per request; 17TRACK takes no more than 40.")]
    [Bounds("1", "40")]
    public override int BatchSize { get; init; } = 40;
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(3);
}
