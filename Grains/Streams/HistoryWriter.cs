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
    public static HistoryEntry? Of(StreamInput input, EventOutcome outcome, StreamState before, StreamState after, DateTimeOffset now, InputOrigin origin)
    {
        bool isNoise = (outcome != EventOutcome.Applied && input is not StreamInput.SourceChanged) || IsRoutine(input, before);
        return isNoise ? null : Describe(input, outcome, before, after, now) with { By = origin.By, TraceId = origin.Trace.TraceId.ToHexString() };
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

    private static HistoryEntry Describe(StreamInput input, EventOutcome outcome, StreamState before, StreamState after, DateTimeOffset now)
    {
        HistoryEntry entry = new(now, NameOf(input, before, after), outcome, after.Phase, after.Generation);
        return input switch
        {
            StreamInput.SourceChanged { Event: var e } => entry with { SourceId = e.Source.Id, EventId = e.EventId },
            StreamInput.Observed => entry with { SourceId = after.Input?.Id, RemoteAddress = after.Input?.RemoteAddress },
            StreamInput.WorkerStarted { Process.Continuity: { Reason: { } reason } continuity } => entry with { Reason = continuity.State == ContinuityState.Kept ? reason : $"The output is not kept: {reason}." },
            StreamInput.WorkerExited { Generation: var run } exited when IsReplaced(run, after) => entry with { Reason = $"{exited.Reason} Its standby, run {after.Generation}, takes its place." },
            StreamInput.WorkerStalled { Generation: var run } stalled when IsReplaced(run, after) => entry with { Reason = $"{stalled.Reason} Its standby, run {after.Generation}, takes its place." },
            StreamInput.WorkerExited exited => entry with { Reason = after.Fallback is { } fallback && fallback.Since == after.Since ? $"{exited.Reason} The fallback '{fallback.Profile}' takes its place." : exited.Reason },
            StreamInput.OutputInterrupted => entry with { Reason = "Nothing arrives of the output, although its worker runs." },
            StreamInput.StandbyDue due => entry with { Reason = due.Problem },
            StreamInput.SteppedIn { Generation: var run } when !after.WasStandby => entry with { Reason = $"Run {run} has taken the output over." },
            StreamInput.SteppedIn => entry with { Reason = after.LastReason },
            StreamInput.StandbyLost => entry with { Reason = after.StandbyTries?.Problem },
            StreamInput.OutputResumed resumed => entry with { Reason = string.Create(CultureInfo.InvariantCulture, $"The output was away for {resumed.After.TotalSeconds:0.0} s.") },
            StreamInput.WorkerProgressed { Generation: var run } when after.Next is { ProvesFor: { } time } next && next.Generation == run =>
                entry with { Reason = $"Run {run} works beside the present one; the audience gets it once it has done so for {Seconds(time)} s." },
            StreamInput.ChangeDue when after.Next is { ProvesFor: { } time } next => entry with { Reason = $"Run {next.Generation} has worked for {Seconds(time)} s, and takes the output over." },
            StreamInput.MoveRequested when after.Next is { OrderedAt: not null } next => entry with { Reason = $"Its standby, run {next.Generation}, takes the output over." },
            StreamInput.MoveRequested { Generation: var run } when run == before.Next?.Generation => entry with { Reason = after.ChangeProblem },
            StreamInput.ChangeDue or StreamInput.PlannedRunLost => entry with { Reason = after.ChangeProblem },
            StreamInput.WorkerStalled stalled => entry with { Reason = stalled.Reason },
            StreamInput.WorkerLost => entry with { Reason = after.LastReason },
            _ => entry,
        };
    }

    /// <summary>A standby's start is told by its process, and that it is steady is no news.</summary>
    private static bool IsRoutine(StreamInput input, StreamState before) => input switch
    {
        StreamInput.StandbyDue due => due.Problem is null,
        StreamInput.WorkerSteady steady => steady.Generation == before.Standby?.Generation || steady.Generation == before.Next?.Generation,
        _ => false,
    };

    private static string NameOf(StreamInput input, StreamState before, StreamState after) => input switch
    {
        StreamInput.StandbyDue => "StandbyUnavailable",
        StreamInput.WorkerStarted { Generation: var run } when run == before.Standby?.Generation => "StandbyStarted",
        StreamInput.WorkerProgressed { Generation: var run } when run == before.Standby?.Generation => "StandbyReady",
        StreamInput.WorkerStalled { Generation: var run } when run == before.Standby?.Generation => "StandbyStalled",
        StreamInput.WorkerExited { Generation: var run } when run == before.Standby?.Generation => "StandbyExited",
        StreamInput.MoveRequested { Generation: var run } when run == before.Standby?.Generation => "StandbyMoved",
        StreamInput.WorkerProgressed { Generation: var run } when before.Next is { IsAside: true } next && next.Generation == run => "WorkerReady",
        StreamInput.SteppedIn when after.WasStandby => "StandbySteppedIn",
        StreamInput.SteppedIn => nameof(StreamInput.WorkerProgressed), // As it does that publishes the output itself.
        StreamInput.SourceChanged { Event: var e } => $"{e.Path.Role}{e.Kind}",
        StreamInput.Commanded { Command: var command } => command.ToString(),
        _ => input.GetType().Name,
    };

    private static bool IsReplaced(long run, StreamState after) => after is { WasStandby: true, Phase: StreamPhase.Starting } && run < after.Generation;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
