using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TrackWatch.Worker.Storage;

namespace TrackWatch.TestKit.Database;

/// <summary>Databases with the product's schema in them.</summary>
internal static class ProductDatabases
{
    public static readonly TestDatabases Shared = new(MigrateAsync);

    public static async Task MigrateAsync(string connectionString)
    {
        await using var services = new ServiceCollection()
            .AddSingleton(typeof(Microsoft.Extensions.Logging.ILogger<>), typeof(NullLogger<>))
            .AddStorage(connectionString)
            .BuildServiceProvider();
        await services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
    }
}
