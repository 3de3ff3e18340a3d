namespace Streams.Api.Cluster;

/// <summary>How the silos of a cluster find each other.</summary>
public enum ClusteringKind
{
    /// <summary>They do not: one silo, on this machine.</summary>
    Localhost,

    /// <summary>By a table in the database of the store.</summary>
    Postgres,
}
