using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>What a silo does that must not go on. It has a cluster of its own, since nothing starts in it afterwards.</summary>
public sealed class KillAllTests
{
    [Fact]
    public async Task Every_workers_group_is_killed_and_none_starts_any_more()
    {
        StreamId id = StreamId.Parse("k-" + Guid.NewGuid().ToString("N"));
        await using InProcessTestCluster cluster = await StreamsCluster.Deploy();
        IServiceProvider services = cluster.Silos[0].ServiceProvider;
        IWorkerHost host = services.GetRequiredService<IWorkerHost>();
        await services.GetRequiredService<IStreamStore>().Write(
            StreamRows.Of(id, 1, new StreamState { Since = DateTimeOffset.UnixEpoch, Phase = StreamPhase.Stopping, Generation = 1 }));
        host.Start(Run(id, 1));
        await Eventually.Get(() => ProcessesOf(id), static pids => pids.Count >= 2, "the worker and its child, which ignores every signal but one");

        host.KillAll();
        await Eventually.Get(() => ProcessesOf(id), static pids => pids.Count == 0, "the group gone");
        host.Start(Run(id, 2));
        Assert.Empty(ProcessesOf(id));
    }

    private static WorkerRun Run(StreamId id, long generation) => new(id, generation, new LiveSource("rtmpConn", "a", "", default), "parent");

    private static IReadOnlyList<int> ProcessesOf(StreamId id) => Processes.WithVariable("STREAMS_RUN", value => value.Contains($"/{id}/", StringComparison.Ordinal));
}
