namespace Streams.Grains.Workers;

/// <summary>
/// Tells from the end of a worker whether it is the kept output that it cannot write: MediaMTX refuses a publisher whose tracks are not those that were
/// announced (400 Bad Request). The next run then publishes in the usual way, which costs the output its audience. A key that is refused (401) says nothing of tracks: a silo
/// that hangs may have been asked about it. Pure.
/// </summary>
internal static class KeptRefusal
{
    /// <summary>Whether the next run is to publish in the usual way.</summary>
    /// <param name="exit">How the run ended of which nothing arrived.</param>
    /// <param name="hasFallback">Whether another profile takes its place: then the audience is served meanwhile, and loses by a guess.</param>
    public static bool Is(WorkerExit exit, bool hasFallback) => exit.Kind switch
    {
        WorkerExitKind.Hung => true,
        // A program that does not say why may have been refused.
        WorkerExitKind.Failed => exit.Fault == WorkerFault.Writing || (exit.Fault == WorkerFault.Unknown && !hasFallback),
        _ => false,
    };
}
