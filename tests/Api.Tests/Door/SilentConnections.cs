using System.Net;
using System.Net.Sockets;

namespace Streams.Api.Tests.Door;

/// <summary>Connections to a port of this machine that send nothing.</summary>
internal sealed class SilentConnections : IDisposable
{
    private readonly List<Socket> _sockets = [];

    /// <summary>How many the other side has not closed.</summary>
    public int Open => _sockets.Count(IsOpen);

    /// <summary>The sockets, the oldest first.</summary>
    public IReadOnlyList<Socket> Sockets => _sockets;

    /// <summary>Opens more.</summary>
    /// <param name="port">Where to.</param>
    /// <param name="count">How many.</param>
    /// <param name="from">From which address.</param>
    public async Task Add(int port, int count, IPAddress? from = null)
    {
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            socket.Bind(new IPEndPoint(from ?? IPAddress.Loopback, 0));
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
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

    public void Dispose() => _sockets.ForEach(static socket => socket.Dispose());
}
