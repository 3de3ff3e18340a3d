namespace Streams;

/// <summary>The log scope of a line about a stream (FR-012): its correlation fields, with the same names in the API, the grains and the workers.</summary>
public static class StreamScope
{
    /// <summary>The field for the id of a hook's event. Serilog's provider reserves the name <c>EventId</c>, so the logging setup renames this field to it.</summary>
    public const string EventId = "SourceEventId";

    /// <summary>The fields of a log line about a hook's event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="traceId">The W3C trace id.</param>
    public static Dictionary<string, object?> OfEvent(SourceEvent e, string traceId) => new()
    {
        ["StreamId"] = e.Path.StreamId.Value,
        ["SourceId"] = e.Source.Id,
        ["SourceType"] = e.Source.Type,
        [EventId] = e.EventId,
        ["TraceId"] = traceId,
    };

    /// <summary>The fields of a log line about a worker run.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="source">The input's source; null before the first.</param>
    /// <param name="generation">The run's number.</param>
    /// <param name="pid">The worker's process id; null without one.</param>
    /// <param name="traceId">The W3C trace id.</param>
    public static Dictionary<string, object?> OfRun(StreamId id, LiveSource? source, long generation, int? pid, string traceId) => new()
    {
        ["StreamId"] = id.Value,
        ["SourceId"] = source?.Id,
        ["SourceType"] = source?.Type,
        ["Generation"] = generation,
        ["WorkerPid"] = pid,
        ["TraceId"] = traceId,
    };
}
