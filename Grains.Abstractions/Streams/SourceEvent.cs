namespace Streams;

/// <summary>Whether a path's source came or went.</summary>
public enum SourceEventKind
{
    /// <summary>The source publishes and can be read.</summary>
    Ready,

    /// <summary>The source has ended.</summary>
    NotReady,
}

/// <summary>
/// One transition of a path, as MediaMTX's hook told it. It is a hint: it may come twice, late, out of order or not at all,
/// so it is judged by <see cref="Source"/>, never by when it arrives.
/// </summary>
[GenerateSerializer, Immutable, Alias("Streams.SourceEvent")]
public sealed record SourceEvent
{
    /// <summary>Unique for each event; a repetition carries the same id.</summary>
    [Id(0)] public required Guid EventId { get; init; }

    /// <summary>Came or went.</summary>
    [Id(1)] public required SourceEventKind Kind { get; init; }

    /// <summary>The path it happened on.</summary>
    [Id(2)] public required StreamPath Path { get; init; }

    /// <summary>Who it is about.</summary>
    [Id(3)] public required MediaSource Source { get; init; }

    /// <summary>The publisher's query without credentials; empty when it gave none.</summary>
    [Id(4)] public string Query { get; init; } = "";

    /// <summary>When the hook saw it, by the hook's clock.</summary>
    [Id(5)] public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the request that told it; null for none.</summary>
    [Id(6)] public string? TraceParent { get; init; }
}
