namespace Streams.Testing.Cluster;

/// <summary>One media server of a cluster. It can be killed, and started again where it was.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private readonly MediaServerOptions _options;
    private volatile MediaServer? _server;

    internal ClusterNode(string name, MediaServerOptions options)
    {
        Name = name;
        _options = options;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its server; null while it is away.</summary>
    public MediaServer? Server => _server;

    /// <summary>How often it was started.</summary>
    public int Life { get; private set; }

    internal IReadOnlyDictionary<string, int> Ports => _options.Ports!;

    /// <summary>Starts it, and waits until its API answers.</summary>
    public async Task Start()
    {
        MediaServer server = await MediaServer.Start(_options);
        Life++;
        _server = server;
    }

    /// <summary>Kills it: no hook tells of the ends of its streams.</summary>
    public async Task Kill()
    {
        if (_server is { } server)
        {
            _server = null;
            server.Program.Signal(Processes.KillSignal);
            await server.Program.WaitForEnd();
            await server.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }
}
