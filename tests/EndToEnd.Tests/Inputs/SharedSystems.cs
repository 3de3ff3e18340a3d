using Streams.Testing;

namespace Streams.EndToEnd.Tests;

/// <summary>One system with each media server, with the shipped settings, for tests that need none of their own. They keep apart by their stream ids.</summary>
public sealed class SharedSystems : IAsyncDisposable
{
    private readonly Dictionary<MediaServerKind, StreamsSystem> _systems = [];

    /// <summary>The system with a media server; started when it is first asked for.</summary>
    public async Task<StreamsSystem> Get(MediaServerKind kind)
    {
        if (!_systems.TryGetValue(kind, out StreamsSystem? system))
        {
            system = _systems[kind] = await StreamsSystem.Start(kind);
        }

        return system;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (StreamsSystem system in _systems.Values)
        {
            await system.DisposeAsync();
        }
    }
}
