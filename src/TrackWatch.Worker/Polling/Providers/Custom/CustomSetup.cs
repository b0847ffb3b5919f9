using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Polling.Providers.Custom;

internal static class CustomSetup
{
    /// <summary>Adds a provider for each source that is on. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddCustom(
        this IServiceCollection services,
        IReadOnlyDictionary<string, CustomSettings> sources
    )
    {
        foreach (var (id, settings) in sources.Where(s => s.Value.IsOn()))
            services.AddSingleton<ITrackingProvider>(provider =>
                ActivatorUtilities.CreateInstance<CustomProvider>(provider, id, settings)
            );
        return services;
    }
}
