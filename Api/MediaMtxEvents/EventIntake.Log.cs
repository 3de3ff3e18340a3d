namespace Streams.Api.MediaMtxEvents;

internal sealed partial class EventIntake
{
    /// <summary>At Debug only: the stream logs the same in the silo (1001).</summary>
    [LoggerMessage(1201, LogLevel.Debug, "Event {Kind} taken: {Outcome}, phase {Phase}, generation {Generation}")]
    private partial void LogReceived(SourceEventKind kind, EventOutcome outcome, StreamPhase phase, long generation);

    [LoggerMessage(1202, LogLevel.Warning, "Event {Kind} refused with {Status} {Problem} {Fields}. Stream {StreamId}, trace {TraceId}")]
    private partial void LogRefused(SourceEventKind kind, int status, string problem, string fields, string streamId, string traceId);

    [LoggerMessage(1203, LogLevel.Error, "Event {Kind} answered with 503; whether the stream took it is unknown. {Reason}")]
    private partial void LogUnavailable(SourceEventKind kind, string reason);

    [LoggerMessage(1204, LogLevel.Error, "Event {Kind} failed in the stream's grain")]
    private partial void LogFault(Exception exception, SourceEventKind kind);
}
