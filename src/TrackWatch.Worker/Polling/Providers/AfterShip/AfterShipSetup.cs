using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.AfterShip;

internal static class AfterShipSetup
{
    /// <summary>Adds the provider where it has a key and is not switched off. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddAfterShip(this IServiceCollection services, AfterShipSettings settings) =>
        settings.IsOn()
            ? services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<AfterShipProvider>(provider, settings)
            )
            : services;
}
