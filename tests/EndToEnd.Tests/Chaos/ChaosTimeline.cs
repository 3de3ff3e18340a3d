using System.Diagnostics;
using System.Globalization;

namespace Streams.EndToEnd.Tests;

/// <summary>What was done to a cluster and when, so that a violation can say what led to it.</summary>
internal sealed class ChaosTimeline
{
    private const int MostShown = 14;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan At, string? Stream, string What)> _events = [];

    /// <summary>The time since the start.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>When a timestamp of the monotonic clock was.</summary>
    public TimeSpan At(long timestamp) => Stopwatch.GetElapsedTime(_start, timestamp);

    /// <summary>Records what is done.</summary>
    /// <param name="what">What.</param>
    /// <param name="stream">To which stream; null for what may touch all.</param>
    public TimeSpan Record(string what, string? stream = null)
    {
        lock (_lock)
        {
            TimeSpan now = Now;
            _events.Add((now, stream, what));
            return now;
        }
    }

    /// <summary>What was last done before a time that may have to do with a stream.</summary>
    public string LedTo(string stream, TimeSpan at)
    {
        lock (_lock)
        {
            return string.Join("; ", _events.Where(done => done.At <= at && (done.Stream is null || done.Stream == stream)).TakeLast(MostShown).Select(static done => $"{Seconds(done.At)} {done.What}"));
        }
    }

    /// <summary>A time as it is shown.</summary>
    public static string Seconds(TimeSpan at) => at.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
