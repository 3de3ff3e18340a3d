using System.Net;
using System.Net.Sockets;

namespace Streams.Testing;

/// <summary>Connections to a port of this machine that send nothing.</summary>
/// <param name="port">The port.</param>
public sealed class SilentConnections(int port) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly List<Socket> _sockets = [];

    /// <summary>The sockets, in the order in which they were opened.</summary>
    public IReadOnlyList<Socket> Sockets => _sockets;

    /// <summary>How many the other side has not closed.</summary>
    public int CountOpen() => _sockets.Count(IsOpen);

    /// <summary>Opens more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="addresses">From how many addresses of 127.0.0.0/8, in turn; 1 is 127.0.0.1 itself.</param>
    public async Task Open(int count, int addresses = 1)
    {
        for (int i = 0; i < count; i++)
        {
            _sockets.Add(await Connect(addresses == 1 ? IPAddress.Loopback : new IPAddress([127, 0, 1, (byte)(1 + (i % addresses))])));
        }
    }

    /// <summary>Opens each again as soon as the other side has closed it, up to so many at once, until told to end.</summary>
    /// <returns>How many were opened again.</returns>
    public async Task<int> Reopen(int atOnce, CancellationToken ends)
    {
        int reopened = 0;
        while (!ends.IsCancellationRequested)
        {
            foreach (int closed in Enumerable.Range(0, _sockets.Count).Where(i => !IsOpen(_sockets[i])).Take(atOnce).ToArray())
            {
                IPAddress from = ((IPEndPoint)_sockets[closed].LocalEndPoint!).Address;
                _sockets[closed].Dispose();
                _sockets[closed] = await Connect(from);
                reopened++;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        return reopened;
    }

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());

    private async Task<Socket> Connect(IPAddress from)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsOpen(Socket socket)
    {
        byte[] answer = new byte[4_096];
        try
        {
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                if (socket.Receive(answer) == 0)
                {
                    return false;
                }
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
