using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TrackWatch.Worker.Telemetry;

/// <summary>Traces, metrics and logs by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; nothing at all otherwise.</summary>
internal static class TelemetrySetup
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration[Endpoint]))
            return services;
#if OTEL_HOSTING
        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry();
#else
        var telemetry = services.AddHostTelemetry();
#endif
        telemetry
            .ConfigureResource(resource => resource.AddService("trackwatch", serviceVersion: Version))
            .WithTracing(tracing => tracing.AddSource(Instruments.Name, "Quartz", "Npgsql", "System.Net.Http"))
            .WithMetrics(metrics =>
                metrics.AddMeter(
                    Instruments.Name,
                    "Quartz",
                    "Npgsql",
                    "System.Net.Http",
                    "System.Runtime",
                    "Microsoft.EntityFrameworkCore"
                )
            )
            .WithLogging(_ => { }, options => options.IncludeScopes = true)
            .UseOtlpExporter();
        return services;
    }

    private static string Version =>
        typeof(TelemetrySetup)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "0";
}
