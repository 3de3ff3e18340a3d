using System.Collections.Concurrent;

namespace Streams;

/// <summary>How the media nodes are that this silo watches. Safe for several threads.</summary>
internal sealed class NodeStatuses
{
    private readonly ConcurrentDictionary<string, MediaNodeStatus> _statuses = new();

    public IEnumerable<MediaNodeStatus> All => _statuses.Select(static pair => pair.Value);

    public void Take(MediaNodeStatus status) => _statuses[status.Name] = status;

    public void Forget(string name) => _statuses.TryRemove(name, out _);
}
