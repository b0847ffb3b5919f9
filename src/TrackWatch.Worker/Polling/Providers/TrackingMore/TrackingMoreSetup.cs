using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.TrackingMore;

internal static class TrackingMoreSetup
{
    /// <summary>Adds the provider where the settings have a key for it. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddTrackingMore(this IServiceCollection services, TrackingMoreSettings settings) =>
        settings.IsOn()
            ? services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<TrackingMoreProvider>(provider, settings)
            )
            : services;
}
