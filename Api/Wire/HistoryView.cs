namespace Streams.Api.Wire;

/// <summary>What happened to a stream, oldest first: the last 100 entries.</summary>
public sealed record HistoryView
{
    /// <summary>The entries.</summary>
    public required IReadOnlyList<HistoryEntryView> Entries { get; init; }

    /// <summary>How many saved entries and runs are damaged and therefore missing; absent when none is.</summary>
    public int? Damaged { get; init; }

    internal static HistoryView Of(StreamHistory history) => new()
    {
        Entries = [.. history.Entries.Select(HistoryEntryView.Of)],
        Damaged = history.DamagedRows > 0 ? history.DamagedRows : null,
    };
}

/// <summary>One thing that happened.</summary>
public sealed record HistoryEntryView
{
    /// <summary>When the stream took it, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it was: <c>InputReady</c>, <c>InputNotReady</c>, <c>OutputReady</c>, <c>OutputNotReady</c>, <c>Observed</c>, <c>WorkerStarted</c>, <c>WorkerReady</c> (it works on a path of its own, and proves itself), <c>WorkerProgressed</c>, <c>WorkerSteady</c>, <c>WorkerStalled</c>, <c>WorkerExited</c>, <c>WorkerLost</c>, <c>RetryDue</c>, <c>Stop</c>, <c>Resume</c>, <c>Restart</c>, <c>ProfileChosen</c>, <c>StandbyChosen</c>, <c>StandbyStarted</c>, <c>StandbyReady</c>, <c>StandbySteppedIn</c>, <c>StandbyExited</c>, <c>StandbyStalled</c>, <c>StandbyLost</c>, <c>StandbyMoved</c>, <c>StandbyUnavailable</c>, <c>OutputInterrupted</c>, <c>OutputResumed</c> (nothing arrived of the output, and for how long), <c>Conflict</c> (the input is published on another media server too).</summary>
    public required string What { get; init; }

    /// <summary>What it did.</summary>
    public required EventOutcome Outcome { get; init; }

    /// <summary>The phase after it.</summary>
    public required StreamPhase Phase { get; init; }

    /// <summary>The latest run's number after it.</summary>
    public required long Generation { get; init; }

    /// <summary>The source it was about; absent when it was about none.</summary>
    public string? SourceId { get; init; }

    /// <summary>The address and port of the source's publisher; absent while unknown, and for entries about none.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>The hook event's id; absent for anything else.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Why; absent where there is no reason.</summary>
    public string? Reason { get; init; }

    /// <summary>Who ordered it, by the name of their token; absent for what nobody ordered.</summary>
    public string? By { get; init; }

    /// <summary>The trace that it belongs to; log lines carry the same.</summary>
    public string? TraceId { get; init; }

    internal static HistoryEntryView Of(HistoryEntry entry) => new()
    {
        At = entry.At.ToUniversalTime(),
        What = entry.What,
        Outcome = entry.Outcome,
        Phase = entry.Phase,
        Generation = entry.Generation,
        SourceId = entry.SourceId,
        RemoteAddress = entry.RemoteAddress,
        EventId = entry.EventId,
        Reason = entry.Reason,
        By = entry.By,
        TraceId = entry.TraceId,
    };
}
