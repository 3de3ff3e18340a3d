using Streams.MediaMtx.Contract.Tests;
using Streams.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace Streams.MediaMtx.Contract.Tests;

/// <summary>One server of each kind for all tests that need none of their own. Tests keep apart by their stream ids.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<MediaServerKind, MediaServer> _servers = [];

    /// <summary>What the servers' hooks recorded.</summary>
    public RecordingHook Hook { get; } = new();

    /// <summary>The server of a kind; started when it is first asked for.</summary>
    public async Task<MediaServer> Get(MediaServerKind kind)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_servers.TryGetValue(kind, out MediaServer? server))
            {
                server = _servers[kind] = await MediaServer.Start(new MediaServerOptions { Kind = kind, HookFolder = Hook.Folder });
            }

            return server;
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MediaServer server in _servers.Values)
        {
            await server.DisposeAsync();
        }

        Hook.Dispose();
        _gate.Dispose();
    }
}
