using System.Collections.Immutable;
using System.Threading.Channels;

namespace Streams.Api.Tests;

/// <summary>A feed of the items that a test puts into <see cref="FakeCluster.Feed"/>.</summary>
public sealed class FakeFeedGrain : Grain, IFeedGrain
{
    public Task<FeedWish> Publish(FeedBatch batch) => throw new NotSupportedException("The API only reads the feed.");

    public Task WatchProgress() => Task.CompletedTask;

    public async Task<FeedPage> Next(FeedPosition? after)
    {
        if (after is not { } position || position.Epoch != FakeCluster.FeedEpoch)
        {
            return new FeedPage(new FeedPosition(FakeCluster.FeedEpoch, 0), IsReset: true, FakeCluster.FeedStart);
        }

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(1));
        ImmutableArray<FeedItem> items;
        try
        {
            items = await FakeCluster.Feed.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            items = [];
        }

        return new FeedPage(position with { Sequence = position.Sequence + items.Length }, IsReset: false, items);
    }

    public Task<ImmutableArray<SiloReport>> GetSilos() => Task.FromResult(FakeCluster.Silos);
}
