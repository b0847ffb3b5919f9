using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Providers.AfterShip;
using TrackWatch.Worker.Polling.Providers.Cainiao;
using TrackWatch.Worker.Polling.Providers.Dhl;
using TrackWatch.Worker.Polling.Providers.SeventeenTrack;
using TrackWatch.Worker.Polling.Providers.Ship24;
using TrackWatch.Worker.Polling.Providers.Simulated;
using TrackWatch.Worker.Polling.Providers.TrackingMore;

namespace TrackWatch.Worker.Polling;

internal static class PollingSetup
{
    public static IServiceCollection AddPolling(this IServiceCollection services, TrackWatchSettings settings) =>
        services
            .AddSingleton(settings.Polling)
            .AddSingleton<ProviderGate>()
            .AddSingleton<SourcePlanner>()
            .AddSingleton<BudgetKeeper>()
            .AddSingleton<ShipmentClaims>()
            .AddSingleton<ShipmentPoller>()
            .AddCainiao(settings.Providers.Cainiao)
            .AddSeventeenTrack(settings.Providers.SeventeenTrack)
            .AddTrackingMore(settings.Providers.TrackingMore)
            .AddDhl(settings.Providers.Dhl)
            .AddAfterShip(settings.Providers.AfterShip)
            .AddShip24(settings.Providers.Ship24)
            .AddSimulated(settings.Providers.Simulated);

    /// <summary>The bells that polling needs: each enabled source with its lanes.</summary>
    public static IReadOnlyList<(string Provider, int Lanes)> Bells(TrackWatchSettings settings)
    {
        var bells = new List<(string, int)>();
        if (settings.Providers.Cainiao.IsOn())
            bells.Add((Domain.Polling.ProviderIds.Cainiao, settings.Providers.Cainiao.Lanes));
        if (settings.Providers.SeventeenTrack.IsOn())
            bells.Add((Domain.Polling.ProviderIds.SeventeenTrack, settings.Providers.SeventeenTrack.Lanes));
        if (settings.Providers.TrackingMore.IsOn())
            bells.Add((Domain.Polling.ProviderIds.TrackingMore, settings.Providers.TrackingMore.Lanes));
        if (settings.Providers.Dhl.IsOn())
            bells.Add((Domain.Polling.ProviderIds.Dhl, settings.Providers.Dhl.Lanes));
        if (settings.Providers.AfterShip.IsOn())
            bells.Add((Domain.Polling.ProviderIds.AfterShip, settings.Providers.AfterShip.Lanes));
        if (settings.Providers.Ship24.IsOn())
            bells.Add((Domain.Polling.ProviderIds.Ship24, settings.Providers.Ship24.Lanes));
        if (settings.Providers.Simulated.Enabled)
            bells.Add((Domain.Polling.ProviderIds.Simulated, 1));
        return bells;
    }
}
