using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Streams.Api.Logging;

/// <summary>Structured logs for every host of Streams.</summary>
public static class JsonLogging
{
    /// <summary>
    /// Logs compact JSON, one object a line, to standard output. Levels: <c>Information</c>, and <c>Warning</c> for the frameworks;
    /// the configuration section <c>Serilog</c> changes them, for example <c>Serilog:MinimumLevel:Override:Orleans</c>.
    /// A log scope's correlation fields become fields of the line; the id of a stream's event is <c>EventId</c>, the number of
    /// the log message <c>LogId</c>.
    /// </summary>
    public static IHostApplicationBuilder AddJsonLogging(this IHostApplicationBuilder builder)
    {
        IConfiguration configuration = builder.Configuration;
        builder.Services.AddSerilog(logger => logger
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
            .MinimumLevel.Override("Polly", LogEventLevel.Warning)

            // Lines that anybody can cause by a request, without a bound: a cookie that is none, a look at the readiness of a service that is not ready.
            .MinimumLevel.Override("Microsoft.AspNetCore.Antiforgery", LogEventLevel.Fatal)
            .MinimumLevel.Override("Microsoft.Extensions.Diagnostics.HealthChecks", LogEventLevel.Fatal)
            .ReadFrom.Configuration(configuration)
            .Enrich.FromLogContext()
            .Enrich.With(new EventIdEnricher(), new TraceIdEnricher(), new VisibleTextEnricher())
            .WriteTo.Sink(new StandardOutput(new RenderedCompactJsonFormatter(), Console.OpenStandardOutput())));
        return builder;
    }
}
