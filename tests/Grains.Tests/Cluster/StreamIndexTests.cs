using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>Which streams exist, without waking any.</summary>
public sealed class StreamIndexTests(StreamsCluster cluster)
{
    private readonly IStreamIndexGrain _index = cluster.Grains.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key);

    [Fact]
    public async Task A_stream_exists_as_soon_as_its_first_event_was_answered()
    {
        for (int i = 0; i < 20; i++)
        {
            StreamId id = StreamId.Parse(TestStream.NewId("new"));
            Assert.False(await _index.Exists(id));
            await cluster.Grains.GetGrain<IStreamGrain>(id.Value).Receive(Ready(id));
            Assert.True(await _index.Exists(id));
        }
    }

    [Fact]
    public async Task A_stream_that_an_operator_chose_a_profile_for_exists_before_anybody_publishes_it()
    {
        StreamId id = StreamId.Parse(TestStream.NewId("chosen"));
        await cluster.Grains.GetGrain<IStreamGrain>(id.Value).ChooseProfile("echo", new CallOrigin(null, null));
        Assert.True(await _index.Exists(id));
    }

    [Fact]
    public async Task Looking_for_ids_that_never_existed_activates_no_grain_of_a_stream()
    {
        string prefix = TestStream.NewId("never")[..14];
        for (int i = 0; i < 200; i++)
        {
            Assert.False(await _index.Exists(StreamId.Parse($"{prefix}-{i}")));
        }

        DetailedGrainStatistic[] active = await cluster.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        Assert.DoesNotContain(active, grain => grain.GrainId.Key.ToString()!.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static SourceEvent Ready(StreamId id) => new()
    {
        EventId = Guid.NewGuid(),
        Kind = SourceEventKind.Ready,
        Path = new StreamPath(id, PathRole.Output),
        Source = new MediaSource("rtmpConn", "source"),
        Query = "",
        OccurredAt = TimeProvider.System.GetUtcNow(),
    };
}
