using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Streams.Grains.Streams;

internal sealed partial class StreamGrain
{
    /// <summary>The present source, or the last one: what happens after it has gone is still about it.</summary>
    private LiveSource? _lastSource;

    private Dictionary<string, object?> LogScope => StreamScope.Of(_id, State, _lastSource, _trace);

    private void LogDecision(StreamInput input, StreamState before)
    {
        _lastSource = State.Input ?? before.Input ?? _lastSource;
        if (State.Phase == before.Phase && State.Generation == before.Generation)
        {
            return;
        }

        using IDisposable? scope = logger.BeginScope(LogScope);
        LogPhase(before.Phase, State.Phase, input.GetType().Name);
        if (State.Phase == StreamPhase.Backoff)
        {
            LogRetry(State.Retries, State.RetryAt!.Value, State.LastReason);
        }
        else if (State.Phase == StreamPhase.Failed)
        {
            LogFailed(State.LastReason, State.RetryAt is { } at ? at.ToString("O", CultureInfo.InvariantCulture) : "none");
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Took {Kind} of {Role}: {Outcome}; phase {Phase}, generation {Generation}")]
    private partial void LogEvent(SourceEventKind kind, PathRole role, EventOutcome outcome, StreamPhase phase, long generation);

    [LoggerMessage(1002, LogLevel.Information, "Phase {FromPhase} -> {Phase} by {Input}")]
    private partial void LogPhase(StreamPhase fromPhase, StreamPhase phase, string input);

    [LoggerMessage(1003, LogLevel.Warning, "Retry {Retry} at {RetryAt:O}: {Reason}")]
    private partial void LogRetry(int retry, DateTimeOffset retryAt, string? reason);

    [LoggerMessage(1004, LogLevel.Error, "Failed: {Reason} Next try: {NextTry}. A new publisher or an operator's restart starts the stream at once")]
    private partial void LogFailed(string? reason, string nextTry);
}
