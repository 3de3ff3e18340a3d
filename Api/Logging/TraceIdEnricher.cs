using Serilog.Core;
using Serilog.Events;

namespace Streams.Api.Logging;

/// <summary>Gives each line that belongs to a trace the field <c>TraceId</c>; a scope that names another one wins.</summary>
internal sealed class TraceIdEnricher : ILogEventEnricher
{
    private const string Name = "TraceId";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.TraceId is { } traceId)
        {
            logEvent.AddPropertyIfAbsent(new LogEventProperty(Name, new ScalarValue(traceId.ToHexString())));
        }
    }
}
