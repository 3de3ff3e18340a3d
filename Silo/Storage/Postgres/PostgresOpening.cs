using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Opens the database at the start of a silo, or says why that cannot be and what to do.</summary>
internal static class PostgresOpening
{
    /// <summary>How long a server is waited for that cannot be reached or starts.</summary>
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The connection that owns the database, with the present schema.</summary>
    /// <exception cref="StorageUnusableException">It cannot be used.</exception>
    public static async Task<OwnedConnection> Open(PostgresPlace place, TimeProvider time, CancellationToken cancellationToken)
    {
        OwnedConnection connection = new(place, time);
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await connection.Open(cancellationToken);
                return connection;
            }
            catch (Exception failure) when (PostgresErrors.MayPass(failure) && time.GetElapsedTime(start) < Wait)
            {
                await Task.Delay(Interval, time, cancellationToken);
            }
            catch (Exception failure)
            {
                await connection.DisposeAsync();
                throw failure as StorageUnusableException ?? Unusable(failure, place.Text, cancellationToken);
            }
        }
    }

    private static Exception Unusable(Exception failure, string place, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => failure,
        DatabaseOwnedException owned => new StorageUnusableException(
            $"The database at {place} is in use by another silo: {owned.Owner}. End that one first, or give this one a database of its own (STREAMS_STORE_CONNECTION).",
            failure),
        _ => new StorageUnusableException($"{PostgresErrors.Describe(failure, place)}. {Remedy(failure)}", failure),
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
