using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Core.Internal;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>Three silos in this process, with one store and real workers: the stream's grain and its worker's host are apart.</summary>
[Collection(nameof(SeveralSilosTests))]
public sealed class SeveralSilosTests : IAsyncLifetime
{
    private static readonly MediaSource Source = new("rtmpConn", "a");

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly MemoryStreamStore _store = new();
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await StreamsCluster.Deploy(host => host.Services.AddSingleton<IStreamStore>(_store), silos: 3);

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Workers_are_spread_over_the_silos_and_no_stream_has_two()
    {
        await KnowEachOther();
        StreamId[] ids = [.. Enumerable.Range(0, 18).Select(Id)];
        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
        }

        foreach (StreamId id in ids)
        {
            await Until(id, static status => status is { Phase: StreamPhase.Running, Progress.Frames: > 0 }, "running, with the progress that another silo's host reports");
        }

        int[] shares = [.. _cluster.Silos.Select(silo => ids.Count(id => HostOf(silo).FindLatest(id) > 0))];
        Assert.Equal(18, shares.Sum());
        Assert.All(shares, static share => Assert.InRange(share, 2, 12));
        Assert.All(ids, id => Assert.Single(LeadersOf(id)));
        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.NotReady));
            await Until(id, static status => status.Phase == StreamPhase.Offline, "offline");
        }

        Assert.All(ids, id => Assert.Empty(LeadersOf(id)));
    }

    [Fact]
    public async Task A_grain_that_is_activated_anew_goes_on_with_the_run_that_it_finds()
    {
        await KnowEachOther();
        StreamId[] ids = [.. Enumerable.Range(0, 9).Select(Id)];
        Dictionary<StreamId, StreamStatus> before = [];
        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
            before[id] = await Until(id, static status => status is { Phase: StreamPhase.Running, WorkerPid: not null }, "running");
        }

        for (int round = 0; round < 3; round++)
        {
            foreach (StreamId id in ids)
            {
                await Stream(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
            }

            foreach (StreamId id in ids)
            {
                await Observe(id);
                StreamStatus now = (await Stream(id).GetStatus())!;
                Assert.Equal((StreamPhase.Running, before[id].Generation, before[id].WorkerPid), (now.Phase, now.Generation, now.WorkerPid));
                Assert.True(Processes.IsAlive(now.WorkerPid!.Value));
            }
        }

        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.NotReady));
            await Until(id, static status => status.Phase == StreamPhase.Offline, "offline");
            Assert.False(Processes.IsAlive(before[id].WorkerPid!.Value));
        }
    }

    [Fact]
    public async Task A_run_whose_row_is_gone_ends_wherever_it_is()
    {
        await KnowEachOther();
        StreamId[] ids = [.. Enumerable.Range(0, 6).Select(Id)];
        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
            await Until(id, static status => status.Phase == StreamPhase.Running, "running");
        }

        foreach (StreamId id in ids)
        {
            await _store.Drop(id);
            await Stream(id).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        }

        await Eventually.True(() => ids.All(id => LeadersOf(id).Length == 0), "all processes gone");
    }

    [Fact]
    public async Task A_silo_that_is_gone_takes_no_stream_with_it()
    {
        await KnowEachOther();
        StreamId[] ids = [.. Enumerable.Range(0, 9).Select(Id)];
        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
            await Until(id, static status => status.Phase == StreamPhase.Running, "running");
        }

        InProcessSiloHandle victim = _cluster.Silos[2];
        StreamId[] its = [.. ids.Where(id => HostOf(victim).FindLatest(id) > 0)];
        Assert.NotEmpty(its);
        await _cluster.KillSiloAsync(victim);
        foreach (int pid in its.SelectMany(LeadersOf))
        {
            Processes.Signal(pid, Processes.KillSignal); // As the kernel does when a silo's process dies, which this one does not.
        }

        foreach (StreamId id in ids)
        {
            StreamStatus now = await Eventually.Get(
                async () =>
                {
                    await Observe(id);
                    return (await Stream(id).GetStatus())!;
                },
                status => status is { Phase: StreamPhase.Running, WorkerPid: not null } && Processes.IsAlive(status.WorkerPid.Value),
                "running again");
            Assert.Equal(its.Contains(id) ? 2 : 1, now.Generation);
        }

        Assert.All(ids, id => Assert.Single(_cluster.Silos, silo => silo.IsActive && HostOf(silo).FindLatest(id) > 0));
    }

    /// <summary>Each stream's output changes hands: the next run's publisher takes the output over at the media server, which this test plays.</summary>
    [Fact]
    public async Task A_silo_that_is_drained_hands_its_streams_over_and_none_of_them_is_without_a_worker()
    {
        await KnowEachOther();
        StreamId[] ids = [.. Enumerable.Range(0, 9).Select(Id)];
        foreach (StreamId id in ids)
        {
            await Stream(id).ChooseProfile("keyed", CallOrigin.Unknown);
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
            await Until(id, static status => status.WorkerPid is not null, "started");
            await Eventually.Get(() => ShowOutput(id, 1), static status => status.Phase == StreamPhase.Running, "running");
        }

        InProcessSiloHandle victim = _cluster.Silos[2];
        StreamId[] its = [.. ids.Where(id => HostOf(victim).FindLatest(id) > 0)];
        Assert.NotEmpty(its);
        SiloReport report = (await _cluster.Client.GetGrain<IFeedGrain>(IFeedGrain.Key).GetSilos()).Single(silo => silo.Address == victim.SiloAddress.ToString());
        Assert.Null((await _cluster.Client.GetGrain<ISilosGrain>(ISilosGrain.Key).Drain(report.Name)).Refusal);
        foreach (StreamId id in its)
        {
            await Until(id, static status => status is { Change: { Cause: ChangeCause.Drain, WorkerPid: not null } }, "its next run started");
            Assert.Equal(2, LeadersOf(id).Length);
            StreamStatus moved = await Eventually.Get(() => ShowOutput(id, 2), static status => status is { Generation: 2, Change: null }, "handed over");
            Assert.Equal(StreamPhase.Running, moved.Phase);
            await Eventually.True(() => LeadersOf(id).Length == 1, "the former ended");
            await Eventually.True(() => HostOf(victim).ListRuns().All(run => run.StreamId != id), "its former host without it");
        }

        await Eventually.True(() => victim.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, "the silo ends");
        foreach (StreamId id in ids.Except(its))
        {
            Assert.Equal(1, (await Stream(id).GetStatus())!.Generation);
        }

        StreamHistory history = (await _cluster.Client.GetGrain<IStreamIndexGrain>(IStreamIndexGrain.Key).GetHistory(its[0]))!;
        Assert.Contains(history.Runs, static run => run is { Generation: 1, Exit: "Stopped" });
        foreach (StreamId id in ids)
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.NotReady));
        }
    }

    [Fact]
    public async Task A_drain_waits_for_room_on_the_others_and_ends_the_silo_when_it_is_alone()
    {
        await using InProcessTestCluster small = await StreamsCluster.Deploy(
            host =>
            {
                host.Services.AddSingleton<IStreamStore>(_store);
                host.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Streams:Workers:MaxWorkers"] = "1" });
            },
            silos: 2);
        await Eventually.True(() => small.Silos.All(static silo => silo.ServiceProvider.GetRequiredService<WorkerHosts>().KnownHosts == 2), "both know each other");
        StreamId[] ids = [Id(0), Id(1)];
        foreach (StreamId id in ids)
        {
            await small.Client.GetGrain<IStreamGrain>(id.Value).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
            await Eventually.True(() => LeadersOf(id).Length == 1, "running");
        }

        InProcessSiloHandle drained = small.Silos.Single(silo => HostOf(silo).FindLatest(ids[0]) > 0);
        InProcessSiloHandle other = small.Silos.Single(silo => silo != drained);
        await Eventually.True(
            () => small.Silos.All(silo => small.Silos.All(present => !silo.ServiceProvider.GetRequiredService<WorkerHosts>().CanPlaceElsewhere(
                new RunNeeds(ids[0], "progress", 1, ""), present.SiloAddress.ToParsableString()))),
            "each knows that both are full");
        int worker = LeadersOf(ids[0]).Single();
        SiloDrain drain = drained.ServiceProvider.GetRequiredService<SiloDrain>();
        IHostApplicationLifetime lifetime = drained.ServiceProvider.GetRequiredService<IHostApplicationLifetime>();
        long known = System.Diagnostics.Stopwatch.GetTimestamp();
        drain.Begin();
        await Eventually.True(() => System.Diagnostics.Stopwatch.GetElapsedTime(known) > TimeSpan.FromSeconds(5), "longer than a silo waits that is alone");
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
        Assert.True(Processes.IsAlive(worker));

        await small.Client.GetGrain<IStreamGrain>(ids[1].Value).Receive(StreamsCluster.Event(ids[1], Source, SourceEventKind.NotReady));
        await Eventually.True(() => HostOf(other).FindLatest(ids[0]) > 1 && lifetime.ApplicationStopping.IsCancellationRequested, "moved, and the silo ends");
        other.ServiceProvider.GetRequiredService<SiloDrain>().Begin();
        await Eventually.True(() => other.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested, "the last one ends with its worker");
        await small.Client.GetGrain<IStreamGrain>(ids[0].Value).Receive(StreamsCluster.Event(ids[0], Source, SourceEventKind.NotReady));
    }

    /// <summary>A feed that begins anew, as after the loss of its silo, has no reports for a second: all streams of that silo would be placed on one.</summary>
    [Fact]
    public async Task The_hosts_are_known_while_the_feed_begins_anew()
    {
        await KnowEachOther();
        WorkerHosts hosts = _cluster.Silos[0].ServiceProvider.GetRequiredService<WorkerHosts>();
        for (int i = 0; i < 5; i++)
        {
            await _cluster.Client.GetGrain<IFeedGrain>(IFeedGrain.Key).Cast<IGrainManagementExtension>().DeactivateOnIdle();
            await hosts.Refresh(TestContext.Current.CancellationToken);
            Assert.Equal(3, hosts.KnownHosts);
        }
    }

    /// <summary>A question about a run may overtake its start on the way to the other silo: no answer to it says that the run is lost.</summary>
    [Fact]
    public async Task Observations_while_a_run_is_being_started_elsewhere_start_no_other()
    {
        await KnowEachOther();
        StreamId[] ids = [.. Enumerable.Range(0, 30).Select(Id)];
        await Task.WhenAll(ids.Select(async id =>
        {
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
            for (int i = 0; i < 10; i++)
            {
                await Observe(id);
            }
        }));
        foreach (StreamId id in ids)
        {
            Assert.Equal(1, (await Until(id, static status => status.Phase == StreamPhase.Running, "running")).Generation);
            await Stream(id).Receive(StreamsCluster.Event(id, Source, SourceEventKind.NotReady));
        }
    }

    [Fact]
    public async Task A_run_that_waits_for_a_slot_starts_on_whichever_silo_has_one_first()
    {
        await using InProcessTestCluster small = await StreamsCluster.Deploy(
            host =>
            {
                host.Services.AddSingleton<IStreamStore>(_store);
                host.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Streams:Workers:MaxWorkers"] = "2" });
            },
            silos: 2);
        await Eventually.True(() => small.Silos.All(static silo => silo.ServiceProvider.GetRequiredService<WorkerHosts>().KnownHosts == 2), "both know each other");
        StreamId[] ids = [.. Enumerable.Range(0, 6).Select(Id)];
        foreach (StreamId id in ids)
        {
            await small.Client.GetGrain<IStreamGrain>(id.Value).Receive(StreamsCluster.Event(id, Source, SourceEventKind.Ready));
        }

        IWorkerHost[] hosts = [.. small.Silos.Select(HostOf)];
        StreamId[] Waiting() => [.. hosts.SelectMany(static host => host.ListWaiting()).Select(static run => run.StreamId).Distinct()];
        await Eventually.True(() => ids.Count(id => LeadersOf(id).Length == 1) == 4 && Waiting().Length == 2, "four run, and two wait");
        StreamId[] waiting = Waiting();
        IWorkerHost other = hosts.OrderBy(host => host.ListWaiting().Count).First();
        foreach ((StreamId id, _) in other.ListRuns().Except(other.ListWaiting()).ToArray())
        {
            await small.Client.GetGrain<IStreamGrain>(id.Value).Receive(StreamsCluster.Event(id, Source, SourceEventKind.NotReady));
        }

        await Eventually.True(() => waiting.All(id => LeadersOf(id).Length == 1), "those that waited run");
        foreach (StreamId id in ids)
        {
            await small.Client.GetGrain<IStreamGrain>(id.Value).Receive(StreamsCluster.Event(id, Source, SourceEventKind.NotReady));
        }

        await Eventually.True(() => ids.All(id => LeadersOf(id).Length == 0), "all ended");
    }

    /// <summary>MediaMTX shows that a run publishes the output, and what it sends.</summary>
    private async Task<StreamStatus> ShowOutput(StreamId id, int publisher)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        PathView output = new() { Source = new LiveSource("rtmpConn", $"out-{publisher}", "", now), InboundBytes = 1_000 };
        await _cluster.Client.GetGrain<IObservedStream>(id.Value).Observe(new StreamObservation(now, new PathView { Source = new LiveSource(Source.Type, Source.Id, "", now) }, output));
        return (await Stream(id).GetStatus())!;
    }

    /// <summary>The living workers of a stream, of whatever generation.</summary>
    private static int[] LeadersOf(StreamId id) =>
        [.. Processes.WithVariable(RunMarker.Variable, value => value.Contains($"/{id}/", StringComparison.Ordinal)).Where(static pid => Processes.GroupOf(pid) == pid && Processes.IsAlive(pid))];

    private StreamId Id(int number) => StreamId.Parse($"c{_run}-{number}");

    private IStreamGrain Stream(StreamId id) => _cluster.Client.GetGrain<IStreamGrain>(id.Value);

    private static IWorkerHost HostOf(InProcessSiloHandle silo) => silo.ServiceProvider.GetRequiredService<IWorkerHost>();

    /// <summary>Placement goes by what the silos report.</summary>
    private Task KnowEachOther() => Eventually.True(() => _cluster.Silos.All(static silo => silo.ServiceProvider.GetRequiredService<WorkerHosts>().KnownHosts == 3), "each silo knows three hosts");

    private Task<bool> Observe(StreamId id) => _cluster.Client.GetGrain<IObservedStream>(id.Value).Observe(
        new StreamObservation(TimeProvider.System.GetUtcNow(), new PathView { Source = new LiveSource(Source.Type, Source.Id, "", TimeProvider.System.GetUtcNow()) }, null));

    private Task<StreamStatus> Until(StreamId id, Func<StreamStatus, bool> accept, string what) => Eventually.Get(async () => (await Stream(id).GetStatus())!, accept, what);
}
