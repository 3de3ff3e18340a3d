using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Streams.Testing.Network;

/// <summary>Leads connections to a port of this machine on to others, each over the link that belongs to it.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<int, NetworkLink?> _linkOf;
    private readonly Func<IReadOnlyList<int>> _targets;
    private readonly ConcurrentDictionary<int, int> _clients = [];
    private readonly Task _accepting;

    private TcpProxy(Func<IReadOnlyList<int>> targets, Func<int, NetworkLink?> linkOf)
    {
        _targets = targets;
        _linkOf = linkOf;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(512);
        _accepting = Task.Run(Accept);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; } = FreePorts.Next();

    /// <summary>A proxy before one port, whose connections all belong to one link.</summary>
    public static TcpProxy Before(int target, NetworkLink link) => new(() => [target], _ => link);

    /// <summary>A proxy before one port, which asks for each connection whose it is.</summary>
    /// <param name="target">The port.</param>
    /// <param name="linkOf">The link of a connection, by the client's port; null for one that is never cut.</param>
    public static TcpProxy Before(int target, Func<int, NetworkLink?> linkOf) => new(() => [target], linkOf);

    /// <summary>A load balancer: each connection goes to the first of these ports that accepts it.</summary>
    public static TcpProxy Balance(Func<IReadOnlyList<int>> targets) => new(targets, static _ => null);

    /// <summary>The client's port of a connection that this proxy made from another; null for one of somebody else.</summary>
    public int? ClientOf(int port) => _clients.TryGetValue(port, out int client) ? client : null;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _closing.Dispose();
    }

    private async Task Accept()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptAsync(_closing.Token);
                _ = Task.Run(() => Serve(client));
            }
            catch (Exception failed) when (failed is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One that went away before it was accepted, or the end.
            }
        }
    }

    private async Task Serve(Socket accepted)
    {
        using Socket near = accepted;
        CancellationToken closing = _closing.Token;
        try
        {
            int client = ((IPEndPoint)near.RemoteEndPoint!).Port;
            NetworkLink? link = _linkOf(client);
            await WhenOpen(link, closing);
            using Socket far = await Connect(closing);
            _clients[((IPEndPoint)far.LocalEndPoint!).Port] = client;
            near.NoDelay = far.NoDelay = true;
            using CancellationTokenSource broken = CancellationTokenSource.CreateLinkedTokenSource(closing);
            await Task.WhenAll(Pump(near, far, link, broken), Pump(far, near, link, broken));
        }
        catch (Exception failed) when (failed is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody listens there, or the end: the client's connection ends too.
        }
    }

    private async Task<Socket> Connect(CancellationToken closing)
    {
        foreach (int port in _targets())
        {
            Socket far = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await far.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), closing);
                return far;
            }
            catch (SocketException)
            {
                far.Dispose();
            }
        }

        throw new SocketException((int)SocketError.ConnectionRefused);
    }

    private static async Task Pump(Socket from, Socket to, NetworkLink? link, CancellationTokenSource broken)
    {
        byte[] bytes = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(bytes, broken.Token) is > 0 and var count)
            {
                await WhenOpen(link, broken.Token);
                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(bytes.AsMemory(sent, count - sent), broken.Token);
                }
            }

            await WhenOpen(link, broken.Token);
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
        {
            // A broken connection is as little known of over a cut one as what is sent.
            await WhenOpen(link, broken.Token);
            await broken.CancelAsync();
        }
    }

    private static Task WhenOpen(NetworkLink? link, CancellationToken closing) => link is null ? Task.CompletedTask : WaitOpen(link, closing);

    private static async Task WaitOpen(NetworkLink link, CancellationToken closing)
    {
        while (link.IsCut)
        {
            await link.WhenOpen.WaitAsync(closing);
        }
    }
}
