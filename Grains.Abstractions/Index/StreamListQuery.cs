using System.Collections.Immutable;

namespace Streams;

/// <summary>A query for a page of the known streams: filter, order and range.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamListQuery")]
public sealed record StreamListQuery
{
    /// <summary>Only streams in one of these phases; all when it is empty.</summary>
    [Id(0)] public ImmutableArray<StreamPhase> Phases { get; init; } = [];

    /// <summary>A part of the id, ignoring case; empty for all streams.</summary>
    [Id(1)] public string Search { get; init; } = "";

    /// <summary>Only streams that may have a worker, a publisher or a reader (true), or only the others (false); null for both.</summary>
    [Id(2)] public bool? IsActive { get; init; }

    /// <summary>The sort key; streams with the same key are sorted by id.</summary>
    [Id(3)] public StreamSort Sort { get; init; }

    /// <summary>Whether the order is descending.</summary>
    [Id(4)] public bool IsDescending { get; init; }

    /// <summary>How many streams to skip; 0 or more.</summary>
    [Id(5)] public long Skip { get; init; }

    /// <summary>How many streams to return at most; 0 returns only the total.</summary>
    [Id(6)] public int Take { get; init; } = 100;
}

/// <summary>Sort keys of the known streams.</summary>
public enum StreamSort
{
    /// <summary>The id, by character code.</summary>
    Id,

    /// <summary>The phase, in the order of <see cref="StreamPhase"/>.</summary>
    Phase,

    /// <summary>When the stream entered its phase.</summary>
    Since,

    /// <summary>The number of the latest worker run.</summary>
    Generation,
}

/// <summary>A page of the known streams.</summary>
/// <param name="Total">How many streams match, on all pages.</param>
/// <param name="Items">The streams of this page, in order.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamListPage")]
public sealed record StreamListPage([property: Id(0)] long Total, [property: Id(1)] ImmutableArray<StreamEntry> Items);

/// <summary>The number of known streams in a phase.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Streams">How many.</param>
[GenerateSerializer, Immutable, Alias("Streams.PhaseCount")]
public readonly record struct PhaseCount([property: Id(0)] StreamPhase Phase, [property: Id(1)] long Streams);
