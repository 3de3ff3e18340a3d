namespace Streams;

/// <summary>What those who measure streams and those who read the measurements agree on.</summary>
public static class StreamMetrics
{
    /// <summary>The beginning of the names of all instruments that have one series a stream.</summary>
    public const string Prefix = "streams.stream.";

    /// <summary>How many streams' series a reader keeps room for, for each of those instruments. A silo carries at most 10,000 workers.</summary>
    public const int Room = 12_000;
}
