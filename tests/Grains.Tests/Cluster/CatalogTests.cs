using System.Collections.Immutable;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>What the watch takes for live is what the catalog says: it must not hold on to what was.</summary>
public sealed class CatalogTests(StreamsCluster cluster)
{
    private static readonly DateTimeOffset At = new(2026, 1, 31, 13, 0, 0, TimeSpan.Zero);

    private readonly StreamId _id = StreamId.Parse("c-" + Guid.NewGuid().ToString("N"));

    private ICatalogGrain Catalog => cluster.Grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key);

    [Fact]
    public async Task After_the_clock_was_set_back_what_is_told_last_holds()
    {
        StreamEntry running = new(_id, StreamPhase.Running, At - TimeSpan.FromSeconds(2), 2);
        await Catalog.Note([new StreamEntry(_id, StreamPhase.Offline, At, 1)]);
        await Catalog.Note([running]);
        Assert.Equal(running, await Find());

        StreamEntry ended = running with { Phase = StreamPhase.Offline, Since = running.Since - TimeSpan.FromSeconds(1) };
        await Catalog.Note([ended]);
        Assert.Equal(ended, await Find());
    }

    [Fact]
    public async Task An_old_runs_late_word_changes_nothing()
    {
        StreamEntry running = new(_id, StreamPhase.Running, At, 2);
        await Catalog.Note([running]);
        await Catalog.Note([new StreamEntry(_id, StreamPhase.Stopping, At - TimeSpan.FromSeconds(2), 1)]);
        Assert.Equal(running, await Find());
    }

    private async Task<StreamEntry> Find()
    {
        ImmutableArray<StreamEntry> list = await Catalog.List();
        return list.Single(entry => entry.StreamId == _id);
    }
}
