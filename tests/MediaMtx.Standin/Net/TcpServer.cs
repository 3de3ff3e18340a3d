using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MediaMtx.Standin.Net;

/// <summary>Accepts connections and runs a handler for each, until it is closed.</summary>
internal sealed class TcpServer : IAsyncDisposable
{
    private const int Backlog = 512;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private Task _accepting = Task.CompletedTask;

    /// <summary>Listens.</summary>
    /// <exception cref="SocketException">The address is taken.</exception>
    public TcpServer(IPEndPoint address)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Address.Equals(IPAddress.IPv6Any))
        {
            _listener.DualMode = true;
        }

        _listener.Bind(address);
        _listener.Listen(Backlog);
    }

    /// <summary>Begins to accept.</summary>
    /// <param name="handle">Serves a connection until it ends; it disposes of the socket.</param>
    public void Start(Func<Socket, Task> handle) => _accepting = Accept(handle);

    /// <summary>Stops accepting, and waits for the connections; the owner has told them to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _closing.Dispose();
    }

    private async Task Accept(Func<Socket, Task> handle)
    {
        while (!_closing.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_closing.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_closing.IsCancellationRequested)
            {
                // The client was gone before it was accepted: the next one is not to blame.
                continue;
            }
            catch (SocketException)
            {
                return;
            }

            socket.NoDelay = true;
            Task connection = Task.Run(() => handle(socket));
            _connections[connection] = true;
            _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out bool _), TaskScheduler.Default);
        }
    }
}
