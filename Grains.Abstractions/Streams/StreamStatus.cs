using System.Collections.Immutable;

namespace Streams;

/// <summary>The status of a stream at one moment. It holds no credentials.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamStatus")]
public sealed record StreamStatus
{
    /// <summary>The stream.</summary>
    [Id(0)] public required StreamId StreamId { get; init; }

    /// <summary>Whether a worker should run.</summary>
    [Id(1)] public required StreamOrder Order { get; init; }

    /// <summary>The actual state of the worker.</summary>
    [Id(2)] public required StreamPhase Phase { get; init; }

    /// <summary>When the stream entered <see cref="Phase"/>.</summary>
    [Id(3)] public required DateTimeOffset Since { get; init; }

    /// <summary>The number of the latest worker run; it only increases. 0 before the first.</summary>
    [Id(4)] public required long Generation { get; init; }

    /// <summary>The profile that the worker runs with.</summary>
    [Id(5)] public required string Profile { get; init; }

    /// <summary>The source of the input; null while it has none.</summary>
    [Id(6)] public LiveSource? Input { get; init; }

    /// <summary>The source of the output; null while it has none.</summary>
    [Id(7)] public LiveSource? Output { get; init; }

    /// <summary>The worker's process id; null without a worker.</summary>
    [Id(8)] public int? WorkerPid { get; init; }

    /// <summary>When the worker's process started; null without a worker.</summary>
    [Id(9)] public DateTimeOffset? WorkerStartedAt { get; init; }

    /// <summary>The worker's latest progress report in this run; null before the first.</summary>
    [Id(10)] public WorkerProgress? Progress { get; init; }

    /// <summary>How many retries of the budget are used up.</summary>
    [Id(11)] public int Retries { get; init; }

    /// <summary>When the next retry starts; null unless the phase is <see cref="StreamPhase.Backoff"/> or <see cref="StreamPhase.Failed"/>.</summary>
    [Id(12)] public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why the last worker ended; null before the first end.</summary>
    [Id(13)] public string? LastReason { get; init; }

    /// <summary>The last log lines of the latest worker, oldest first.</summary>
    [Id(14)] public ImmutableArray<string> LogTail { get; init; } = [];

    /// <summary>Its position in the queue for a worker slot, 1 for the next; null when it does not wait.</summary>
    [Id(15)] public int? WaitingPosition { get; init; }

    /// <summary>Since when the input's publisher has been connected without sending; null while it sends, or when this is unknown.</summary>
    [Id(16)] public DateTimeOffset? InputIdleSince { get; init; }

    /// <summary>The input path as MediaMTX last showed it; null when it did not.</summary>
    [Id(17)] public PathView? InputPath { get; init; }

    /// <summary>The output path as MediaMTX last showed it; null when it did not.</summary>
    [Id(18)] public PathView? OutputPath { get; init; }

    /// <summary>Whether an operator has stopped the stream.</summary>
    [Id(19)] public bool IsHeld { get; init; }

    /// <summary>Set while the worker is slower than real time; null while it keeps up, or when this is unknown.</summary>
    [Id(20)] public SlowWorker? Slow { get; init; }

    /// <summary>Set while publishers repeatedly take over the input from each other; otherwise null.</summary>
    [Id(21)] public InputContest? Contested { get; init; }

    /// <summary>What the last worker failed at; null before the first failure.</summary>
    [Id(22)] public WorkerFault? LastFault { get; init; }

    /// <summary>Since when the stream has lacked a running worker with all retries used up; null while it is not down.</summary>
    [Id(23)] public DateTimeOffset? DownSince { get; init; }

    /// <summary>Publishers of the same input at other media servers, which have to give way to <see cref="Input"/>; usually none.</summary>
    [Id(26)] public ImmutableArray<LiveSource> Conflicts { get; init; } = [];

    /// <summary>The planned change that is under way; null without one.</summary>
    [Id(30)] public StreamChange? Change { get; init; }

    /// <summary>Why the last planned change was given up, and the former worker stayed; null when none was.</summary>
    [Id(31)] public string? ChangeProblem { get; init; }

    /// <summary>Set while the audience gets the fallback programme, since the worker of <see cref="Profile"/> failed; otherwise null.</summary>
    [Id(33)] public StreamFallback? Fallback { get; init; }

    /// <summary>The operator's choice of a standby; null for what the profile says.</summary>
    [Id(41)] public StandbyMode? StandbyChoice { get; init; }

    /// <summary>The standby of a stream that asks for one, or why it has none; null for any other, and until one was looked for.</summary>
    [Id(37)] public StreamStandby? Standby { get; init; }

    /// <summary>What the audience saw of this broadcast; null before its first output.</summary>
    [Id(36)] public StreamAudience? Audience { get; init; }

    /// <summary>What the output showed over the last day, oldest first; empty in the feed, and before anything was recorded.</summary>
    [Id(40)] public ImmutableArray<OutputSpan> Day { get; init; } = [];

    /// <summary>The name of the silo whose host runs the worker, as its address; null without a worker.</summary>
    [Id(32)] public string? Host { get; init; }

    /// <summary>Whether the audience of the output stays connected while no worker publishes it; null while the stream is offline, and before its first worker.</summary>
    [Id(35)] public StreamContinuity? Continuity { get; init; }

    /// <summary>Whether the stream may have a worker, a publisher or a reader. An inactive stream has no more to show than its saved row.</summary>
    public bool IsActive => Phase != StreamPhase.Offline || Input is not null || Output is not null;
}

/// <summary>A source that is publishing.</summary>
/// <param name="Type">MediaMTX's source type.</param>
/// <param name="Id">MediaMTX's source id.</param>
/// <param name="Query">The publisher's query without credentials.</param>
/// <param name="Since">When it became ready, as the hook reported it.</param>
[GenerateSerializer, Immutable, Alias("Streams.LiveSource")]
public sealed record LiveSource(
    [property: Id(0)] string Type,
    [property: Id(1)] string Id,
    [property: Id(2)] string Query,
    [property: Id(3)] DateTimeOffset Since)
{
    /// <summary>The publisher's address and port as the Control API shows it; null while unknown, and for sources that MediaMTX pulls.</summary>
    [Id(4)] public string? RemoteAddress { get; init; }

    /// <summary>When it came online, by MediaMTX's clock; null while only a hook has reported it.</summary>
    [Id(5)] public DateTimeOffset? OnlineAt { get; init; }

    /// <summary>The media server that it publishes to; null in what was saved before there could be several, which is the first.</summary>
    [Id(6)] public string? Node { get; init; }

    /// <summary>Whether MediaMTX pulls the source. Such a source has no id in MediaMTX, so its type is used as the id.</summary>
    public bool IsPulled => Id == Type;

    /// <summary>Whether both are at the same media server; one that is not known may be any.</summary>
    public bool IsAtNodeOf(LiveSource other) => Node is null || other.Node is null || Node == other.Node;

    /// <summary>Whether both are the same publish. Pulled sources are distinguished by their media server and when they came online.</summary>
    public bool IsSameAs(LiveSource other) =>
        Id == other.Id && (!IsPulled || (IsAtNodeOf(other) && (OnlineAt is null || other.OnlineAt is null || OnlineAt == other.OnlineAt)));
}
