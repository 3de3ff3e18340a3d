using System.Collections.Immutable;

namespace Streams;

/// <summary>Which known streams are asked for, in which order, and which part of them.</summary>
[GenerateSerializer, Immutable, Alias("Streams.StreamListQuery")]
public sealed record StreamListQuery
{
    /// <summary>Only streams in one of these phases; all when it is empty.</summary>
    [Id(0)] public ImmutableArray<StreamPhase> Phases { get; init; } = [];

    /// <summary>Only streams with this in their id, whatever its case; all when it is empty.</summary>
    [Id(1)] public string Search { get; init; } = "";

    /// <summary>Only streams that may have a worker, a publisher or a reader (true), or only the others (false); null for both.</summary>
    [Id(2)] public bool? IsActive { get; init; }

    /// <summary>What they are sorted by; those that are alike by their ids.</summary>
    [Id(3)] public StreamSort Sort { get; init; }

    /// <summary>The other way round.</summary>
    [Id(4)] public bool IsDescending { get; init; }

    /// <summary>How many are left out before the first; 0 or more.</summary>
    [Id(5)] public long Skip { get; init; }

    /// <summary>How many are wanted; 0 for none but their count.</summary>
    [Id(6)] public int Take { get; init; } = 100;
}

/// <summary>What known streams are sorted by.</summary>
public enum StreamSort
{
    /// <summary>Their ids, by the characters' codes.</summary>
    Id,

    /// <summary>Their phases, in the order of <see cref="StreamPhase"/>.</summary>
    Phase,

    /// <summary>When they entered their phases.</summary>
    Since,

    /// <summary>The numbers of their latest worker runs.</summary>
    Generation,
}

/// <summary>A part of the known streams.</summary>
/// <param name="Total">How many match, on all pages.</param>
/// <param name="Items">Those of the page, in order.</param>
[GenerateSerializer, Immutable, Alias("Streams.StreamListPage")]
public sealed record StreamListPage([property: Id(0)] long Total, [property: Id(1)] ImmutableArray<StreamEntry> Items);

/// <summary>How many known streams are in a phase.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Streams">How many.</param>
[GenerateSerializer, Immutable, Alias("Streams.PhaseCount")]
public readonly record struct PhaseCount([property: Id(0)] StreamPhase Phase, [property: Id(1)] long Streams);
