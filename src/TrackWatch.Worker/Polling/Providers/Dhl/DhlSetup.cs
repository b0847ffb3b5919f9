using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.Dhl;

internal static class DhlSetup
{
    /// <summary>Adds the provider where it has a key and is not switched off. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddDhl(this IServiceCollection services, DhlSettings settings) =>
        settings.IsOn()
            ? services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<DhlProvider>(provider, settings)
            )
            : services;
}
