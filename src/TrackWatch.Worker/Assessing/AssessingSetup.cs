using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Assessing;

internal static class AssessingSetup
{
    public static IServiceCollection AddAssessing(this IServiceCollection services, TrackWatchSettings settings) =>
        services.AddSingleton(settings.Assessing).AddSingleton<OrderAssessor>();
}
