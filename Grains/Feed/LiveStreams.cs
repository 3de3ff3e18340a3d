using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Feed;

/// <summary>Latest status of each stream that this silo holds, and the gauges that show them. Safe for several threads.</summary>
internal sealed class LiveStreams
{
    private readonly ConcurrentDictionary<StreamId, StreamStatus> _statuses = new();

    public LiveStreams(IMeterFactory meters, TimeProvider time) => new StreamGauges(StreamsMeter.Of(meters), this, time).Create();

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<StreamStatus> All => _statuses.Select(static pair => pair.Value);

    public StreamStatus? Find(StreamId id) => _statuses.GetValueOrDefault(id);

    public void Update(StreamStatus status) => _statuses[status.StreamId] = status;

    public void Update(StreamId id, long generation, WorkerProgress progress)
    {
        if (_statuses.TryGetValue(id, out StreamStatus? known) && known.Generation == generation)
        {
            _statuses.TryUpdate(id, known with { Progress = progress }, known); // Lost to a newer status: that has it too.
        }
    }

    public void Forget(StreamId id) => _statuses.TryRemove(id, out _);
}
