using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// Watches one MediaMTX: asks its Control API every second what is live, and tells each stream. The key is the node's name.
/// Hooks are hints; this is the level behind them.
/// </summary>
[Alias("Streams.IMediaNodeGrain")]
public interface IMediaNodeGrain : IGrainWithStringKey
{
    /// <summary>The name of the only node that is configured today.</summary>
    const string DefaultName = "default";

    /// <summary>Starts watching when it does not yet; every silo calls it again and again, so that some silo always watches.</summary>
    [Alias("Watch")]
    Task Watch();

    /// <summary>A worker has been started: looks again soon, since its output is awaited. A hint; nothing depends on its arrival.</summary>
    [Alias("WatchClosely")]
    Task WatchClosely();

    /// <summary>How the watching goes.</summary>
    [Alias("GetStatus"), AlwaysInterleave, ReadOnly]
    Task<MediaNodeStatus> GetStatus();
}

/// <summary>How watching a MediaMTX goes.</summary>
[GenerateSerializer, Immutable, Alias("Streams.MediaNodeStatus")]
public sealed record MediaNodeStatus
{
    /// <summary>The node's name.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Whether the last question was answered; while not, what is live is unknown and workers are left alone.</summary>
    [Id(1)] public bool IsReachable { get; init; }

    /// <summary>Since when <see cref="IsReachable"/> is so; null before the first question.</summary>
    [Id(2)] public DateTimeOffset? Since { get; init; }

    /// <summary>Why the last question failed; null when it did not.</summary>
    [Id(3)] public string? Problem { get; init; }

    /// <summary>When MediaMTX last answered; null before that.</summary>
    [Id(4)] public DateTimeOffset? LastAnswerAt { get; init; }

    /// <summary>How many paths were live then.</summary>
    [Id(5)] public int LivePaths { get; init; }

    /// <summary>How often a stream was told something that its hooks had not told it.</summary>
    [Id(6)] public long Corrections { get; init; }

    /// <summary>Its version as it says itself; null when it has not said.</summary>
    [Id(7)] public string? Version { get; init; }

    /// <summary>How long its last answer took.</summary>
    [Id(8)] public TimeSpan? AnswerTime { get; init; }
}
