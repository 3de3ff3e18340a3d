using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>A stream whose worker nobody will ever tell of again must not wait for it.</summary>
public sealed class LostWorkerTests
{
    private static readonly MediaSource Source = new("rtmpConn", "a");

    private readonly StreamId _id = StreamId.Parse("l-" + Guid.NewGuid().ToString("N"));

    /// <summary>Settings are read at the start. Were they read again, wrong ones would lose the ends of workers and their places in the gate.</summary>
    [Fact]
    public async Task Settings_that_go_wrong_while_workers_live_lose_none()
    {
        ChangingSettings settings = new();
        await using InProcessTestCluster cluster = await StreamsCluster.Deploy(host => ((IConfigurationBuilder)host.Configuration).Add(settings));
        IStreamGrain first = cluster.Client.GetGrain<IStreamGrain>(_id.Value);
        StreamId other = StreamId.Parse("other-" + _id.Value);
        IStreamGrain second = cluster.Client.GetGrain<IStreamGrain>(other.Value);
        await first.Receive(StreamsCluster.Event(_id, Source, SourceEventKind.Ready));
        StreamStatus running = await Until(first, static status => status is { Phase: StreamPhase.Running, WorkerPid: not null }, "running");

        settings.Change("Streams:Workers:DefaultProfile", "nope");
        Processes.Signal(running.WorkerPid!.Value, Processes.KillSignal);
        await second.Receive(StreamsCluster.Event(other, Source, SourceEventKind.Ready));
        await Until(first, static status => status is { Phase: StreamPhase.Running, Generation: 2 }, "running again");
        await Until(second, static status => status.Phase == StreamPhase.Running, "the second running");
        WorkerCounts counts = cluster.Silos[0].ServiceProvider.GetRequiredService<StartGate>().Counts;
        Assert.Equal((2, 0), (counts.Living, counts.Waiting));

        await first.Receive(StreamsCluster.Event(_id, Source, SourceEventKind.NotReady));
        await second.Receive(StreamsCluster.Event(other, Source, SourceEventKind.NotReady));
        await Until(first, static status => status.Phase == StreamPhase.Offline, "offline");
        await Until(second, static status => status.Phase == StreamPhase.Offline, "the second offline");
    }

    [Fact]
    public async Task A_start_that_the_host_never_made_is_made_up_for_at_the_next_look()
    {
        ForgetfulHost workers = new();
        await using InProcessTestCluster cluster = await StreamsCluster.Deploy(host => host.Services.AddSingleton<IWorkerHost>(workers));
        IStreamGrain stream = cluster.Client.GetGrain<IStreamGrain>(_id.Value);
        SourceEvent ready = StreamsCluster.Event(_id, Source, SourceEventKind.Ready);
        Assert.Equal(1, (await stream.Receive(ready)).Generation);
        Assert.Empty(workers.Runs);

        LiveSource seen = new(Source.Type, Source.Id, "", ready.OccurredAt);
        IObservedStream observed = cluster.Client.GetGrain<IObservedStream>(_id.Value);
        await observed.Observe(new StreamObservation(TimeProvider.System.GetUtcNow(), new PathView { Source = seen }, null));
        Assert.Equal([(_id, 2L)], workers.Runs.Keys);
        await observed.Observe(new StreamObservation(TimeProvider.System.GetUtcNow(), new PathView { Source = seen }, null));
        Assert.Equal([(_id, 2L)], workers.Runs.Keys);
    }

    /// <summary>What the streams are stays as it is for the next silo to go on from.</summary>
    [Fact]
    public async Task A_silo_that_ends_its_workers_takes_none_for_lost()
    {
        await using InProcessTestCluster cluster = await StreamsCluster.Deploy();
        IStreamGrain stream = cluster.Client.GetGrain<IStreamGrain>(_id.Value);
        SourceEvent ready = StreamsCluster.Event(_id, Source, SourceEventKind.Ready);
        await stream.Receive(ready);
        await Until(stream, static status => status.Phase == StreamPhase.Running, "running");
        WorkerHost workers = cluster.Silos[0].ServiceProvider.GetRequiredService<WorkerHost>();
        await workers.StopAsync(CancellationToken.None);

        LiveSource seen = new(Source.Type, Source.Id, "", ready.OccurredAt);
        await cluster.Client.GetGrain<IObservedStream>(_id.Value).Observe(new StreamObservation(TimeProvider.System.GetUtcNow(), new PathView { Source = seen }, null));
        StreamStatus status = (await stream.GetStatus())!;
        Assert.Equal((StreamPhase.Running, 1L), (status.Phase, status.Generation));
    }

    private static Task<StreamStatus> Until(IStreamGrain stream, Func<StreamStatus, bool> accept, string what) =>
        Eventually.Get(async () => (await stream.GetStatus())!, accept, what);

    private sealed class ChangingSettings : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Change(string key, string value)
        {
            Set(key, value);
            try
            {
                OnReload();
            }
            catch (AggregateException)
            {
                // Somebody watches these settings, and finds them wrong.
            }
        }
    }

    /// <summary>Its first start fails without a trace.</summary>
    private sealed class ForgetfulHost : IWorkerHost
    {
        private bool _hasForgotten;

        public ConcurrentDictionary<(StreamId Id, long Generation), WorkerRun> Runs { get; } = [];

        public bool HasAny => !Runs.IsEmpty;

        public IReadOnlyList<(StreamId StreamId, long Generation)> ListWaiting() => [];

        public IReadOnlyList<(StreamId StreamId, long Generation)> ListRuns() => [.. Runs.Keys];

        public bool Has(StreamId streamId, long generation) => Runs.ContainsKey((streamId, generation));

        public long FindLatest(StreamId streamId) => Runs.Keys.Where(run => run.Id == streamId).Select(static run => run.Generation).DefaultIfEmpty().Max();

        public WorkerRun Prepare(WorkerRun run) => run;

        public void Start(WorkerRun run)
        {
            if (_hasForgotten)
            {
                Runs[(run.StreamId, run.Generation)] = run;
            }

            _hasForgotten = true;
        }

        public void Stop(StreamId streamId, long generation, StopCause cause)
        {
        }

        public void KillAll()
        {
        }

        public RunView? GetView(StreamId streamId, long generation, bool withLog = true) => null;

        public bool IsKeyOf(StreamId streamId, long generation, string key) => false;

        public bool OpensOutput(StreamId streamId, string key) => false;

        public bool OpensSide(StreamId streamId, long generation, string key) => false;

        public void StepIn(StreamId streamId, long generation)
        {
        }

        public void SetCutOff(bool isCutOff)
        {
        }

        public void RecordInput(StreamId streamId, long generation, long inboundBytes)
        {
        }

        public void RecordOutput(StreamId streamId, long generation, string? source, long inboundBytes)
        {
        }

        public void RecordOutputAvailable(StreamId streamId, long generation)
        {
        }
    }
}
