using System.Collections.Immutable;
using System.Diagnostics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Workers;

/// <summary>One run of a stream's worker.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Generation">The run's number, saved before the run starts.</param>
/// <param name="Source">The input's source that it works for.</param>
/// <param name="Profile">The profile to run; null for the default.</param>
[GenerateSerializer, Immutable, Alias("Streams.WorkerRun")]
public sealed record WorkerRun([property: Id(0)] StreamId StreamId, [property: Id(1)] long Generation, [property: Id(2)] LiveSource Source, [property: Id(3)] string? Profile)
{
    /// <summary>Start it only if MediaMTX still shows its source: the former run may have ended because the input did.</summary>
    [Id(4)] public bool IfInputIsLive { get; init; }

    /// <summary>Who published the output before, if its end is not known: removed at the media server before this run starts.</summary>
    [Id(6)] public LiveSource? FormerOutput { get; init; }

    /// <summary>The running generation that it takes over from: it is not ended before this run starts. Null when there is none.</summary>
    [Id(7)] public long? Beside { get; init; }

    /// <summary>Whether it publishes to a path of its own until it steps in: a standby, or a planned run that has to prove itself.</summary>
    [Id(8)] public bool IsAside { get; init; }

    /// <summary>Older runs of which the media server may still have a path: it is removed before this run publishes the output, so that they never do after it.</summary>
    [Id(9)] public ImmutableArray<long> Fences { get; init; } = [];

    /// <summary>Whether it is part of a planned change, and takes the present run's slot.</summary>
    [Id(10)] public bool IsPlanned { get; init; }

    /// <summary>For a fallback, the profile in whose place it runs: readers of a kept output stay if it writes the same tracks. Null for a run of the chosen profile.</summary>
    [Id(11)] public string? InPlaceOf { get; init; }

    /// <summary>Whether it is a standby, which waits for nobody's slot, and makes room for runs that wait.</summary>
    public bool IsSpare => IsAside && !IsPlanned;

    /// <summary>The trace of what made the stream start it.</summary>
    public ActivityContext Trace
    {
        get => StreamsTracing.Read(TraceParent);
        init => TraceParent = StreamsTracing.Write(value);
    }

    /// <summary><see cref="Trace"/> as W3C writes it.</summary>
    [Id(5)] public string? TraceParent { get; init; }

    /// <summary>What was prepared while the run was saved; null when all is to be done at the start.</summary>
    [field: NonSerialized]
    internal RunPreparation? Preparation { get; init; }

    /// <summary>The log scope of a line about the run.</summary>
    /// <param name="pid">Its process id; null without a process.</param>
    internal Dictionary<string, object?> ScopeWith(int? pid) => StreamScope.OfRun(StreamId, Source, Generation, pid, Trace.TraceId.ToHexString());
}

/// <summary>How many workers a silo has.</summary>
/// <param name="Living">Workers that run, or are being started.</param>
/// <param name="Waiting">Workers that wait for a slot.</param>
/// <param name="Max">How many slots there are.</param>
/// <param name="Slots">How many slots they take, with those that wait.</param>
/// <param name="Spare">How many of these are of standbys, which make room for other runs.</param>
/// <param name="Standbys">How many of the living are standbys.</param>
public readonly record struct WorkerCounts(int Living, int Waiting, int Max, int Slots, int Spare, int Standbys);

/// <summary>What a run last said of itself.</summary>
/// <param name="Progress">Its last progress; null before the first.</param>
/// <param name="Log">Its last lines, oldest first.</param>
/// <param name="WaitingPosition">Its place among the runs that wait to be started, 1 for the next; null once it is being started.</param>
/// <param name="InputIdleSince">Since when its input has delivered nothing; null while it delivers, or when that is unknown.</param>
/// <param name="Process">Its process; null before its start.</param>
/// <param name="HasEnded">Whether it has ended, and its stream has not taken that yet.</param>
/// <param name="Slow">That it is slower than real time; null while it keeps up, or when that is unknown.</param>
[GenerateSerializer, Immutable, Alias("Streams.RunView")]
public sealed record RunView(
    [property: Id(0)] WorkerProgress? Progress,
    [property: Id(1)] ImmutableArray<string> Log,
    [property: Id(2)] int? WaitingPosition = null,
    [property: Id(3)] DateTimeOffset? InputIdleSince = null,
    [property: Id(4)] SlowWorker? Slow = null,
    [property: Id(5)] bool HasEnded = false,
    [property: Id(6)] WorkerProcessInfo? Process = null);
