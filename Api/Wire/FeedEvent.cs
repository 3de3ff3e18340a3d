namespace Streams.Api.Wire;

/// <summary>Data of the feed's <c>snapshot</c>: what every stream is. It comes first, and again whenever the feed begins anew.</summary>
public sealed record FeedSnapshot
{
    /// <summary>The streams, in order of their ids: those that were active since the service started.</summary>
    public required IReadOnlyList<StreamSummary> Streams { get; init; }
}

/// <summary>Data of the feed's <c>progress</c>: a worker reported.</summary>
public sealed record FeedProgress
{
    /// <summary>The stream.</summary>
    public required string StreamId { get; init; }

    /// <summary>The run that reported.</summary>
    public required long Generation { get; init; }

    /// <summary>What it reported.</summary>
    public required ProgressView Progress { get; init; }
}

/// <summary>Data of the feed's <c>history</c>: something happened to a stream.</summary>
public sealed record FeedHistory
{
    /// <summary>The stream.</summary>
    public required string StreamId { get; init; }

    /// <summary>What happened.</summary>
    public required HistoryEntryView Entry { get; init; }
}
