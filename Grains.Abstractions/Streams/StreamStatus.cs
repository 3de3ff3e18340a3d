using System.Collections.Immutable;

namespace Streams;

/// <summary>Everything to know of a stream at one moment. It holds no credentials.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamStatus")]
public sealed record StreamStatus
{
    /// <summary>The stream.</summary>
    [Id(0)] public required StreamId StreamId { get; init; }

    /// <summary>Whether a worker should run.</summary>
    [Id(1)] public required StreamOrder Order { get; init; }

    /// <summary>What the worker is doing.</summary>
    [Id(2)] public required StreamPhase Phase { get; init; }

    /// <summary>When it entered <see cref="Phase"/>.</summary>
    [Id(3)] public required DateTimeOffset Since { get; init; }

    /// <summary>The number of the latest worker run; it only grows. 0 before the first.</summary>
    [Id(4)] public required long Generation { get; init; }

    /// <summary>The profile that the worker runs with.</summary>
    [Id(5)] public required string Profile { get; init; }

    /// <summary>Who publishes the input, and since when; null while nobody does.</summary>
    [Id(6)] public LiveSource? Input { get; init; }

    /// <summary>Who publishes the output, and since when; null while nobody does.</summary>
    [Id(7)] public LiveSource? Output { get; init; }

    /// <summary>The worker's process id; null without a worker.</summary>
    [Id(8)] public int? WorkerPid { get; init; }

    /// <summary>When the worker's process started; null without a worker.</summary>
    [Id(9)] public DateTimeOffset? WorkerStartedAt { get; init; }

    /// <summary>What the worker last reported in this run; null before the first report.</summary>
    [Id(10)] public WorkerProgress? Progress { get; init; }

    /// <summary>How many retries of the budget are used up.</summary>
    [Id(11)] public int Retries { get; init; }

    /// <summary>When the next retry starts; null unless the phase is <see cref="StreamPhase.Backoff"/> or <see cref="StreamPhase.Failed"/>.</summary>
    [Id(12)] public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why the last worker ended; null before the first end.</summary>
    [Id(13)] public string? LastReason { get; init; }

    /// <summary>The last lines that the latest worker wrote, oldest first.</summary>
    [Id(14)] public ImmutableArray<string> LogTail { get; init; } = [];

    /// <summary>Its place among the streams that wait for a free worker slot, 1 for the next; null when it does not wait.</summary>
    [Id(15)] public int? WaitingPosition { get; init; }

    /// <summary>Since when the input's publisher has sent nothing although it is connected; null while it sends, or when that is unknown.</summary>
    [Id(16)] public DateTimeOffset? InputIdleSince { get; init; }

    /// <summary>The input as MediaMTX last showed it; null when it did not.</summary>
    [Id(17)] public PathView? InputPath { get; init; }

    /// <summary>The output as MediaMTX last showed it; null when it did not.</summary>
    [Id(18)] public PathView? OutputPath { get; init; }

    /// <summary>Whether an operator has stopped the stream.</summary>
    [Id(19)] public bool IsHeld { get; init; }

    /// <summary>That the worker is slower than real time; null while it keeps up, or when that is unknown.</summary>
    [Id(20)] public SlowWorker? Slow { get; init; }

    /// <summary>That publishers take the input over from each other again and again; null while they do not.</summary>
    [Id(21)] public InputContest? Contested { get; init; }

    /// <summary>What the last worker failed at; null before the first failure.</summary>
    [Id(22)] public WorkerFault? LastFault { get; init; }

    /// <summary>Since when the stream has been without a running worker that it should have, all retries used up; null while it is not down.</summary>
    [Id(23)] public DateTimeOffset? DownSince { get; init; }

    /// <summary>Whether it may have a worker, a publisher or a reader. Of the others their saved rows say all that there is.</summary>
    public bool IsActive => Phase != StreamPhase.Offline || Input is not null || Output is not null;
}

/// <summary>A source that publishes now.</summary>
/// <param name="Type">MediaMTX's source type.</param>
/// <param name="Id">MediaMTX's source id.</param>
/// <param name="Query">The publisher's query without credentials.</param>
/// <param name="Since">When the hook saw it become ready.</param>
[GenerateSerializer, Immutable, Alias("Streams.LiveSource")]
public sealed record LiveSource(
    [property: Id(0)] string Type,
    [property: Id(1)] string Id,
    [property: Id(2)] string Query,
    [property: Id(3)] DateTimeOffset Since)
{
    /// <summary>The publisher's address and port as the Control API tells it; null while unknown, and for what MediaMTX pulls itself.</summary>
    [Id(4)] public string? RemoteAddress { get; init; }

    /// <summary>When MediaMTX took it on line, by MediaMTX's clock; null while only a hook has told of it.</summary>
    [Id(5)] public DateTimeOffset? OnlineAt { get; init; }

    /// <summary>Whether MediaMTX pulls it itself: it has no id of its own there, so its type stands for it.</summary>
    public bool IsPulled => Id == Type;

    /// <summary>Whether both are the same publish. Two of what MediaMTX pulls are told apart by when they came on line.</summary>
    public bool IsSameAs(LiveSource other) =>
        Id == other.Id && (!IsPulled || OnlineAt is null || other.OnlineAt is null || OnlineAt == other.OnlineAt);
}
