namespace Streams;

/// <summary>The naming and limits of per-stream metrics, shared by the code that measures and the code that exports.</summary>
public static class StreamMetrics
{
    /// <summary>The name prefix of all instruments that have one series per stream.</summary>
    public const string Prefix = "streams.stream.";

    /// <summary>The series limit of each of these instruments. A silo runs at most 10,000 workers.</summary>
    public const int MaxSeries = 12_000;
}
