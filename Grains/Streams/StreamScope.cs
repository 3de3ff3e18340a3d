using System.Diagnostics;

namespace Streams.Grains.Streams;

/// <summary>The correlation fields of a log line about a stream (FR-012), one spelling for all.</summary>
internal static class StreamScope
{
    public static Dictionary<string, object?> Of(SourceEvent e, ActivityContext trace) => new()
    {
        ["StreamId"] = e.Path.StreamId.Value,
        ["SourceId"] = e.Source.Id,
        ["SourceType"] = e.Source.Type,
        ["SourceEventId"] = e.EventId, // The logging set-up writes it as EventId: that name is taken inside Serilog's provider.
        ["TraceId"] = trace.TraceId.ToHexString(),
    };

    public static Dictionary<string, object?> Of(StreamId id, StreamState state, LiveSource? source, ActivityContext trace) => new()
    {
        ["StreamId"] = id.Value,
        ["SourceId"] = source?.Id,
        ["SourceType"] = source?.Type,
        ["Generation"] = state.Generation,
        ["WorkerPid"] = state.Worker?.Pid,
        ["TraceId"] = trace.TraceId.ToHexString(),
    };
}
