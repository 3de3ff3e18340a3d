using System.Collections.Immutable;

namespace Streams;

/// <summary>The history of a stream, oldest first. It is bounded: the oldest entries are dropped. It holds no credentials.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamHistory")]
public sealed record StreamHistory
{
    /// <summary>How many entries are kept.</summary>
    public const int MaxEntries = 100;

    /// <summary>How many runs are kept.</summary>
    public const int MaxRuns = 10;

    /// <summary>Events received, phase changes and operators' commands.</summary>
    [Id(0)] public ImmutableArray<HistoryEntry> Entries { get; init; } = [];

    /// <summary>Ended worker runs.</summary>
    [Id(1)] public ImmutableArray<RunRecord> Runs { get; init; } = [];

    /// <summary>How many saved rows are damaged and therefore missing; 0 for a complete history.</summary>
    [Id(2)] public int DamagedRows { get; init; }
}

/// <summary>One entry of a stream's history.</summary>
/// <param name="At">When the stream received it.</param>
/// <param name="What">What happened, for example <c>InputReady</c>, <c>WorkerExited</c>, <c>Stop</c>.</param>
/// <param name="Outcome">Its effect on the stream.</param>
/// <param name="Phase">The phase afterwards.</param>
/// <param name="Generation">The number of the latest worker run afterwards.</param>
[GenerateSerializer, Immutable, Alias("Streams.HistoryEntry")]
public sealed record HistoryEntry(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string What,
    [property: Id(2)] EventOutcome Outcome,
    [property: Id(3)] StreamPhase Phase,
    [property: Id(4)] long Generation)
{
    /// <summary>The source that it concerns; null for none.</summary>
    [Id(5)] public string? SourceId { get; init; }

    /// <summary>The hook event's id; null for anything else.</summary>
    [Id(6)] public Guid? EventId { get; init; }

    /// <summary>The reason, if there is one.</summary>
    [Id(7)] public string? Reason { get; init; }

    /// <summary>The caller of the command; null for anything else.</summary>
    [Id(8)] public string? By { get; init; }

    /// <summary>The W3C trace id; null for none.</summary>
    [Id(9)] public string? TraceId { get; init; }

    /// <summary>The address of the source's publisher; null while it is unknown, and for entries without a source.</summary>
    [Id(10)] public string? RemoteAddress { get; init; }
}

/// <summary>An ended worker run.</summary>
[GenerateSerializer, Immutable, Alias("Streams.RunRecord")]
public sealed record RunRecord
{
    /// <summary>Its number.</summary>
    [Id(0)] public required long Generation { get; init; }

    /// <summary>The command line, without credentials; empty when nothing was executed.</summary>
    [Id(1)] public string Command { get; init; } = "";

    /// <summary>The process id; null when there was no process.</summary>
    [Id(2)] public int? Pid { get; init; }

    /// <summary>When the process started; null when there was none.</summary>
    [Id(3)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the process was verified gone.</summary>
    [Id(4)] public DateTimeOffset EndedAt { get; init; }

    /// <summary>How it ended, for example <c>Killed</c>.</summary>
    [Id(5)] public required string Exit { get; init; }

    /// <summary>Its exit code; null when a signal ended it, or there was no process.</summary>
    [Id(6)] public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, or null.</summary>
    [Id(7)] public int? Signal { get; init; }

    /// <summary>Why it ended, readable for users.</summary>
    [Id(8)] public required string Reason { get; init; }

    /// <summary>Its last progress; null when it made none.</summary>
    [Id(9)] public WorkerProgress? Progress { get; init; }

    /// <summary>The last lines of its log, oldest first.</summary>
    [Id(10)] public ImmutableArray<string> Log { get; init; } = [];

    /// <summary>What it failed at; null when it did not fail.</summary>
    [Id(11)] public WorkerFault? Fault { get; init; }

    /// <summary>The log line that shows the cause; null when none does.</summary>
    [Id(12)] public string? Cause { get; init; }

    /// <summary>What to do about it; null when there is nothing to do.</summary>
    [Id(13)] public string? Remedy { get; init; }

    /// <summary>The codecs of the input's tracks, as MediaMTX listed them before the start; empty when it did not.</summary>
    [Id(14)] public ImmutableArray<string> Tracks { get; init; } = [];
}
