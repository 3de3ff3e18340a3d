using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>The grain and the watch of its media server: polls that were sent before a hook came are no news, whatever the clock of the watch's silo says.</summary>
public sealed class PollNumberTests(StreamsCluster cluster)
{
    private readonly StreamId _id = StreamId.Parse("n-" + Guid.NewGuid().ToString("N"));
    private readonly MediaSource _source = new("rtmpConn", Guid.NewGuid().ToString());

    private IStreamGrain Stream => cluster.Grains.GetGrain<IStreamGrain>(_id.Value);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Only_a_poll_that_was_sent_after_the_hook_tells_that_the_input_has_ended(int hours)
    {
        PollPosition before = await cluster.Grains.GetGrain<IPollNumbers>(MediaNodeNames.Default).GetPosition();
        await Stream.Receive(StreamsCluster.Event(_id, _source, SourceEventKind.Ready));
        for (int poll = 0; poll < 3; poll++)
        {
            Assert.False(await Observe(before, hours));
            Assert.NotNull((await Stream.GetStatus())!.Input);
        }

        // The stream has asked for the last number meanwhile, or does so now.
        await Eventually.Get(() => Observe(before with { Number = long.MaxValue }, hours), static isCorrected => isCorrected, "a later poll taken as news");
        Assert.Null((await Stream.GetStatus())!.Input);
        Assert.False(await Observe(before, hours));
    }

    private Task<bool> Observe(PollPosition poll, int hours) => cluster.Grains.GetGrain<IObservedStream>(_id.Value).Observe(
        new StreamObservation(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(hours), null, null) { Node = "default", Poll = poll });
}
