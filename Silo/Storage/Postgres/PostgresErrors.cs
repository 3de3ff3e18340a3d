using System.Net.Sockets;
using Npgsql;

namespace Streams.Silo.Storage.Postgres;

/// <summary>What PostgreSQL's and Npgsql's failures mean, in words with the place and the server's own reason, and without credentials. Pure.</summary>
internal static class PostgresErrors
{
    /// <summary>A failure as callers of the store get it.</summary>
    public static StoreUnavailableException Unavailable(Exception failure, string place) =>
        failure as StoreUnavailableException ?? new StoreUnavailableException(Describe(failure, place), failure);

    /// <summary>A server that has not answered within the limit.</summary>
    public static StoreUnavailableException NoAnswer(string place) => NoAnswer(place, PostgresTarget.Limit);

    /// <summary>A server that has not answered within a limit.</summary>
    public static StoreUnavailableException NoAnswer(string place, TimeSpan limit) => new(
        $"PostgreSQL at {place} has not answered for {limit.TotalSeconds:0} s: it hangs, is overloaded or cannot be reached. It is tried again with the next request.");

    /// <summary>What happened, for people.</summary>
    public static string Describe(Exception failure, string place) => failure switch
    {
        PostgresException refused => $"PostgreSQL at {place} {Words(refused.SqlState)}: {refused.MessageText} (SQLSTATE {refused.SqlState})",
        TimeoutException or OperationCanceledException or NpgsqlException { InnerException: TimeoutException } => NoAnswer(place).Message,
        NpgsqlException or SocketException or IOException => $"PostgreSQL at {place} cannot be reached: {Innermost(failure)}",
        _ => $"PostgreSQL at {place} cannot be used: {Innermost(failure)}",
    };

    /// <summary>Whether a failure may be one statement's own, so that the others of its batch can still be written.</summary>
    public static bool IsStatementError(Exception failure) =>
        failure is PostgresException { SqlState: { } state } && !IsSessionError(state) && state is not (PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege)
        && state[..2] is not ("53" or "58");

    /// <summary>Whether the connection must be given up. One that is read-only may stay so when the server is not any more.</summary>
    public static bool BreaksConnection(Exception failure) =>
        failure is not PostgresException refused || refused.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction || IsSessionError(refused.SqlState);

    /// <summary>Whether a server that does not let us in now may do so soon: it starts, restarts or has all its connections in use.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        PostgresException refused => refused.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>The server ends the session (57P..), or the session is not what we think (08...).</summary>
    private static bool IsSessionError(string state) => state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal);

    private static string Words(string state) => state switch
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
