using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Checks that the server's version is supported.</summary>
internal static class PostgresRequirements
{
    /// <summary>The oldest supported version, which the tests run on too.</summary>
    private const int OldestServer = 15;

    /// <summary>Checks the server of an open connection.</summary>
    /// <exception cref="StorageUnusableException">The server is too old.</exception>
    public static void Check(NpgsqlConnection connection, string target) => Check(connection.PostgreSqlVersion, target);

    /// <inheritdoc cref="Check(NpgsqlConnection, string)"/>
    public static void Check(Version server, string target)
    {
        if (server.Major < OldestServer)
        {
            throw new StorageUnusableException(
                $"PostgreSQL at {target} is of version {server.Major}, and this program needs {OldestServer} or later. Update the server, or use another.",
                new NotSupportedException("An old server."));
        }
    }
}
