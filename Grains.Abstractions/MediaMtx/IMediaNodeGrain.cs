using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// Watches one MediaMTX: polls its Control API every second for the live paths, and notifies each stream. The key is the node's name.
/// Hooks report edges and may be lost; this poll is the level that corrects them.
/// </summary>
[Alias("Streams.IMediaNodeGrain")]
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>Starts watching, if it does not yet. Every silo calls this repeatedly, so that one of them always watches.</summary>
    [Alias("Watch")]
    Task Watch();

    /// <summary>Polls again soon, since a worker has started and its output is expected. Only a hint: nothing depends on it.</summary>
    [Alias("WatchClosely")]
    Task WatchClosely();

    /// <summary>The latest result of watching.</summary>
    [Alias("GetStatus"), AlwaysInterleave, ReadOnly]
    Task<MediaNodeStatus> GetStatus();
}

/// <summary>The state of one MediaMTX, as its watch last saw it.</summary>
[GenerateSerializer, Immutable, Alias("Streams.MediaNodeStatus")]
public sealed record MediaNodeStatus
{
    /// <summary>The node's name.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Whether the last poll was answered. While it is not, the live paths are unknown, and no worker is started or stopped because of them.</summary>
    [Id(1)] public bool IsReachable { get; init; }

    /// <summary>When <see cref="IsReachable"/> last changed; null before the first poll.</summary>
    [Id(2)] public DateTimeOffset? Since { get; init; }

    /// <summary>Why the last poll failed; null when it did not.</summary>
    [Id(3)] public string? Problem { get; init; }

    /// <summary>When MediaMTX last answered; null before that.</summary>
    [Id(4)] public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>How many paths were live in that answer.</summary>
    [Id(5)] public int LivePaths { get; init; }

    /// <summary>How often the poll corrected a stream, because a hook was lost.</summary>
    [Id(6)] public long Corrections { get; init; }

    /// <summary>The version that it reports; null when it has reported none.</summary>
    [Id(7)] public string? Version { get; init; }

    /// <summary>The response time of its last answer.</summary>
    [Id(8)] public TimeSpan? AnswerTime { get; init; }

    /// <summary>Where it is, as configured; empty for nowhere in particular.</summary>
    [Id(9)] public string Zone { get; init; } = "";
}
