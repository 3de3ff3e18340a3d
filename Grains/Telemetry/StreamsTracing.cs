using System.Diagnostics;

namespace Streams.Grains.Telemetry;

/// <summary>Traces of what becomes of an event: from the hook through the API and the stream to the start of its worker.</summary>
internal static class StreamsTracing
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "Streams";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A step of a trace; null when nobody records it.</summary>
    /// <param name="name">What is done, for example <c>start worker</c>.</param>
    /// <param name="parent">The step that it belongs to; the default begins a trace.</param>
    /// <param name="id">The stream.</param>
    public static Activity? Start(string name, ActivityContext parent, StreamId id) =>
        Source.StartActivity(name, ActivityKind.Internal, parent)?.SetTag("streams.stream.id", id.Value);

    /// <summary>A step of the step that is under way; null when there is none, or nobody records it.</summary>
    public static Activity? StartWithin(string name, StreamId id) => Activity.Current is { } step && step.Source.Name == SourceName ? Start(name, step.Context, id) : null;

    /// <summary>A W3C <c>traceparent</c> of the step.</summary>
    public static string Write(ActivityContext step) => $"00-{step.TraceId.ToHexString()}-{step.SpanId.ToHexString()}-{(step.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";

    /// <summary>Reads a W3C <c>traceparent</c>; what is none begins a trace of its own, so that log lines can always be followed.</summary>
    public static ActivityContext Read(string? traceParent) => ActivityContext.TryParse(traceParent, null, isRemote: true, out ActivityContext context)
        ? context
        : new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None);
}
