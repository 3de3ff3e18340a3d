using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Opens the database at the start of a silo, or reports why it cannot be opened and what to do.</summary>
internal static class PostgresOpening
{
    /// <summary>How long to wait for a server that is unreachable or starting.</summary>
    private static readonly TimeSpan ServerTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Opens the connection that owns the database, and migrates the schema.</summary>
    /// <exception cref="StorageUnusableException">The database cannot be used.</exception>
    public static async Task<OwnedConnection> Open(PostgresTarget target, TimeProvider time, CancellationToken cancellationToken)
    {
        OwnedConnection connection = new(target, time);
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await connection.Open(cancellationToken);
                return connection;
            }
            catch (Exception failure) when (PostgresErrors.IsTransient(failure) && time.GetElapsedTime(start) < ServerTimeout)
            {
                await Task.Delay(RetryInterval, time, cancellationToken);
            }
            catch (Exception failure)
            {
                await connection.DisposeAsync();
                throw failure as StorageUnusableException ?? Unusable(failure, target.Text, cancellationToken);
            }
        }
    }

    private static Exception Unusable(Exception failure, string target, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => failure,
        DatabaseOwnedException owned => new StorageUnusableException(
            $"The database at {target} is in use by another silo: {owned.Owner}. End that one first, or give this one a database of its own (STREAMS_STORE_CONNECTION).",
            failure),
        _ => new StorageUnusableException($"{PostgresErrors.Describe(failure, target)}. {Remedy(failure)}", failure),
    };

    private static string Remedy(Exception failure) => (failure as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            "Check the user and the password in STREAMS_STORE_CONNECTION, and the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => "Create it, for example with createdb, or correct STREAMS_STORE_CONNECTION.",
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName =>
            "Make the user the owner of the database, or grant it: GRANT USAGE, CREATE ON SCHEMA public TO the user.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "Name the primary server in STREAMS_STORE_CONNECTION, or make this one writable.",
        null => $"The silo waited {ServerTimeout.TotalSeconds:0} s for it. Check that the server runs and that STREAMS_STORE_CONNECTION names its host and port.",
        _ => "The server's log has more.",
    };
}
