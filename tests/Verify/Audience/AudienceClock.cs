using System.Diagnostics;

namespace Streams.Verify.Audience;

/// <summary>The clock of a measurement, which all readers share.</summary>
internal sealed class AudienceClock
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset _startTime = TimeProvider.System.GetUtcNow();

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_start);

    /// <summary>A time of another program of this machine, by this clock.</summary>
    public TimeSpan At(DateTimeOffset time) => time - _startTime;
}
