using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.Cainiao;

internal static class CainiaoSetup
{
    /// <summary>Adds the provider, unless the settings switch it off. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddCainiao(this IServiceCollection services, CainiaoSettings settings) =>
        settings.Enabled
            ? services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<CainiaoProvider>(provider, settings)
            )
            : services;
}
