using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Streams.Silo.Handles;

/// <summary>
/// Kestrel's socket transport with its own accept loop, which survives a shortage of file handles. Kestrel's own loop mistakes the shortage for a reset
/// connection and retries at once, forever: the API stops responding, and a processor is busy.
/// </summary>
internal sealed class HandleAwareTransport(IOptions<SocketTransportOptions> options, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        SocketTransportOptions settings = options.Value;
        Socket socket;
        try
        {
            socket = settings.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }

        socket.Listen(settings.Backlog);
        return ValueTask.FromResult<IConnectionListener>(new HandleAwareListener(socket, settings, time, loggers.CreateLogger<HandleAwareListener>()));
    }
}
