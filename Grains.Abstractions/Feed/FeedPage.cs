using System.Collections.Immutable;

namespace Streams;

/// <summary>A place in the feed.</summary>
/// <param name="Epoch">The life of the feed that it belongs to.</param>
/// <param name="Sequence">The number of the last item read.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedPosition")]
public readonly record struct FeedPosition([property: Id(0)] Guid Epoch, [property: Id(1)] long Sequence);

/// <summary>What happened after a position.</summary>
/// <param name="Position">Where the reader is after it.</param>
/// <param name="IsReset">The items are all that is, one status a stream, instead of what happened: the position before is forgotten.</param>
/// <param name="Items">In order; without a reset the last one has the number of <paramref name="Position"/>, and those before count down from it.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedPage")]
public sealed record FeedPage(
    [property: Id(0)] FeedPosition Position,
    [property: Id(1)] bool IsReset,
    [property: Id(2)] ImmutableArray<FeedItem> Items);

/// <summary>What a feed wants of a silo that has published.</summary>
/// <param name="Epoch">The feed's life: when it is a new one, the feed knows nothing from before, and wants all that the silo has.</param>
/// <param name="IsProgressWatched">Whether somebody looks at the progress of workers, and wants each report at once.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedWish")]
public readonly record struct FeedWish([property: Id(0)] Guid Epoch, [property: Id(1)] bool IsProgressWatched);

/// <summary>What happened in one silo since it last published.</summary>
/// <param name="Silo">How the silo is.</param>
/// <param name="Items">What happened, in order for each stream.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedBatch")]
public sealed record FeedBatch([property: Id(0)] SiloReport Silo, [property: Id(1)] ImmutableArray<FeedItem> Items);
