using Streams.Api.Cluster;

namespace Streams.Silo.Hosting;

/// <summary>The longest time that a shutdown takes: the workers, then requests in progress, then pending saves.</summary>
internal static class ShutdownTime
{
    /// <summary>Kestrel waits up to 10 s for the headers of a request.</summary>
    private static readonly TimeSpan Requests = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Saving = TimeSpan.FromSeconds(3);

    /// <summary>The longest shutdown with these settings: the drain, if the silo is one of several, comes first.</summary>
    public static TimeSpan Of(WorkerOptions workers, ClusterConnectionOptions cluster, DrainOptions drain) =>
        (cluster.Clustering == ClusteringKind.Localhost ? TimeSpan.Zero : drain.DrainTimeout) + workers.LongestEnd + Requests + Saving;
}
