using System.Collections.Immutable;

namespace Streams;

/// <summary>A reader's position in the feed.</summary>
/// <param name="Epoch">Identifies the feed's activation; positions of an earlier one are not valid.</param>
/// <param name="Sequence">The number of the last item read.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedPosition")]
public readonly record struct FeedPosition([property: Id(0)] Guid Epoch, [property: Id(1)] long Sequence);

/// <summary>The feed items after a position.</summary>
/// <param name="Position">The reader's position after this page.</param>
/// <param name="IsReset">Whether the items are a snapshot, one status for each stream: the feed no longer has the items after the reader's position.</param>
/// <param name="Items">In order. Without a reset they are consecutive, and the last one has the sequence number of <paramref name="Position"/>.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedPage")]
public sealed record FeedPage(
    [property: Id(0)] FeedPosition Position,
    [property: Id(1)] bool IsReset,
    [property: Id(2)] ImmutableArray<FeedItem> Items);

/// <summary>The feed's answer to a silo that publishes: what to publish next.</summary>
/// <param name="Epoch">Identifies the feed's activation. A new one knows nothing yet: the silo publishes the status of all its streams.</param>
/// <param name="IsProgressWatched">Whether a reader follows the progress of workers, so that each report is published at once.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedWish")]
public readonly record struct FeedWish([property: Id(0)] Guid Epoch, [property: Id(1)] bool IsProgressWatched);

/// <summary>The items of one silo since it last published.</summary>
/// <param name="Silo">The silo's report about itself.</param>
/// <param name="Items">The items, in order for each stream.</param>
[GenerateSerializer, Immutable, Alias("Streams.FeedBatch")]
public sealed record FeedBatch([property: Id(0)] SiloReport Silo, [property: Id(1)] ImmutableArray<FeedItem> Items);
