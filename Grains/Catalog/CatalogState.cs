using System.Collections.Immutable;

namespace Streams;

/// <summary>What the catalog remembers.</summary>
[GenerateSerializer, Immutable, Alias("Streams.CatalogState")]
public sealed record CatalogState
{
    /// <summary>All streams, in order of their ids.</summary>
    [Id(0)] public ImmutableArray<StreamEntry> Entries { get; init; } = [];
}
