namespace Streams.Grains.Workers;

/// <summary>Lets so many lines a second pass, and counts the rest, so that a worker that floods harms nobody. For one caller at a time.</summary>
internal sealed class LineLimiter(int linesPerSecond, TimeProvider time)
{
    private long _windowStart = time.GetTimestamp();
    private int _passed;

    /// <summary>How many lines the last windows left out; reading it makes it 0 again.</summary>
    public long DrainSuppressed()
    {
        long suppressed = Suppressed;
        Suppressed = 0;
        return suppressed;
    }

    /// <summary>How many lines were left out since they were last taken.</summary>
    public long Suppressed { get; private set; }

    /// <summary>Whether one more line may pass now.</summary>
    public bool Allow()
    {
        if (time.GetElapsedTime(_windowStart) >= TimeSpan.FromSeconds(1))
        {
            _windowStart = time.GetTimestamp();
            _passed = 0;
        }

        if (_passed < linesPerSecond)
        {
            _passed++;
            return true;
        }

        Suppressed++;
        return false;
    }
}
