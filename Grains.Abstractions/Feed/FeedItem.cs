namespace Streams;

/// <summary>One thing that happened: exactly one of <see cref="Status"/>, <see cref="Progress"/> and <see cref="Entry"/> is set.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Generation">The number of its latest worker run then.</param>
/// <param name="At">When it happened, by the silo's clock.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedItem")]
public sealed record FeedItem(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] long Generation,
    [property: Id(2)] DateTimeOffset At)
{
    /// <summary>What the stream is now, without the worker's log.</summary>
    [Id(3)] public StreamStatus? Status { get; init; }

    /// <summary>The worker reported progress.</summary>
    [Id(4)] public WorkerProgress? Progress { get; init; }

    /// <summary>A line was added to the stream's history.</summary>
    [Id(5)] public HistoryEntry? Entry { get; init; }
}
