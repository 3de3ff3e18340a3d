namespace Streams;

/// <summary>
/// The actual state of the stream's worker; the desired state is the <see cref="StreamOrder"/>. The legal transitions are in one table,
/// <c>StreamTransitions</c>.
/// </summary>
public enum StreamPhase
{
    /// <summary>No worker, and none is wanted.</summary>
    Offline,

    /// <summary>A worker is being started, or has started and its output has not arrived yet.</summary>
    Starting,

    /// <summary>The worker's output arrives.</summary>
    Running,

    /// <summary>The worker ended although one is wanted; the next starts at <see cref="StreamStatus.RetryAt"/>.</summary>
    Backoff,

    /// <summary>The worker has been asked to end and is not verified gone yet.</summary>
    Stopping,

    /// <summary>
    /// The worker ended too often, or cannot be started. It is retried periodically while its input is live; a new source or an operator's
    /// restart starts it at once.
    /// </summary>
    Failed,
}
