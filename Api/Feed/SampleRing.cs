namespace Streams.Api.Feed;

/// <summary>The newest samples of one stream. It grows to its capacity only as far as there are samples.</summary>
internal sealed class SampleRing(int capacity)
{
    private readonly Queue<StreamSample> _samples = new(4);
    private StreamSample? _newest;

    /// <summary>The number of the newest sample's period.</summary>
    public long Newest => _newest?.Period ?? -1;

    /// <summary>Oldest first.</summary>
    public IEnumerable<StreamSample> All => _newest is { } newest ? _samples.Append(newest) : _samples;

    /// <summary>Adds a sample, or replaces the newest of the same period.</summary>
    public void Add(StreamSample sample)
    {
        if (_newest is { } before && before.Period < sample.Period)
        {
            if (_samples.Count >= capacity - 1)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(before);
        }

        _newest = sample;
    }
}
