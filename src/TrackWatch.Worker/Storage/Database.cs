using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace TrackWatch.Worker.Storage;

/// <summary>Everything that knows how to reach the database.</summary>
internal static class Database
{
    /// <summary>Quartz has its own pool: its check-ins must neither wait for ours nor fill the traces.</summary>
    public const string QuartzKey = "quartz";

    public static IServiceCollection AddStorage(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => Open(connectionString, "trackwatch", traced: true));
        services.AddKeyedSingleton<DbDataSource>(
            QuartzKey,
            (_, _) => Open(connectionString + ";Maximum Pool Size=8", "trackwatch-quartz", traced: false)
        );
        services.AddDbContextFactory<TrackWatchDb>(
            (provider, options) => Configure(options, provider.GetRequiredService<NpgsqlDataSource>())
        );
        services.AddSingleton<Migrator>();
        services.AddSingleton<Secrets>();
        return services;
    }

    public static void Configure(DbContextOptionsBuilder options, NpgsqlDataSource source) =>
        options.UseNpgsql(source).UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking);

    private static NpgsqlDataSource Open(string connectionString, string name, bool traced)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.ApplicationName ??= name;
        if (!traced)
            builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => false));
        return builder.Build();
    }
}
