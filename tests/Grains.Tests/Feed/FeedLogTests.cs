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
    public void Streams_that_are_not_active_are_relayed_and_not_kept()
    {
        _log.Append([Status("live", StreamPhase.Running, 1), Status("gone", StreamPhase.Running, 1)]);
        _log.Append([Status("gone", StreamPhase.Offline, 1), .. Enumerable.Range(0, 1000).Select(static i => Status($"s{i}", StreamPhase.Offline, 1))]);
        Assert.Equal("live", Assert.Single(_log.All()).StreamId.Value);
        Assert.Equal("gone", _log.After(2)[0].StreamId.Value);
    }

    private static FeedItem Progress(long frames) => new(StreamId.Parse("a"), 1, At) { Progress = new WorkerProgress { Frames = frames } };

    private static FeedItem Status(string id, StreamPhase phase, long generation) => new(StreamId.Parse(id), generation, At)
    {
        Status = new StreamStatus { StreamId = StreamId.Parse(id), Order = StreamOrder.Run, Phase = phase, Since = At, Generation = generation, Profile = "p" },
    };
}
