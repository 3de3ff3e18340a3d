using System.Collections.Immutable;
using Xunit;

namespace Streams.Grains.Tests.Feed;

public sealed class FeedLogTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FeedLog _log = new();

    [Fact]
    public void It_forgets_the_oldest_items_and_says_so()
    {
        _log.Append([.. Enumerable.Range(1, FeedLog.MaxItems + 10).Select(static i => Progress(i))]);
        Assert.False(_log.Has(9));
        Assert.True(_log.Has(10));
        Assert.False(_log.Has(_log.Last + 1));
        Assert.Equal(FeedLog.MaxItems, _log.After(10).Length);
        Assert.Equal([FeedLog.MaxItems + 10L], _log.After(_log.Last - 1).Select(static item => item.Progress!.Frames));
        Assert.Empty(_log.After(_log.Last));
    }

    [Fact]
    public void Progress_of_an_old_run_changes_nothing()
    {
        _log.Append([Status("a", StreamPhase.Running, 2), Progress(7) with { Generation = 1 }]);
        Assert.Null(Assert.Single(_log.All()).Status!.Progress);
        _log.Append([Progress(8) with { Generation = 2 }]);
        Assert.Equal(8, Assert.Single(_log.All()).Status!.Progress!.Frames);
    }

    [Fact]
    public void Of_many_streams_that_are_offline_those_that_were_so_for_longest_are_forgotten()
    {
        _log.Append([Status("live", StreamPhase.Running, 1)]);
        _log.Append([.. Enumerable.Range(0, 3 * FeedLog.MaxOffline).Select(static i => Status($"s{i}", StreamPhase.Offline, 1, At.AddSeconds(i)))]);
        ImmutableArray<FeedItem> all = _log.All();
        Assert.InRange(all.Length, FeedLog.MaxOffline * 8 / 10, FeedLog.MaxOffline + 1);
        Assert.Contains(all, static item => item.StreamId.Value == "live");
        Assert.Contains(all, static item => item.StreamId.Value == $"s{(3 * FeedLog.MaxOffline) - 1}");
        Assert.DoesNotContain(all, static item => item.StreamId.Value == "s0");
    }

    private static FeedItem Progress(long frames) => new(StreamId.Parse("a"), 1, At) { Progress = new WorkerProgress { Frames = frames } };

    private static FeedItem Status(string id, StreamPhase phase, long generation, DateTimeOffset? since = null) => new(StreamId.Parse(id), generation, At)
    {
        Status = new StreamStatus { StreamId = StreamId.Parse(id), Order = StreamOrder.Run, Phase = phase, Since = since ?? At, Generation = generation, Profile = "p" },
    };
}
