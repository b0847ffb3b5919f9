using Microsoft.Extensions.DependencyInjection;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling;
using TrackWatch.Worker.Polling.Providers.AfterShip;
using TrackWatch.Worker.Polling.Providers.Dhl;
using TrackWatch.Worker.Polling.Providers.SeventeenTrack;
using TrackWatch.Worker.Polling.Providers.Ship24;
using TrackWatch.Worker.Polling.Providers.TrackingMore;

namespace TrackWatch.Worker.Tests.Polling;

public sealed class KeyedProvidersTests
{
    [Theory]
    [InlineData(true, "a key", new[] { "17track", "trackingmore", "dhl", "aftership", "ship24" })]
    [InlineData(false, "a key", new string[0])]
    [InlineData(true, " ", new string[0])]
    [InlineData(true, null, new string[0])]
    public void A_source_is_there_and_has_its_bell_once_it_has_a_key(bool enabled, string? key, string[] expected)
    {
        var settings = new TrackWatchSettings
        {
            Providers = new()
            {
                Cainiao = new() { Enabled = false },
                Dhl = new() { Enabled = enabled, Key = key },
                AfterShip = new() { Enabled = enabled, Key = key },
                Ship24 = new() { Enabled = enabled, Key = key },
                SeventeenTrack = new() { Enabled = enabled, Key = key },
                TrackingMore = new() { Enabled = enabled, Key = key },
            },
        };
        using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSeventeenTrack(settings.Providers.SeventeenTrack)
            .AddTrackingMore(settings.Providers.TrackingMore)
            .AddDhl(settings.Providers.Dhl)
            .AddAfterShip(settings.Providers.AfterShip)
            .AddShip24(settings.Providers.Ship24)
            .BuildServiceProvider();

        services.GetServices<ITrackingProvider>().Select(provider => provider.Id).ShouldBe(expected);
        PollingSetup.Bells(settings).Select(bell => bell.Provider).ShouldBe(expected);
    }
}
