using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// The live feed of all streams: silos publish, readers follow. There is one, with the key <see cref="Key"/>. It stores nothing: a reader
/// that is new or too late, or whose feed was lost with its silo, starts with a snapshot.
/// </summary>
[Alias("Streams.IFeedGrain")]
public interface IFeedGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only feed.</summary>
    const long Key = 0;

    /// <summary>How long <see cref="Next"/> waits for an item.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How long one call of <see cref="WatchProgress"/> lasts; a reader that still follows calls it again before that.</summary>
    static readonly TimeSpan WatchLasts = TimeSpan.FromSeconds(5);

    /// <summary>Receives the items of one silo.</summary>
    /// <returns>What the silo should publish next.</returns>
    [Alias("Publish")]
    Task<FeedWish> Publish(FeedBatch batch);

    /// <summary>Subscribes to workers' progress for <see cref="WatchLasts"/>: silos publish each report at once, otherwise once a second.</summary>
    [Alias("WatchProgress"), AlwaysInterleave]
    Task WatchProgress();

    /// <summary>The items after a position; waits up to <see cref="LongestWait"/> for the first, then returns an empty page.</summary>
    /// <param name="after">The reader's position; null to begin. A position that the feed no longer has is answered with a snapshot.</param>
    [Alias("Next"), AlwaysInterleave]
    Task<FeedPage> Next(FeedPosition? after);

    /// <summary>The latest report of each silo; a silo that has not reported for 10 s is left out.</summary>
    [Alias("GetSilos"), AlwaysInterleave, ReadOnly]
    Task<ImmutableArray<SiloReport>> GetSilos();
}
