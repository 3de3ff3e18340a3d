namespace Streams;

/// <summary>
/// What the stream's worker is doing. What it should be doing is the <see cref="StreamOrder"/>; the two stay apart.
/// The legal transitions stand in one table, <c>StreamTransitions</c>.
/// </summary>
public enum StreamPhase
{
    /// <summary>No worker, and none is wanted.</summary>
    Offline,

    /// <summary>A worker is being started, or has started and has not reported progress yet.</summary>
    Starting,

    /// <summary>The worker reports progress.</summary>
    Running,

    /// <summary>The worker ended although it is wanted; the next one starts at <see cref="StreamStatus.RetryAt"/>.</summary>
    Backoff,

    /// <summary>The worker was told to end and is not verified gone yet.</summary>
    Stopping,

    /// <summary>The worker ended too often, or cannot be started at all. A new source or an operator's restart starts it again.</summary>
    Failed,
}
