using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.SeventeenTrack;

internal static class SeventeenTrackSetup
{
    /// <summary>Adds the provider where the settings have a key for it. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddSeventeenTrack(
        this IServiceCollection services,
        SeventeenTrackSettings settings
    ) =>
        settings.IsOn()
            ? services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<SeventeenTrackProvider>(provider, settings)
            )
            : services;
}
