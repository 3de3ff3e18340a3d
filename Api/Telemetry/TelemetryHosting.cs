using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Streams.Api.Telemetry;

/// <summary>Exports metrics and traces: to Prometheus at <see cref="MetricsPath"/>, and by OTLP.</summary>
internal static class TelemetryHosting
{
    /// <summary>Path of the Prometheus endpoint.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>OpenTelemetry's own setting: where the collector is. Without it nothing is sent.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ServiceName = "streams";

    /// <summary>Maximum series of an instrument that has none for each stream. Memory for all is allocated at the start, and OpenTelemetry's default of 2,000 would be 45 MB.</summary>
    private const int MaxOtherSeries = 500;

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
                    .AddView(static instrument => new MetricStreamConfiguration { CardinalityLimit = IsOfStreams(instrument) ? StreamMetrics.MaxSeries : MaxOtherSeries })
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

    /// <summary>One series a stream.</summary>
    private static bool IsOfStreams(Instrument instrument) => instrument.Name.StartsWith(StreamMetrics.Prefix, StringComparison.Ordinal);

    /// <summary>Traces requests that change something. Reads are not worth a trace, and a feed is a request of hours.</summary>
    private static bool IsOfAnEvent(HttpContext context) => !HttpMethods.IsGet(context.Request.Method);
}
