using System.Diagnostics;

namespace Streams.Measuring.Timing;

/// <summary>Times an action.</summary>
public static class Elapsed
{
    public static async Task<TimeSpan> Of(Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start);
    }
}
