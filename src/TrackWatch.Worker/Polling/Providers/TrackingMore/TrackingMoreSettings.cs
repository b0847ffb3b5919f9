using System.ComponentModel;
using TrackWatch.Worker.Configuration.Yaml;

namespace TrackWatch.Worker.Configuration;

internal sealed record TrackingMoreSettings : KeyedProviderSettings
{
    public override Uri BaseUrl { get; init; } = new("https://api.trackingmore.com/v4");
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(1);

    [Description("Numbers per request; TrackingMore takes no more than 40.")]
    [Bounds("1", "40")]
    public override int BatchSize { get; init; } = 40;

    // Their own news of a parcel is four to six hours old.
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(4);
}
