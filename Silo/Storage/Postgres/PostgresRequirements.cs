using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>What the server must be.</summary>
internal static class PostgresRequirements
{
    /// <summary>The oldest version that the tests run on.</summary>
    private const int OldestServer = 15;

    /// <exception cref="StorageUnusableException">It is too old.</exception>
    public static void Check(NpgsqlConnection connection, string place) => Check(connection.PostgreSqlVersion, place);

    /// <inheritdoc cref="Check(NpgsqlConnection, string)"/>
    public static void Check(Version server, string place)
    {
        if (server.Major < OldestServer)
        {
            throw new StorageUnusableException(
                $"PostgreSQL at {place} is of version {server.Major}, and this program needs {OldestServer} or later. Update the server, or use another.",
                new NotSupportedException("An old server."));
        }
    }
}
