using System.Collections.Immutable;
using System.Diagnostics;

namespace Streams.Grains.Workers;

/// <summary>One run of a stream's worker.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Generation">The run's number, saved before the run starts.</param>
/// <param name="Source">The input's source that it works for.</param>
/// <param name="Profile">The profile to run; null for the default.</param>
public sealed record WorkerRun(StreamId StreamId, long Generation, LiveSource Source, string? Profile)
{
    /// <summary>Start it only if MediaMTX still shows its source: the former run may have ended because the input did.</summary>
    public bool IfInputIsLive { get; init; }

    /// <summary>The trace of what made the stream start it.</summary>
    public ActivityContext Trace { get; init; }

    /// <summary>What was prepared while the run was saved; null when all is to be done at the start.</summary>
    internal RunPreparation? Preparation { get; init; }

    /// <summary>The log scope of a line about the run.</summary>
    /// <param name="pid">Its process id; null without a process.</param>
    internal Dictionary<string, object?> ScopeWith(int? pid) => StreamScope.OfRun(StreamId, Source, Generation, pid, Trace.TraceId.ToHexString());
}

/// <summary>How many workers a silo has.</summary>
/// <param name="Living">Workers that run, or are being started.</param>
/// <param name="Waiting">Workers that wait for a slot.</param>
/// <param name="Max">The most that may live.</param>
public readonly record struct WorkerCounts(int Living, int Waiting, int Max);

/// <summary>What a run last said of itself.</summary>
/// <param name="Progress">Its last progress; null before the first.</param>
/// <param name="Log">Its last lines, oldest first.</param>
/// <param name="WaitingPosition">Its place among the runs that wait to be started, 1 for the next; null once it is being started.</param>
/// <param name="InputIdleSince">Since when its input has delivered nothing; null while it delivers, or when that is unknown.</param>
/// <param name="Process">Its process; null before its start.</param>
/// <param name="HasEnded">Whether it has ended, and its stream has not taken that yet.</param>
/// <param name="Slow">That it is slower than real time; null while it keeps up, or when that is unknown.</param>
public sealed record RunView(
    WorkerProgress? Progress, ImmutableArray<string> Log, int? WaitingPosition = null, DateTimeOffset? InputIdleSince = null, SlowWorker? Slow = null, bool HasEnded = false, WorkerProcessInfo? Process = null);
