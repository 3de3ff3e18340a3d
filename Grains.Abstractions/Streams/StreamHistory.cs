using System.Collections.Immutable;

namespace Streams;

/// <summary>What happened to a stream, oldest first; bounded, so the oldest is forgotten. It holds no credentials.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamHistory")]
public sealed record StreamHistory
{
    /// <summary>How many entries are kept.</summary>
    public const int MaxEntries = 100;

    /// <summary>How many runs are kept.</summary>
    public const int MaxRuns = 10;

    /// <summary>Events taken, changes of phase, operators' commands.</summary>
    [Id(0)] public ImmutableArray<HistoryEntry> Entries { get; init; } = [];

    /// <summary>Ended worker runs.</summary>
    [Id(1)] public ImmutableArray<RunRecord> Runs { get; init; } = [];

    /// <summary>How many saved rows of it are damaged and therefore missing; 0 for a whole history.</summary>
    [Id(2)] public int DamagedRows { get; init; }
}

/// <summary>One thing that happened.</summary>
/// <param name="At">When the stream took it.</param>
/// <param name="What">What it was, for example <c>InputReady</c>, <c>WorkerExited</c>, <c>Stop</c>.</param>
/// <param name="Outcome">What it did.</param>
/// <param name="Phase">The phase after it.</param>
/// <param name="Generation">The latest run's number after it.</param>
[GenerateSerializer, Immutable, Alias("Streams.HistoryEntry")]
public sealed record HistoryEntry(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] string What,
    [property: Id(2)] EventOutcome Outcome,
    [property: Id(3)] StreamPhase Phase,
    [property: Id(4)] long Generation)
{
    /// <summary>The source it was about; null when it was about none.</summary>
    [Id(5)] public string? SourceId { get; init; }

    /// <summary>The hook event's id; null for anything else.</summary>
    [Id(6)] public Guid? EventId { get; init; }

    /// <summary>Why, where there is a reason.</summary>
    [Id(7)] public string? Reason { get; init; }

    /// <summary>Who ordered it; null for what nobody ordered.</summary>
    [Id(8)] public string? By { get; init; }

    /// <summary>The W3C trace that it belongs to; null for none.</summary>
    [Id(9)] public string? TraceId { get; init; }

    /// <summary>The address of the source's publisher; null while unknown, and for entries about none.</summary>
    [Id(10)] public string? RemoteAddress { get; init; }
}

/// <summary>An ended worker run.</summary>
[GenerateSerializer, Immutable, Alias("Streams.RunRecord")]
public sealed record RunRecord
{
    /// <summary>Its number.</summary>
    [Id(0)] public required long Generation { get; init; }

    /// <summary>What was executed, without credentials; empty when nothing was.</summary>
    [Id(1)] public string Command { get; init; } = "";

    /// <summary>Its process id; null when there was no process.</summary>
    [Id(2)] public int? Pid { get; init; }

    /// <summary>When its process started; null when there was none.</summary>
    [Id(3)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was verified gone.</summary>
    [Id(4)] public DateTimeOffset EndedAt { get; init; }

    /// <summary>How it ended, for example <c>Killed</c>.</summary>
    [Id(5)] public required string Exit { get; init; }

    /// <summary>Its exit code; null when a signal ended it, or there was no process.</summary>
    [Id(6)] public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, or null.</summary>
    [Id(7)] public int? Signal { get; init; }

    /// <summary>Why it ended, in words.</summary>
    [Id(8)] public required string Reason { get; init; }

    /// <summary>Its last progress; null when it made none.</summary>
    [Id(9)] public WorkerProgress? Progress { get; init; }

    /// <summary>Its last lines, oldest first.</summary>
    [Id(10)] public ImmutableArray<string> Log { get; init; } = [];

    /// <summary>What it failed at; null when it did not fail.</summary>
    [Id(11)] public WorkerFault? Fault { get; init; }

    /// <summary>The line of its log that says why; null when none does.</summary>
    [Id(12)] public string? Cause { get; init; }

    /// <summary>What to do about it; null when nothing is to be done.</summary>
    [Id(13)] public string? Remedy { get; init; }

    /// <summary>The input's tracks by codec, as MediaMTX told them before the start; empty when it did not.</summary>
    [Id(14)] public ImmutableArray<string> Tracks { get; init; } = [];
}
