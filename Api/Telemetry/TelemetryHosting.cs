using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Streams.Api;

/// <summary>Metrics and traces, for Prometheus at <see cref="MetricsPath"/> and by OTLP.</summary>
internal static class TelemetryHosting
{
    /// <summary>Where Prometheus reads.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>OpenTelemetry's own setting: where the collector is. Without it nothing is sent.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceName = "streams";

    /// <summary>A silo carries at most 10,000 workers, and each stream has one series an instrument.</summary>
    private const int MaxSeries = 12_000;

    private static readonly string[] Meters =
    [
        ApiInstruments.MeterName,
        "Microsoft.Orleans",
        "System.Runtime",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
    ];

    public static void Add(WebApplicationBuilder builder)
    {
        bool isSent = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(static resource => resource.AddService(ServiceName, serviceInstanceId: $"{Environment.MachineName}-{Environment.ProcessId}"))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters)
                    .AddView("streams.stream.*", new MetricStreamConfiguration { CardinalityLimit = MaxSeries })
                    .AddPrometheusExporter(static prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
                if (isSent)
                {
                    metrics.AddOtlpExporter();
                }
            })
            .WithTracing(traces =>
            {
                if (isSent)
                {
                    traces.AddSource(ApiInstruments.MeterName).AddAspNetCoreInstrumentation(static web => web.Filter = IsOfAnEvent).AddOtlpExporter();
                }
            });
    }

    public static void Map(WebApplication app) => app.MapPrometheusScrapingEndpoint(MetricsPath);

    /// <summary>What somebody looks at is no trace worth keeping, and a feed is a request of hours.</summary>
    private static bool IsOfAnEvent(HttpContext context) => !HttpMethods.IsGet(context.Request.Method);
}
