namespace Streams.Measuring.Timing;

/// <summary>Measured times of one thing, and their percentiles.</summary>
/// <param name="milliseconds">The times, in any order.</param>
public sealed class Samples(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    /// <summary>The times in milliseconds, shortest first.</summary>
    public IReadOnlyList<double> Milliseconds => _sorted;

    /// <summary>Number of samples.</summary>
    public int Count => _sorted.Length;

    /// <summary>The median.</summary>
    public double P50 => Percentile(50);

    /// <summary>The 95th percentile.</summary>
    public double P95 => Percentile(95);

    /// <summary>The 99th percentile.</summary>
    public double P99 => Percentile(99);

    /// <summary>The maximum.</summary>
    public double Max => Percentile(100);

    public static Samples Of(IEnumerable<TimeSpan> times) => new(times.Select(static time => time.TotalMilliseconds));

    /// <summary>The nearest-rank percentile: always one of the samples, never interpolated.</summary>
    /// <param name="percent">1 to 100.</param>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public double Percentile(int percent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percent, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        if (Count == 0)
        {
            throw new InvalidOperationException("Nothing was measured.");
        }

        return _sorted[(((percent * Count) + 99) / 100) - 1]; // Integer arithmetic rounds up exactly.
    }

    public override string ToString() => Count == 1 ? $"{Text(P50)} (n=1)" : $"p95 {Text(P95)}, p50 {Text(P50)} (n={Count})";

    private static string Text(double milliseconds) => milliseconds switch
    {
        >= 10_000 => $"{milliseconds / 1_000:0.0} s",
        >= 10 or <= -10 => $"{milliseconds:0} ms",
        >= 1 or <= -1 => $"{milliseconds:0.0} ms",
        _ => $"{milliseconds:0.00} ms",
    };
}
