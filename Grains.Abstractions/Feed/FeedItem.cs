namespace Streams;

/// <summary>One item of the feed: exactly one of <see cref="Status"/>, <see cref="Progress"/> and <see cref="Entry"/> is set.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Generation">The number of the latest worker run at that time.</param>
/// <param name="At">When it happened, by the silo's clock.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedItem")]
public sealed record FeedItem(
    [property: Id(0)] StreamId StreamId,
    [property: Id(1)] long Generation,
    [property: Id(2)] DateTimeOffset At)
{
    /// <summary>The stream's new status, without the worker's log.</summary>
    [Id(3)] public StreamStatus? Status { get; init; }

    /// <summary>Progress that the worker reported.</summary>
    [Id(4)] public WorkerProgress? Progress { get; init; }

    /// <summary>An entry that was added to the stream's history.</summary>
    [Id(5)] public HistoryEntry? Entry { get; init; }
}
