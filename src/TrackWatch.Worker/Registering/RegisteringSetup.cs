using TrackWatch.Worker.Configuration;

namespace TrackWatch.Worker.Registering;

internal static class RegisteringSetup
{
    public static IServiceCollection AddRegistering(this IServiceCollection services, LoadedSettings loaded) =>
        services
            .AddSingleton(loaded.Orders)
            .AddSingleton(loaded.Settings.Providers)
            .AddSingleton<Registrar>()
            .AddSingleton<OrdersDesk>();
}
