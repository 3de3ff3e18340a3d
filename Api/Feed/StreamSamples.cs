namespace Streams.Api;

/// <summary>
/// What the streams did over the last ten minutes, for the charts of whoever comes to look: one sample every two seconds for each stream,
/// in memory. A stream of which nothing was heard for that long is forgotten. Safe for several threads.
/// </summary>
internal sealed class StreamSamples
{
    /// <summary>How far apart samples are; within it the newest value counts.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>How far back they go.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(10);

    private static readonly long MaxAge = Reach.Ticks / Period.Ticks;

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, SampleRing> _rings = [];
    private long _nextSweep;

    /// <summary>Takes what a stream is at a moment.</summary>
    public void Take(StreamStatus status, DateTimeOffset at)
    {
        long period = PeriodOf(at);
        WorkerProgress? progress = status.WorkerPid is null ? null : status.Progress;
        StreamSample sample = new(period, Known(progress?.Fps), Known(progress?.Speed), Known(status.InputPath?.InboundBps), Known(status.OutputPath?.InboundBps));
        lock (_lock)
        {
            if (period >= _nextSweep)
            {
                Sweep(period);
            }

            if (!_rings.TryGetValue(status.StreamId, out SampleRing? ring))
            {
                _rings[status.StreamId] = ring = new SampleRing((int)MaxAge);
            }

            ring.Add(sample);
        }
    }

    /// <summary>A stream's samples of the time before <paramref name="now"/>, oldest first.</summary>
    public IReadOnlyList<StreamSample> Of(StreamId id, DateTimeOffset now)
    {
        long oldest = PeriodOf(now) - MaxAge;
        lock (_lock)
        {
            return _rings.TryGetValue(id, out SampleRing? ring) ? [.. ring.All.Where(sample => sample.Period > oldest)] : [];
        }
    }

    private static long PeriodOf(DateTimeOffset at) => at.UtcTicks / Period.Ticks;

    // The contract says 0 for unknown; JSON has no number for what is not finite.
    private static float Known(double? value) => value is { } number && number != 0 && double.IsFinite(number) ? (float)number : float.NaN;

    private void Sweep(long period)
    {
        _nextSweep = period + (MaxAge / 10);
        foreach (StreamId id in _rings.Where(ring => ring.Value.Newest < period - MaxAge).Select(static ring => ring.Key).ToArray())
        {
            _rings.Remove(id);
        }
    }
}

/// <summary>What a stream did within one period; <see cref="float.NaN"/> for what was unknown.</summary>
/// <param name="Period">The period's number since the year 1.</param>
/// <param name="Fps">Frames a second.</param>
/// <param name="Speed">Output time for each second of real time.</param>
/// <param name="InputBps">Bits a second from the publisher.</param>
/// <param name="OutputBps">Bits a second from the worker.</param>
internal readonly record struct StreamSample(long Period, float Fps, float Speed, float InputBps, float OutputBps)
{
    /// <summary>When the period began, UTC.</summary>
    public DateTimeOffset At => new(Period * StreamSamples.Period.Ticks, TimeSpan.Zero);
}
