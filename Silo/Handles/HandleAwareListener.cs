using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Streams.Silo.Handles;

/// <summary>Accepts connections, and pauses while there is no file handle for one. New connections then wait in the kernel's backlog.</summary>
internal sealed class HandleAwareListener(Socket socket, SocketTransportOptions settings, TimeProvider time, ILogger logger) : IConnectionListener
{
    /// <summary>Handles that new connections leave free for everything else when handles are short.</summary>
    private const int KeptFree = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SocketConnectionContextFactory _connections = new(
        new SocketConnectionFactoryOptions
        {
            IOQueueCount = settings.IOQueueCount,
            WaitForDataBeforeAllocatingBuffer = settings.WaitForDataBeforeAllocatingBuffer,
            MaxReadBufferSize = settings.MaxReadBufferSize,
            MaxWriteBufferSize = settings.MaxWriteBufferSize,
            UnsafePreferInlineScheduling = settings.UnsafePreferInlineScheduling,
        },
        logger);

    private volatile bool _isUnbound;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (!_isUnbound)
        {
            try
            {
                if (HandleReserve.IsReleased && FileHandles.CountFree(KeptFree + 1) <= KeptFree)
                {
                    await Task.Delay(Pause, time, cancellationToken);
                    continue;
                }

                Socket accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = settings.NoDelay;
                return _connections.Create(accepted);
            }
            catch (SocketException none) when (none.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                HandleReserve.Release();
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException)
            {
                // The connection was reset before it was accepted: continue with the next.
            }
        }

        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _isUnbound = true;
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _isUnbound = true;
        socket.Dispose();
        _connections.Dispose();
        return ValueTask.CompletedTask;
    }
}
