using System.Collections.Concurrent;
using System.Net.Sockets;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtsp;

/// <summary>Listens for RTSP clients and knows them all.</summary>
internal sealed class RtspServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, RtspConnection> _connections = new();
    private readonly ServerContext _context;
    private readonly TcpServer _server;

    public RtspServer(ServerContext context, string address)
    {
        _context = context;
        _server = new TcpServer(ListenAddress.Parse(address));
        _server.Start(Serve);
        context.Log.Info($"[RTSP] {context.Config.Version.Listening("listeners", $"{address} (TCP/RTSP)")}");
    }

    /// <summary>All connections, oldest first.</summary>
    public IReadOnlyList<RtspConnection> Connections => [.. _connections.Values.OrderBy(connection => connection.Created)];

    /// <summary>All sessions, oldest first.</summary>
    public IReadOnlyList<RtspSession> Sessions =>
        [.. _connections.Values.Select(connection => connection.Session).OfType<RtspSession>().OrderBy(session => session.Created)];

    public async ValueTask DisposeAsync()
    {
        _context.Log.Info($"[RTSP] {_context.Config.Version.Closing}");
        foreach (RtspConnection connection in _connections.Values)
        {
            connection.Terminate();
        }

        await _server.DisposeAsync();
    }

    private async Task Serve(Socket socket)
    {
        RtspConnection connection;
        try
        {
            connection = new RtspConnection(_context, socket);
        }
        catch (SocketException)
        {
            // Gone again before it was served.
            socket.Dispose();
            return;
        }

        _connections[connection.Id] = connection;
        try
        {
            await connection.Run();
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection.Id, out RtspConnection? _);
        }
    }
}
