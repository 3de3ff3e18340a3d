namespace Streams;

/// <summary>
/// What the stream's worker is doing. What it should be doing is the <see cref="StreamOrder"/>; the two stay apart.
/// The legal transitions stand in one table, <c>StreamTransitions</c>.
/// </summary>
public enum StreamPhase
{
    /// <summary>No worker, and none is wanted.</summary>
    Offline,

    /// <summary>A worker is being started, or has started and nothing of it has arrived yet.</summary>
    Starting,

    /// <summary>The worker's output arrives.</summary>
    Running,

    /// <summary>The worker ended although it is wanted; the next one starts at <see cref="StreamStatus.RetryAt"/>.</summary>
    Backoff,

    /// <summary>The worker was told to end and is not verified gone yet.</summary>
    Stopping,

    /// <summary>
    /// The worker ended too often, or cannot be started at all. It is tried again from time to time while its input is live; a new source or an
    /// operator's restart starts it at once.
    /// </summary>
    Failed,
}
