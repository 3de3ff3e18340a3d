using Microsoft.Extensions.DependencyInjection;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>A watch that is asked for on a silo which has no media server of that name.</summary>
public sealed class UnknownNodeTests(StreamsCluster cluster)
{
    [Fact]
    public async Task It_watches_nothing_and_says_what_to_do()
    {
        IMediaNodeGrain watch = cluster.Grains.GetGrain<IMediaNodeGrain>("nobody");
        await watch.Watch();
        MediaNodeStatus status = await watch.GetStatus();
        Assert.Equal(("nobody", false, (DateTimeOffset?)null), (status.Name, status.IsReachable, status.Since));
        Assert.Contains("Give all silos the same Streams:Media:Nodes", status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_it_is_refused_and_tried_again()
    {
        RunPreparer preparer = cluster.Services.GetRequiredService<RunPreparer>();
        WorkerRun run = new(StreamId.Parse("demo"), 1, new LiveSource("rtmpConn", "a", "", default) { Node = "nobody" }, null);
        (WorkerCommand? command, WorkerExit? refusal) = await preparer.Finish(run, preparer.Begin(run, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Null(command);
        Assert.Equal((WorkerExitKind.MediaAway, RetryHope.WhenMachineRecovers), (refusal!.Kind, refusal.Hope));
        Assert.Contains("no media server 'nobody'", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_of_it_belongs_to_the_first()
    {
        StreamId id = StreamId.Parse("u-" + Guid.NewGuid().ToString("N"));
        IStreamGrain stream = cluster.Grains.GetGrain<IStreamGrain>(id.Value);
        MediaSource source = new("rtmpConn", Guid.NewGuid().ToString());
        await stream.Receive(StreamsCluster.Event(id, source, SourceEventKind.Ready) with { Node = "nobody" });
        Assert.Equal(MediaNodeNames.Default, (await stream.GetStatus())!.Input!.Node);
        Assert.Equal(MediaNodeNames.Default, (await cluster.Store.Read(id))!.Node);
        await stream.Receive(StreamsCluster.Event(id, source, SourceEventKind.NotReady));
        await Eventually.Get(stream.GetStatus, static status => status!.Phase == StreamPhase.Offline, "offline");
    }
}
