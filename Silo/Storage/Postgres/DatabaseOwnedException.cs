namespace Streams.Silo.Storage.Postgres;

/// <summary>Another silo, or another cluster, owns the database.</summary>
/// <param name="owner">Who; null for one that has not signed yet.</param>
internal sealed class DatabaseOwnedException(DatabaseOwner? owner) : Exception($"It is owned by {Name(owner)}.")
{
    /// <summary>Whether it is a cluster's.</summary>
    public bool IsOfCluster => owner?.Cluster is not null;

    /// <summary>Who, for people.</summary>
    public string Owner => Name(owner);

    private static string Name(DatabaseOwner? owner) => owner?.ToString() ?? "one that has not signed yet";
}
