using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Streams;

/// <summary>
/// What happens to all streams, as it happens: silos publish, readers follow. There is one, with the key <see cref="Key"/>. It keeps
/// nothing on disk: it is to look at, and whoever comes late, or after its silo has ended, begins with what is.
/// </summary>
[Alias("Streams.IFeedGrain")]
public interface IFeedGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only feed.</summary>
    const long Key = 0;

    /// <summary>How long <see cref="Next"/> waits for something to happen.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>How long <see cref="WatchProgress"/> counts; whoever still looks calls it again before.</summary>
    static readonly TimeSpan WatchLasts = TimeSpan.FromSeconds(5);

    /// <summary>Receives what happened in one silo.</summary>
    /// <returns>What the feed wants of the silo.</returns>
    [Alias("Publish")]
    Task<FeedWish> Publish(FeedBatch batch);

    /// <summary>Reports that somebody looks at the progress of workers: until <see cref="WatchLasts"/> later silos publish it at once, and else once a second.</summary>
    [Alias("WatchProgress"), AlwaysInterleave]
    Task WatchProgress();

    /// <summary>What happened after a position; waits up to <see cref="LongestWait"/> for it, then returns an empty page.</summary>
    /// <param name="after">Where the reader is; null to begin. One that the feed no longer knows is answered with all that is.</param>
    [Alias("Next"), AlwaysInterleave]
    Task<FeedPage> Next(FeedPosition? after);

    /// <summary>What the silos last said of themselves; one that has said nothing for 10 s is left out.</summary>
    [Alias("GetSilos"), AlwaysInterleave, ReadOnly]
    Task<ImmutableArray<SiloReport>> GetSilos();
}
