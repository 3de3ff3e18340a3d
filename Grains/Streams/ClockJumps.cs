namespace Streams.Grains.Streams;

/// <summary>How far the wall clock was set since the last look: what of its way the monotonic clock has not gone. For one caller at a time.</summary>
internal sealed class ClockJumps(TimeProvider time)
{
    /// <summary>Less is the slow correction by which clocks are kept in step.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _timestamp = time.GetTimestamp();

    /// <summary>The jump since the last call; zero for none.</summary>
    public TimeSpan Measure()
    {
        (DateTimeOffset wallBefore, long before) = (_wall, _timestamp);
        (_wall, _timestamp) = (time.GetUtcNow(), time.GetTimestamp());
#pragma warning disable RS0030 // The one place where the two clocks are compared.
        TimeSpan jump = _wall - wallBefore - time.GetElapsedTime(before, _timestamp);
#pragma warning restore RS0030
        return jump.Duration() < Least ? TimeSpan.Zero : jump;
    }
}
