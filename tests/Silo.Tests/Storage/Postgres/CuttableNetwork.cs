using System.Net;
using System.Net.Sockets;
using Streams.Testing;

namespace Streams.Silo.Tests.Storage.Postgres;

/// <summary>
/// The way to a server, which can be cut: what is connected then stays so, and nothing passes any more, as when a cable is pulled. After
/// <see cref="Mend"/> new connections pass; the old ones are dead for ever, and neither side is told.
/// </summary>
internal sealed class CuttableNetwork : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _sockets = [];
    private readonly Task _loop;
    private volatile bool _isCut;
    private int _cuts;

    public CuttableNetwork(int target)
    {
        _target = target;
        Port = FreePorts.Next();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _loop = Task.Run(Accept);
    }

    public int Port { get; }

    public void Cut()
    {
        _isCut = true;
        Interlocked.Increment(ref _cuts);
    }

    public void Mend() => _isCut = false;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        lock (_sockets)
        {
            _sockets.ForEach(static socket => socket.Dispose());
        }

        _end.Dispose();
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptSocketAsync(_end.Token);
                Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets)
                {
                    _sockets.AddRange([client, server]);
                }

                int cuts = Volatile.Read(ref _cuts);
                if (!_isCut)
                {
                    await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                    _ = Pass(client, server, cuts);
                    _ = Pass(server, client, cuts);
                }
            }
            catch (Exception) when (_end.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Passes what comes, until the end of either side or a cut; after a cut not even the end passes.</summary>
    private async Task Pass(Socket from, Socket to, int cuts)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int read = await from.ReceiveAsync(buffer, _end.Token);
                if (Volatile.Read(ref _cuts) != cuts)
                {
                    return;
                }

                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side is gone.
        }
    }
}
