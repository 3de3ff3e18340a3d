using System.Collections.Concurrent;

namespace Streams.Grains.Workers;

/// <summary>
/// The latest generation of each stream that was superseded here, for as long as a call that would start it may still be on the way. Later it is
/// forgotten: a stream that was dropped begins to count anew. Safe for several threads.
/// </summary>
internal sealed class SupersededRuns(TimeProvider time)
{
    /// <summary>Longer than a call between silos can take.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int MaxStreams = 10_000;

    private readonly ConcurrentDictionary<StreamId, (long Generation, long At)> _latest = new();

    /// <summary>How many streams are remembered.</summary>
    public int Count => _latest.Count;

    /// <summary>Records that a run and all before it must not start any more.</summary>
    public void Record(StreamId id, long generation)
    {
        if (_latest.Count >= MaxStreams)
        {
            foreach ((StreamId old, (long Generation, long At) run) in _latest.Where(run => HasExpired(run.Value.At)))
            {
                _latest.TryRemove(new KeyValuePair<StreamId, (long, long)>(old, run));
            }
        }

        long now = time.GetTimestamp();
        _latest.AddOrUpdate(id, (generation, now), (_, known) => (HasExpired(known.At) ? generation : Math.Max(known.Generation, generation), now));
    }

    /// <summary>The latest superseded generation of a stream; 0 for none.</summary>
    public long LatestOf(StreamId id) => _latest.TryGetValue(id, out (long Generation, long At) run) && !HasExpired(run.At) ? run.Generation : 0;

    private bool HasExpired(long at) => time.GetElapsedTime(at) > Lifetime;
}
