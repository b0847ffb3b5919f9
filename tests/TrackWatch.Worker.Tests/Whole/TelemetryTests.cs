using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TrackWatch.TestKit.Database;
using TrackWatch.TestKit.Running;

namespace TrackWatch.Worker.Tests.Whole;

/// <summary>What leaves by OTLP, seen from the receiver's side.</summary>
[Collection(nameof(WholeRuns))]
public sealed class TelemetryTests
{
    private const string Number = "SIMMOVING77";
    private const string Address = "telemetry@example.org";

    [Fact]
    public async Task Traces_metrics_and_logs_arrive_where_the_endpoint_says_and_name_no_address()
    {
        // Protobuf carries names and texts as plain UTF-8, so that what was sent can be searched without its schema.
        var received = new ConcurrentDictionary<string, string>();
        await using var receiver = await StartReceiverAsync(received);
        using var home = new WorkerHome(await ProductDatabases.Shared.CreateAsync());
        home.WriteOrders($"orders: [{{email: {Address}, number: {Number}}}]");
        home.Environment["TRACKWATCH__PROVIDERS__SIMULATED__ENABLED"] = "true";
        home.Environment["TRACKWATCH__PROVIDERS__CAINIAO__ENABLED"] = "false";
        home.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Urls.First();
        home.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        home.Environment["OTEL_METRIC_EXPORT_INTERVAL"] = "500";
        await using var worker = home.Start();

        await worker.UntilAsync(
            "metrics, traces and logs are there",
            () =>
                Task.FromResult(
                    Has("/v1/metrics", "trackwatch.polls")
                        && Has("/v1/metrics", "trackwatch.stalls.open")
                        && Has("/v1/metrics", "db.client.operation.duration")
                        && Has("/v1/metrics", "dotnet.gc.collections")
                        && Has("/v1/metrics", "quartz.job.execution.duration")
                        && Has("/v1/traces", "TrackWatch")
                        && Has("/v1/logs", "Orders read")
                )
        );
        (await worker.TerminateAsync()).ShouldBe(0);

        received["/v1/metrics"].ShouldNotContain(Number);
        received["/v1/traces"].ShouldNotContain(Number);
        received.Values.ShouldAllBe(sent => !sent.Contains(Address, StringComparison.Ordinal));

        bool Has(string path, string words) =>
            received.TryGetValue(path, out var sent) && sent.Contains(words, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> StartReceiverAsync(ConcurrentDictionary<string, string> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var sent = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
            received.AddOrUpdate(context.Request.Path, sent, (_, before) => before + sent);
            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        await app.StartAsync();
        return app;
    }
}
