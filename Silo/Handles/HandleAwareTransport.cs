using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Streams.Silo.Handles;

/// <summary>
/// Kestrel's transport by sockets, with a loop of its own that accepts connections. Kestrel's takes the lack of a handle for a connection that was
/// reset, and tries again at once and for ever: the API is dead, and a processor busy.
/// </summary>
internal sealed class PatientTransport(IOptions<SocketTransportOptions> options, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
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
        return ValueTask.FromResult<IConnectionListener>(new PatientListener(socket, settings, time, loggers.CreateLogger<PatientListener>()));
    }
}
