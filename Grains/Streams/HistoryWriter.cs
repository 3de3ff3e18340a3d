using System.Globalization;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Describes for a stream's history what happened. Pure.</summary>
internal static class HistoryWriter
{
    private const int MaxLogLines = 20;
    private const int MaxLineLength = 300;
    private const int MaxCommandLength = 2000;

    /// <summary>The entry about an input; null when it is not worth one.</summary>
    public static HistoryEntry? Of(StreamInput input, EventOutcome outcome, StreamState after, DateTimeOffset now, InputOrigin origin)
    {
        bool isNoise = outcome != EventOutcome.Applied && input is not StreamInput.SourceChanged;
        return isNoise ? null : Describe(input, outcome, after, now) with { By = origin.By, TraceId = origin.Trace.TraceId.ToHexString() };
    }

    /// <summary>The entry about a publisher of the same input at another media server.</summary>
    public static HistoryEntry OfConflict(LiveSource source, StreamState after, DateTimeOffset now) => new(now, "Conflict", EventOutcome.Stale, after.Phase, after.Generation)
    {
        SourceId = source.Id,
        RemoteAddress = source.RemoteAddress,
        Reason = $"Conflict: also published on media server {source.Node}{(source.RemoteAddress is { } address ? $" from {address}" : "")}, and longer than on {after.Node}. The newest publisher has the input; let only one publish.",
    };

    /// <summary>The record of an ended run.</summary>
    public static RunRecord Of(long generation, WorkerExit exit, DateTimeOffset now) => new()
    {
        Generation = generation,
        Command = Cut(exit.Command, MaxCommandLength),
        Pid = exit.Process?.Pid,
        StartedAt = exit.Process?.StartedAt,
        EndedAt = now,
        Exit = exit.Kind.ToString(),
        ExitCode = exit.ExitCode,
        Signal = exit.Signal,
        Reason = exit.Reason,
        Progress = exit.Progress,
        Log = [.. exit.Log.TakeLast(MaxLogLines).Select(static line => Cut(line, MaxLineLength))],
        Fault = exit.Fault,
        Cause = exit.Cause is { } cause ? Cut(cause, MaxLineLength) : null,
        Remedy = exit.Remedy,
        Tracks = exit.Tracks,
    };

    private static HistoryEntry Describe(StreamInput input, EventOutcome outcome, StreamState after, DateTimeOffset now)
    {
        HistoryEntry entry = new(now, NameOf(input), outcome, after.Phase, after.Generation);
        return input switch
        {
            StreamInput.SourceChanged { Event: var e } => entry with { SourceId = e.Source.Id, EventId = e.EventId },
            StreamInput.Observed => entry with { SourceId = after.Input?.Id, RemoteAddress = after.Input?.RemoteAddress },
            StreamInput.WorkerStarted { Process.Continuity: { Reason: { } reason } continuity } => entry with { Reason = continuity.State == ContinuityState.Kept ? reason : $"The output is not kept: {reason}." },
            StreamInput.WorkerExited exited => entry with { Reason = after.Fallback is { } fallback && fallback.Since == after.Since ? $"{exited.Reason} The fallback '{fallback.Profile}' takes its place." : exited.Reason },
            StreamInput.OutputInterrupted => entry with { Reason = "Nothing arrives of the output, although its worker runs." },
            StreamInput.OutputResumed resumed => entry with { Reason = string.Create(CultureInfo.InvariantCulture, $"The output was away for {resumed.After.TotalSeconds:0.0} s.") },
            StreamInput.ChangeDue or StreamInput.PlannedRunLost => entry with { Reason = after.ChangeProblem },
            StreamInput.WorkerStalled stalled => entry with { Reason = stalled.Reason },
            StreamInput.WorkerLost => entry with { Reason = after.LastReason },
            _ => entry,
        };
    }

    private static string NameOf(StreamInput input) => input switch
    {
        StreamInput.SourceChanged { Event: var e } => $"{e.Path.Role}{e.Kind}",
        StreamInput.Commanded { Command: var command } => command.ToString(),
        _ => input.GetType().Name,
    };

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
