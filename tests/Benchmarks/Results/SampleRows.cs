namespace Streams.Benchmarks.Results;

/// <summary>Rows of percentiles.</summary>
internal static class SampleRows
{
    /// <summary>The median.</summary>
    public static Row RowOfP50(this Samples samples, string what) => RowOf(samples, what, "p50", samples.P50);

    /// <summary>The 95th percentile.</summary>
    public static Row RowOfP95(this Samples samples, string what) => RowOf(samples, what, "p95", samples.P95);

    /// <summary>The 99th percentile.</summary>
    public static Row RowOfP99(this Samples samples, string what) => RowOf(samples, what, "p99", samples.P99);

    private static Row RowOf(Samples samples, string what, string quantile, double value) =>
        new() { What = $"{what}, {quantile}", Value = value, Unit = "ms", Note = $"n={samples.Count}" };
}
