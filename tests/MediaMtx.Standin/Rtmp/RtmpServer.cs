using System.Collections.Concurrent;
using System.Net.Sockets;
using MediaMtx.Standin.Net;

namespace MediaMtx.Standin.Rtmp;

/// <summary>Listens for RTMP clients and knows them all.</summary>
internal sealed class RtmpServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, RtmpConnection> _connections = new();
    private readonly ServerContext _context;
    private readonly TcpServer _server;

    public RtmpServer(ServerContext context, string address)
    {
        _context = context;
        _server = new TcpServer(ListenAddress.Parse(address));
        _server.Start(Serve);
        context.Log.Info($"[RTMP] {context.Config.Version.Listening("listener", $"{address} (TCP/RTMP)")}");
    }

    /// <summary>All connections, oldest first.</summary>
    public IReadOnlyList<RtmpConnection> Connections => [.. _connections.Values.OrderBy(connection => connection.Created)];

    public RtmpConnection? Find(Guid id) => _connections.GetValueOrDefault(id);

    public async ValueTask DisposeAsync()
    {
        _context.Log.Info($"[RTMP] {_context.Config.Version.Closing}");
        foreach (RtmpConnection connection in _connections.Values)
        {
            connection.Terminate();
        }

        await _server.DisposeAsync();
    }

    private async Task Serve(Socket socket)
    {
        RtmpConnection connection;
        try
        {
            connection = new RtmpConnection(_context, socket);
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
            _connections.TryRemove(connection.Id, out RtmpConnection? _);
        }
    }
}
