namespace TrackWatch.Worker.Configuration;

internal sealed record CainiaoSettings : HttpProviderSettings
{
    public override Uri BaseUrl { get; init; } = new("https://global.cainiao.com");
    public override TimeSpan MinGap { get; init; } = TimeSpan.FromSeconds(20);
    public override int BatchSize { get; init; } = 10;
    public override TimeSpan Floor { get; init; } = TimeSpan.FromHours(2);
}
