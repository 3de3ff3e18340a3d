namespace Streams.Grains.Workers;

/// <summary>
/// Tells a worker that is slower than real time: over the last 10 s its output has grown by less than 0.95 s of stream time a second. The
/// speed that ffmpeg reports is the average since its start, which shows a slow-down only minutes later. Safe for several threads.
/// </summary>
internal sealed class SpeedMonitor(TimeProvider time)
{
    private const double SlowBelow = 0.95;
    private const double WellFrom = 0.97;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Queue<(long At, TimeSpan OutTime)> _samples = new();
    private long _lastAt;
    private SlowWorker? _slow;

    /// <summary>That it is too slow; null while it keeps up, or when that is unknown.</summary>
    public SlowWorker? Slow
    {
        get
        {
            lock (_lock)
            {
                return _slow;
            }
        }
    }

    /// <summary>The input pauses, or the worker begins anew: what was measured counts no more.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _samples.Clear();
            _slow = null;
        }
    }

    /// <summary>The worker has reported how far its output is. True when <see cref="Slow"/> has come or gone.</summary>
    public bool Record(TimeSpan outTime)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (outTime <= TimeSpan.Zero || (_samples.Count > 0 && time.GetElapsedTime(_lastAt, now) < SamplePeriod))
            {
                return false;
            }

            _samples.Enqueue((now, outTime));
            _lastAt = now;
            (long At, TimeSpan OutTime) oldest = _samples.Peek();
            if (time.GetElapsedTime(oldest.At, now) < Window)
            {
                return false;
            }

            _samples.Dequeue();
            double speed = (outTime - oldest.OutTime) / time.GetElapsedTime(oldest.At, now);
            bool wasSlow = _slow is not null;
            _slow = speed < (wasSlow ? WellFrom : SlowBelow) ? new SlowWorker(_slow?.Since ?? time.GetUtcNow(), Math.Round(speed, 2)) : null;
            return wasSlow != (_slow is not null);
        }
    }
}
