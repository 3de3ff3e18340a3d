using System.Diagnostics;

namespace Streams.Grains.Telemetry;

/// <summary>Traces an event from the hook through the API and the stream to the start of its worker.</summary>
internal static class StreamsTracing
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Streams";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts a span; null when nothing records it.</summary>
    /// <param name="name">The operation, for example <c>start worker</c>.</param>
    /// <param name="parent">The parent span; the default begins a new trace.</param>
    /// <param name="id">The stream.</param>
    public static Activity? Start(string name, ActivityContext parent, StreamId id) =>
        Source.StartActivity(name, ActivityKind.Internal, parent)?.SetTag("streams.stream.id", id.Value);

    /// <summary>Starts a child of the current span; null when there is none, or nothing records it.</summary>
    public static Activity? StartWithin(string name, StreamId id) => Activity.Current is { } step && step.Source.Name == SourceName ? Start(name, step.Context, id) : null;

    /// <summary>A W3C <c>traceparent</c> of the step.</summary>
    public static string Write(ActivityContext step) => $"00-{step.TraceId.ToHexString()}-{step.SpanId.ToHexString()}-{(step.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";

    /// <summary>Parses a W3C <c>traceparent</c>. Without a valid one a new trace id is made, so that log lines can always be correlated.</summary>
    public static ActivityContext Read(string? traceParent) => ActivityContext.TryParse(traceParent, null, isRemote: true, out ActivityContext context)
        ? context
        : new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None);
}
