using System.Collections.Concurrent;

namespace Streams;

/// <summary>What the streams that this silo holds are now, for whoever measures. Safe for several threads.</summary>
internal sealed class LiveStreams
{
    private readonly ConcurrentDictionary<StreamId, StreamStatus> _statuses = new();

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<StreamStatus> All => _statuses.Select(static pair => pair.Value);

    public StreamStatus? Find(StreamId id) => _statuses.GetValueOrDefault(id);

    public void Take(StreamStatus status) => _statuses[status.StreamId] = status;

    public void Take(StreamId id, long generation, WorkerProgress progress)
    {
        if (_statuses.TryGetValue(id, out StreamStatus? known) && known.Generation == generation)
        {
            _statuses.TryUpdate(id, known with { Progress = progress }, known); // Lost to a newer status: that has it too.
        }
    }

    public void Forget(StreamId id) => _statuses.TryRemove(id, out _);
}
