using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Streams.Testing;

/// <summary>
/// TCP ports on loopback that nobody uses. They are drawn at random below Linux's range for outgoing connections (32768), so that
/// neither a client's socket nor a second test run is likely to take one between the draw and its use. Two projects of one run
/// (<c>make test</c>) draw from halves of their own.
/// </summary>
public static class FreePorts
{
    private static readonly ConcurrentDictionary<int, bool> Drawn = new();
    private static readonly (int Lowest, int Highest) Range = RangeOf(Environment.GetEnvironmentVariable("STREAMS_TEST_PORTS"));

    /// <summary>From where to where ports are drawn, both included.</summary>
    /// <param name="half"><c>STREAMS_TEST_PORTS</c>: <c>beside</c> for the tests that run beside others; all else is for the others.</param>
    public static (int Lowest, int Highest) RangeOf(string? half) => half == "beside" ? (22_000, 31_999) : (12_000, 21_999);

    /// <summary>One free port, never handed out twice by this process.</summary>
    public static int Next()
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            int port = Random.Shared.Next(Range.Lowest, Range.Highest + 1);
            if (Drawn.TryAdd(port, true) && CanListen(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {Range.Lowest} and {Range.Highest}.");
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
