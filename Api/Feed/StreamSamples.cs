namespace Streams.Api.Feed;

/// <summary>
/// Samples of each stream over the last ten minutes, for the charts: one every two seconds, in memory. A stream without a status for that long is
/// forgotten. Safe for several threads.
/// </summary>
internal sealed class StreamSamples(TimeProvider time)
{
    /// <summary>Sampling period; within it the newest value counts.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>How long samples are kept.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(10);

    private static readonly long MaxAge = Reach.Ticks / Period.Ticks;

    private readonly long _startedAt = time.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, SampleRing> _rings = [];
    private long _nextSweep;

    /// <summary>Adds a sample of a stream's status now.</summary>
    public void Add(StreamStatus status)
    {
        long period = PeriodNow();
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
                if (sample.IsEmpty)
                {
                    return;
                }

                _rings[status.StreamId] = ring = new SampleRing((int)MaxAge);
            }

            ring.Add(sample);
        }
    }

    /// <summary>A stream's samples, oldest first.</summary>
    public IReadOnlyList<StreamSample> Of(StreamId id)
    {
        long oldest = PeriodNow() - MaxAge;
        lock (_lock)
        {
            return _rings.TryGetValue(id, out SampleRing? ring) ? [.. ring.All.Where(sample => sample.Period > oldest)] : [];
        }
    }

    /// <summary>When a sample's period began, by the clock as it is now.</summary>
    public DateTimeOffset TimeOf(StreamSample sample)
    {
#pragma warning disable RS0030 // A monotonic duration, told as a time of day.
        DateTimeOffset at = time.GetUtcNow() - (time.GetElapsedTime(_startedAt) - (sample.Period * Period));
#pragma warning restore RS0030
        return new DateTimeOffset(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
    }

    private long PeriodNow() => time.GetElapsedTime(_startedAt).Ticks / Period.Ticks;

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
/// <param name="Period">The period's number since the start of this process.</param>
/// <param name="Fps">Frames a second.</param>
/// <param name="Speed">Output time for each second of real time.</param>
/// <param name="InputBps">Bits a second from the publisher.</param>
/// <param name="OutputBps">Bits a second from the worker.</param>
internal readonly record struct StreamSample(long Period, float Fps, float Speed, float InputBps, float OutputBps)
{
    /// <summary>Whether all is unknown.</summary>
    public bool IsEmpty => float.IsNaN(Fps) && float.IsNaN(Speed) && float.IsNaN(InputBps) && float.IsNaN(OutputBps);
}
