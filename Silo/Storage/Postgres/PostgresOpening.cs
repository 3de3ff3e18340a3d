using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Opens the database at the start of a silo, or says why that cannot be and what to do.</summary>
internal static class PostgresOpening
{
    /// <summary>How long a server is waited for that cannot be reached or starts.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The connection that owns the database, with the present schema.</summary>
    /// <param name="place">The database.</param>
    /// <param name="cluster">The id of the cluster whose silos share it; null for a silo that has it alone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StorageUnusableException">It cannot be used.</exception>
    public static async Task<OwnedConnection> Open(PostgresTarget place, string? cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        OwnedConnection connection = new(place, cluster, time);
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await connection.Open(cancellationToken);
                return connection;
            }
            catch (Exception failure) when (PostgresErrors.IsTransient(failure) && time.GetElapsedTime(start) < Wait)
            {
                await Task.Delay(Interval, time, cancellationToken);
            }
            catch (Exception failure)
            {
                await connection.DisposeAsync();
                throw failure as StorageUnusableException ?? Unusable(failure, place.Text, cluster, cancellationToken);
            }
        }
    }

    private static Exception Unusable(Exception failure, string place, string? cluster, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => failure,
        DatabaseOwnedException owned => new StorageUnusableException($"The database at {place} is in use by {Whom(owned, cluster)}", failure),
        _ => new StorageUnusableException($"{PostgresErrors.Describe(failure, place)}. {Remedy(failure)}", failure),
    };

    private static string Whom(DatabaseOwnedException owned, string? cluster) => (cluster, owned.IsOfCluster) switch
    {
        (null, false) => $"another silo: {owned.Owner}. End that one first, or give this one a database of its own (STREAMS_STORE_CONNECTION).",
        (null, true) => $"{owned.Owner}. This silo is in no cluster (STREAMS_CLUSTERING=localhost): end all of those first, make this one of them, "
            + "or give it a database of its own (STREAMS_STORE_CONNECTION).",
        (_, false) => $"a silo that is in no cluster: {owned.Owner}. This one is of cluster '{cluster}': end that one first, or start it with STREAMS_CLUSTERING=postgres, "
            + "or give this cluster a database of its own (STREAMS_STORE_CONNECTION).",
        (_, true) => $"{owned.Owner}. This silo is of cluster '{cluster}' (Streams:Cluster:ClusterId): give each cluster a database of its own (STREAMS_STORE_CONNECTION), "
            + "or this silo the other's id.",
    };

    private static string Remedy(Exception failure) => (failure as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "Check the user and the password in STREAMS_STORE_CONNECTION, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => "Create it, for example with createdb, or correct STREAMS_STORE_CONNECTION.",
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName =>
            "Make the user the owner of the database, or grant it: GRANT USAGE, CREATE ON SCHEMA public TO the user.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "Name the primary server in STREAMS_STORE_CONNECTION, or make this one writable.",
        null => $"It was waited for, {Wait.TotalSeconds:0} s. Check that the server runs and that STREAMS_STORE_CONNECTION names its host and port.",
        _ => "The server's log has more.",
    };
}
