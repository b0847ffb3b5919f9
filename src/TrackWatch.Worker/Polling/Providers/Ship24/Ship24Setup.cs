using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.Ship24;

internal static class Ship24Setup
{
    /// <summary>Adds the provider where it has a key and is not switched off. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddShip24(this IServiceCollection services, Ship24Settings settings) =>
        settings.IsOn()
            ? services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<Ship24Provider>(provider, settings)
            )
            : services;
}
