namespace Streams.Api.Wire;

/// <summary>One page of all streams that are remembered, or of those asked for.</summary>
public sealed record StreamList
{
    /// <summary>How many streams there are on all pages.</summary>
    public required int ItemCount { get; init; }

    /// <summary>How many pages there are; 0 without streams.</summary>
    public required int PageCount { get; init; }

    /// <summary>The streams of the page; none past the last page.</summary>
    public required IReadOnlyList<StreamSummary> Items { get; init; }
}
