namespace Streams;

/// <summary>Whether a path's source became ready or ended.</summary>
public enum SourceEventKind
{
    /// <summary>The source publishes and can be read.</summary>
    Ready,

    /// <summary>The source has ended.</summary>
    NotReady,
}

/// <summary>
/// One transition of a path, as MediaMTX's hook reported it. It is a hint: it may arrive twice, late, out of order or not at all, so it is
/// matched by <see cref="Source"/>, never by its arrival time.
/// </summary>
[GenerateSerializer, Immutable, Alias("Streams.SourceEvent")]
public sealed record SourceEvent
{
    /// <summary>Unique for each event; a repetition carries the same id.</summary>
    [Id(0)] public required Guid EventId { get; init; }

    /// <summary>Whether the source became ready or ended.</summary>
    [Id(1)] public required SourceEventKind Kind { get; init; }

    /// <summary>The path.</summary>
    [Id(2)] public required StreamPath Path { get; init; }

    /// <summary>The source.</summary>
    [Id(3)] public required MediaSource Source { get; init; }

    /// <summary>The publisher's query without credentials; empty when it sent none.</summary>
    [Id(4)] public string Query { get; init; } = "";

    /// <summary>When the hook ran, by the hook's clock.</summary>
    [Id(5)] public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the request that reported it; null for none.</summary>
    [Id(6)] public string? TraceParent { get; init; }

    /// <summary>The media server that reported it; null when the only one did not name itself.</summary>
    [Id(7)] public string? Node { get; init; }
}
