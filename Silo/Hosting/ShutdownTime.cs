using Streams.Api.Cluster;

namespace Streams.Silo.Hosting;

/// <summary>The longest time that a shutdown takes: the drain, then the workers, then requests in progress, then pending saves.</summary>
internal static class ShutdownTime
{
    /// <summary>Kestrel waits up to 10 s for the headers of a request.</summary>
    private static readonly TimeSpan Requests = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Saving = TimeSpan.FromSeconds(3);

    /// <summary>The longest shutdown with these worker settings, once the silo is drained.</summary>
    public static TimeSpan Of(WorkerOptions workers) => workers.LongestEnd + Requests + Saving;

    /// <summary>The longest drain: a silo that is alone has none.</summary>
    public static TimeSpan Of(DrainOptions drain, ClusterConnectionOptions cluster) => cluster.Clustering == ClusteringKind.Localhost ? TimeSpan.Zero : drain.DrainTimeout;
}
