using TrackWatch.Domain.Polling;
using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Providers.AfterShip;
using TrackWatch.Worker.Polling.Providers.Cainiao;
using TrackWatch.Worker.Polling.Providers.Custom;
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
            .AddCustom(settings.Providers.Custom)
            .AddSeventeenTrack(settings.Providers.SeventeenTrack)
            .AddTrackingMore(settings.Providers.TrackingMore)
            .AddDhl(settings.Providers.Dhl)
            .AddAfterShip(settings.Providers.AfterShip)
            .AddShip24(settings.Providers.Ship24)
            .AddSimulated(settings.Providers.Simulated);

    /// <summary>The bells that polling needs: each enabled source with its lanes.</summary>
    public static IReadOnlyList<(string Provider, int Lanes)> Bells(TrackWatchSettings settings) =>
        [
            .. settings.Providers.Paced().Where(p => p.Value.IsOn()).Select(p => (p.Key, p.Value.Lanes)),
            .. settings.Providers.Simulated.Enabled ? [(ProviderIds.Simulated, 1)] : Array.Empty<(string, int)>(),
        ];
}
