using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Streams.Testing;

/// <summary>
/// TCP ports on loopback that nobody uses. They are drawn at random below Linux's range for outgoing connections (32768), so that
/// neither a client's socket nor a second test run is likely to take one between the draw and its use.
/// </summary>
public static class FreePorts
{
    private const int Lowest = 12_000;
    private const int Highest = 32_000;
    private static readonly ConcurrentDictionary<int, bool> Drawn = new();

    /// <summary>One free port, never handed out twice by this process.</summary>
    public static int Next()
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            int port = Random.Shared.Next(Lowest, Highest);
            if (Drawn.TryAdd(port, true) && CanListen(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {Lowest} and {Highest}.");
    }

    private static bool CanListen(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
