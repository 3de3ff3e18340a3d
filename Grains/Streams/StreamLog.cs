using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Streams;

/// <summary>Logs what happens to one stream, under its grain's name and in the scope of its source and run.</summary>
internal sealed partial class StreamLog(StreamId id, ILogger<StreamGrain> logger)
{
    /// <summary>The present source, or the last one: what happens after it has gone is still about it.</summary>
    private LiveSource? _lastSource;

    /// <summary>The scope of all that is logged about an event until it is disposed of.</summary>
    public IDisposable? Begin(SourceEvent e, ActivityContext trace) => logger.BeginScope(StreamScope.OfEvent(e, trace.TraceId.ToHexString()));

    /// <summary>Logs a change of phase or run.</summary>
    public void LogDecision(StreamInput input, StreamState before, StreamState after, ActivityContext trace)
    {
        _lastSource = after.Input ?? before.Input ?? _lastSource;
        if (after.Phase == before.Phase && after.Generation == before.Generation)
        {
            return;
        }

        using IDisposable? scope = logger.BeginScope(StreamScope.OfRun(id, _lastSource, after.Generation, after.Worker?.Pid, trace.TraceId.ToHexString()));
        LogPhase(before.Phase, after.Phase, input.GetType().Name);
        if (after.Phase == StreamPhase.Backoff)
        {
            LogRetry(after.Retries, after.RetryAt!.Value, after.LastReason);
        }
        else if (after.Phase == StreamPhase.Failed)
        {
            LogFailed(after.LastReason, after.RetryAt is { } at ? at.ToString("O", CultureInfo.InvariantCulture) : "none");
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Took {Kind} of {Role}: {Outcome}; phase {Phase}, generation {Generation}")]
    public partial void LogEvent(SourceEventKind kind, PathRole role, EventOutcome outcome, StreamPhase phase, long generation);

    [LoggerMessage(1002, LogLevel.Information, "Phase {FromPhase} -> {Phase} by {Input}")]
    private partial void LogPhase(StreamPhase fromPhase, StreamPhase phase, string input);

    [LoggerMessage(1003, LogLevel.Warning, "Retry {Retry} at {RetryAt:O}: {Reason}")]
    private partial void LogRetry(int retry, DateTimeOffset retryAt, string? reason);

    [LoggerMessage(1004, LogLevel.Error, "Failed: {Reason} Next try: {NextTry}. A new publisher or an operator's restart starts the stream at once")]
    private partial void LogFailed(string? reason, string nextTry);
}
