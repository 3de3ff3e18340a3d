using Serilog.Core;
using Serilog.Events;

namespace Streams.Api.Logging;

/// <summary>
/// Shows control characters in every value of a line. JSON hides some of them from a terminal only until a program such as <c>jq -r</c>
/// prints the value, and hides those above 126 not at all.
/// </summary>
internal sealed class VisibleTextEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        List<LogEventProperty>? shown = null;
        foreach ((string name, LogEventPropertyValue value) in logEvent.Properties)
        {
            if (value is ScalarValue { Value: string text } && VisibleText.Of(text) is var visible && !ReferenceEquals(visible, text))
            {
                (shown ??= []).Add(new LogEventProperty(name, new ScalarValue(visible)));
            }
        }

        shown?.ForEach(logEvent.AddOrUpdateProperty);
    }
}
