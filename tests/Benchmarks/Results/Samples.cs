namespace Streams.Benchmarks;

/// <summary>Times that were measured of one thing, in milliseconds.</summary>
internal sealed class Samples
{
    private readonly double[] _sorted;

    /// <param name="milliseconds">At least one, in any order.</param>
    public Samples(IEnumerable<double> milliseconds)
    {
        _sorted = [.. milliseconds.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(_sorted.Length, nameof(milliseconds));
    }

    public int Count => _sorted.Length;

    public double P50 => At(0.50);

    public double P95 => At(0.95);

    public double P99 => At(0.99);

    public static Samples Of(IEnumerable<TimeSpan> times) => new(times.Select(static time => time.TotalMilliseconds));

    /// <summary>A row of the median.</summary>
    public Row RowOfP50(string what) => RowOf(what, "p50", P50);

    /// <summary>A row of what 95 of 100 do not exceed.</summary>
    public Row RowOfP95(string what) => RowOf(what, "p95", P95);

    /// <summary>A row of what 99 of 100 do not exceed.</summary>
    public Row RowOfP99(string what) => RowOf(what, "p99", P99);

    private Row RowOf(string what, string quantile, double value) => new() { What = $"{what}, {quantile}", Value = value, Unit = "ms", Note = $"n={Count}" };

    /// <summary>The nearest rank: a time that was measured, never one between two.</summary>
    private double At(double quantile) => _sorted[(int)Math.Ceiling(quantile * Count) - 1];
}
