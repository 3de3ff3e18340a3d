using System.Net.Sockets;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>Describes and classifies failures of PostgreSQL and Npgsql. Messages have the address and the server's own reason, and no credentials. Pure.</summary>
internal static class PostgresErrors
{
    /// <summary>Converts a failure to the exception that the store's callers receive.</summary>
    public static StoreUnavailableException Unavailable(Exception failure, string target) =>
        failure as StoreUnavailableException ?? new StoreUnavailableException(Describe(failure, target), failure);

    /// <summary>The exception for a server that has not answered within the limit.</summary>
    public static StoreUnavailableException NoAnswer(string target) => new(
        $"PostgreSQL at {target} has not answered for {PostgresTarget.Limit.TotalSeconds:0} s: it hangs, is overloaded or cannot be reached. The next request tries again.");

    /// <summary>Describes a failure for users.</summary>
    public static string Describe(Exception failure, string target) => failure switch
    {
        PostgresException refused => $"PostgreSQL at {target} {Meaning(refused.SqlState)}: {refused.MessageText} (SQLSTATE {refused.SqlState})",
        TimeoutException or OperationCanceledException or NpgsqlException { InnerException: TimeoutException } => NoAnswer(target).Message,
        NpgsqlException or SocketException or IOException => $"PostgreSQL at {target} cannot be reached: {Innermost(failure)}",
        _ => $"PostgreSQL at {target} cannot be used: {Innermost(failure)}",
    };

    /// <summary>Whether a failure may be caused by one statement, so that the others of its batch can still be written.</summary>
    public static bool IsStatementError(Exception failure) =>
        failure is PostgresException { SqlState: { } state } && !IsSessionError(state) && state is not (PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege)
        && state[..2] is not ("53" or "58");

    /// <summary>Whether the connection must be abandoned. A read-only session may stay so after the server has become writable.</summary>
    public static bool BreaksConnection(Exception failure) =>
        failure is not PostgresException refused || refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction || IsSessionError(refused.SqlState);

    /// <summary>Whether a connection attempt may succeed later: the server is starting, restarting, unreachable or out of connections.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        PostgresException refused => refused.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether the server ended the session (57P..), or the connection is broken (08...).</summary>
    private static bool IsSessionError(string state) => state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal);

    private static string Meaning(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => "has no space left on its disk",
        PostgresErrorCodes.OutOfMemory => "is out of memory",
        PostgresErrorCodes.TooManyConnections => "has no connection left for another client",
        PostgresErrorCodes.ReadOnlySqlTransaction => "is read-only (a standby, or default_transaction_read_only is on)",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => "is shutting down, or has ended the connection",
        PostgresErrorCodes.CannotConnectNow => "is starting up or shutting down",
        PostgresErrorCodes.InsufficientPrivilege => "gives this user no permission for it",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "refuses the user or the password",
        PostgresErrorCodes.InvalidCatalogName => "has no such database",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction => "lacks a part of the schema",
        PostgresErrorCodes.LockNotAvailable => "holds this row or table locked for somebody else",
        PostgresErrorCodes.QueryCanceled => "was too slow, and gave up",
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => "has damaged data",
        PostgresErrorCodes.IoError => "cannot read or write its files",
        _ => "refuses it",
    };

    private static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message;
    }
}
