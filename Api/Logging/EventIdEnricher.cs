using Serilog.Core;
using Serilog.Events;

namespace Streams.Api.Logging;

/// <summary>
/// Keeps the field <c>EventId</c> for the id of a stream's event. Serilog's provider gives that name to the number of a log message, which
/// hides a scope's value of the same name: so the scope says <see cref="StreamScope.EventId"/>, and the number becomes <c>LogId</c>.
/// </summary>
internal sealed class EventIdEnricher : ILogEventEnricher
{
    private const string Name = "EventId";

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Properties.TryGetValue(Name, out LogEventPropertyValue? number) && number is StructureValue structure)
        {
            logEvent.RemovePropertyIfPresent(Name);
            logEvent.AddPropertyIfAbsent(new LogEventProperty("LogId", structure.Properties.FirstOrDefault(static p => p.Name == "Id")?.Value ?? number));
        }

        if (logEvent.Properties.TryGetValue(StreamScope.EventId, out LogEventPropertyValue? id))
        {
            logEvent.RemovePropertyIfPresent(StreamScope.EventId);
            logEvent.AddOrUpdateProperty(new LogEventProperty(Name, id));
        }
    }
}
