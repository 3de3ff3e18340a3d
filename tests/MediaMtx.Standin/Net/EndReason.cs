using System.Net.Sockets;

namespace MediaMtx.Standin.Net;

/// <summary>Why a connection ended, as its last log line says it.</summary>
internal static class EndReason
{
    /// <summary>Whether an exception is an end that connections meet, and no fault of the stand-in.</summary>
    public static bool IsExpected(Exception error) =>
        error is IOException or InvalidDataException or SocketException or OperationCanceledException or ObjectDisposedException;

    public static string Of(Exception error) => error switch
    {
        EndOfStreamException => "EOF",
        OperationCanceledException => "terminated",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "read: connection reset by peer",
        _ => error.Message,
    };
}
