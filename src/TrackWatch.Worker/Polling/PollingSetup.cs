using TrackWatch.Worker.Configuration;
using TrackWatch.Worker.Polling.Providers.Cainiao;
using TrackWatch.Worker.Polling.Providers.Custom;
using TrackWatch.Worker.Polling.Providers.Simulated;

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
            .AddSimulated(settings.Providers.Simulated);

    /// <summary>The bells that polling needs: each enabled source with its lanes.</summary>
    public static IReadOnlyList<(string Provider, int Lanes)> Bells(TrackWatchSettings settings)
    {
        var bells = new List<(string, int)>();
        if (settings.Providers.Cainiao.IsOn())
            bells.Add((Domain.Polling.ProviderIds.Cainiao, settings.Providers.Cainiao.Lanes));
        bells.AddRange(settings.Providers.Custom.Where(s => s.Value.IsOn()).Select(s => (s.Key, s.Value.Lanes)));
        if (settings.Providers.Simulated.Enabled)
            bells.Add((Domain.Polling.ProviderIds.Simulated, 1));
        return bells;
    }
}
