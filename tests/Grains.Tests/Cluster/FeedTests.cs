using System.Collections.Immutable;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>What real streams and workers tell the feed.</summary>
public sealed class FeedTests(StreamsCluster cluster)
{
    private readonly StreamId _id = StreamId.Parse("f-" + Guid.NewGuid().ToString("N"));

    private IFeedGrain Feed => cluster.Grains.GetGrain<IFeedGrain>(IFeedGrain.Key);

    private IStreamGrain Stream => cluster.Grains.GetGrain<IStreamGrain>(_id.Value);

    [Fact]
    public async Task A_streams_life_is_told_in_order_with_one_generation_and_one_trace()
    {
        FeedPosition position = (await Feed.Next(null)).Position;
        await Stream.Receive(Event(SourceEventKind.Ready) with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        List<FeedItem> told = [];
        while (!told.Exists(static item => item.Progress is { Frames: > 10 }))
        {
            FeedPage page = await Feed.Next(position);
            position = page.Position;
            Assert.False(page.IsReset);
            told.AddRange(page.Items.Where(item => item.StreamId == _id));
        }

        Assert.All(told, static item => Assert.Equal(1, item.Generation));
        Assert.All(told, static item => Assert.Single(new object?[] { item.Status, item.Progress, item.Entry }, static part => part is not null));
        Assert.All(told.Where(static item => item.Entry is not null), static item => Assert.Equal("0af7651916cd43dd8448eb211c80319c", item.Entry!.TraceId));
        Assert.All(told.Where(static item => item.Status is not null), static item => Assert.Empty(item.Status!.LogTail));
        Assert.Equal(["InputReady", "WorkerStarted", "WorkerProgressed"], told.Select(static item => item.Entry?.What).OfType<string>());
        StreamPhase[] phases = [.. told.Select(static item => item.Status?.Phase).OfType<StreamPhase>().Distinct()];
        Assert.Equal(StreamPhase.Running, phases[^1]);
        await Stream.Receive(Event(SourceEventKind.NotReady));
    }

    [Fact]
    public async Task Whoever_comes_late_gets_what_every_stream_is()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        FeedItem found = await Eventually.Get(
            async () => (await Feed.Next(null)).Items.Single(item => item.StreamId == _id), static item => item.Status is { Phase: StreamPhase.Running, Progress.Frames: > 0 }, "the stream in the feed");
        Assert.Equal("progress", found.Status!.Profile);
        await Stream.Receive(Event(SourceEventKind.NotReady));
    }

    [Fact]
    public async Task A_position_of_another_life_is_answered_with_all_that_is()
    {
        FeedPage page = await Feed.Next(new FeedPosition(Guid.NewGuid(), 5));
        Assert.True(page.IsReset);
        FeedPage ahead = await Feed.Next(page.Position with { Sequence = page.Position.Sequence + 1_000_000 });
        Assert.True(ahead.IsReset);
    }

    [Fact]
    public async Task The_silo_says_how_it_is()
    {
        ImmutableArray<SiloReport> silos = await Eventually.Get(Feed.GetSilos, static silos => silos.Length == 1, "one silo");
        Assert.Equal((Environment.ProcessId, 100), (silos[0].Pid, silos[0].MaxWorkers));
        Assert.InRange(silos[0].MemoryBytes, 1_000_000, long.MaxValue);
    }

    [Fact]
    public async Task A_command_that_makes_no_sense_now_is_refused_with_the_reason()
    {
        Assert.Null((await Stream.Command(StreamCommand.Stop, CallOrigin.Unknown)).Status);
        await Stream.Receive(Event(SourceEventKind.Ready));
        Assert.Contains("not stopped", (await Stream.Command(StreamCommand.Resume, CallOrigin.Unknown)).Refusal, StringComparison.Ordinal);
        Assert.Contains("there are: echo, fail", (await Stream.ChooseProfile("nonsense", CallOrigin.Unknown)).Refusal, StringComparison.Ordinal);
        await Stream.Receive(Event(SourceEventKind.NotReady));
        Assert.Contains("Nobody publishes", (await Stream.Command(StreamCommand.Restart, CallOrigin.Unknown)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_stopped_a_stream_stands_in_its_history()
    {
        await Stream.Receive(Event(SourceEventKind.Ready));
        await Stream.Command(StreamCommand.Stop, new CallOrigin("anna", null));
        StreamHistory history = (await cluster.HistoryOf(_id))!;
        Assert.Equal("anna", history.Entries.Single(static entry => entry.What == nameof(StreamCommand.Stop)).By);
    }

    private SourceEvent Event(SourceEventKind kind) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = kind,
        Path = new StreamPath(_id, PathRole.Input),
        Source = new MediaSource("rtmpConn", _id.Value + "a"),
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };
}
