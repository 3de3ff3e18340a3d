using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Streams.Testing;
using Xunit;

namespace Streams.Grains.Tests.Cluster;

/// <summary>What the worker host holds to by itself, whatever it is told.</summary>
public sealed class WorkerHostTests(StreamsCluster cluster)
{
    private readonly StreamId _id = StreamId.Parse("h-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_generation_starts_only_after_the_former_is_gone_even_when_nobody_stopped_it()
    {
        WorkerHost host = HostWhoseStreamsOwnAll();
        host.Start(Run(1, "stubborn"));
        int first = await LeaderOf(1);
        host.Start(Run(2, "progress"));
        int second = await LeaderOf(2);
        Assert.False(Processes.IsAlive(first));
        host.Stop(_id, 2, StopCause.Operator);
        await Eventually.True(() => !Processes.IsAlive(second), "the second ended");
        await Eventually.True(() => !host.Has(_id, 1) && !host.Has(_id, 2), "both forgotten");
    }

    /// <summary>An encoder that waits for a silent track writes what it has when it is told to end: that is no sign that its next run would do better.</summary>
    [Fact]
    public async Task What_arrives_of_a_hung_run_once_it_is_told_to_end_does_not_keep_the_next_from_another_output()
    {
        WorkerHost host = HostWhoseStreamsOwnAll();
        RunPreparer preparer = cluster.Services.GetRequiredService<RunPreparer>();
        WorkerRun run = Run(1, "keyed");
        host.Start(run);
        await Eventually.True(() => host.GetView(_id, 1, withLog: false)?.Progress is not null, "a process that reports");
        host.Stop(_id, 1, StopCause.Stalled);
        host.RecordOutputAvailable(_id, 1);
        await Eventually.True(() => !host.Has(_id, 1), "the run ended");
        Assert.Equal(1, preparer.Outputs.CountSkipped(run));
    }

    [Fact]
    public async Task A_run_that_is_stopped_before_it_starts_never_starts()
    {
        await MakeKnown();
        cluster.Host.Start(Run(1, "stubborn"));
        await LeaderOf(1);
        cluster.Host.Start(Run(2, "progress"));
        cluster.Host.Stop(_id, 2, StopCause.InputGone);
        await Eventually.True(() => !cluster.Host.Has(_id, 1) && !cluster.Host.Has(_id, 2), "both forgotten");
        Assert.Empty(ProcessesOf(1));
        Assert.Empty(ProcessesOf(2));
    }

    [Fact]
    public async Task What_a_run_tells_a_stream_that_knows_nothing_of_it_is_dropped_and_counted()
    {
        ConcurrentBag<string> dropped = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument is { Meter.Name: StreamsMeter.Name, Name: StreamInstruments.DroppedName })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => dropped.Add((string)tags[0].Value!));
        listener.Start();
        cluster.Host.Start(Run(1, "echo"));
        await Eventually.True(() => !cluster.Host.Has(_id, 1), "the run ended");
        Assert.Contains("WorkerExited", dropped);
        Assert.Null(await cluster.Grains.GetGrain<IStreamGrain>(_id.Value).GetStatus());
    }

    [Fact]
    public async Task A_run_that_no_stream_wants_is_ended_by_the_stream_that_hears_of_it()
    {
        cluster.Host.Start(Run(1, "progress"));
        await Eventually.True(() => !cluster.Host.Has(_id, 1), "the run ended");
        Assert.Empty(ProcessesOf(1));
    }

    /// <summary>A host beside the silo's, for streams that call every run their own.</summary>
    private WorkerHost HostWhoseStreamsOwnAll()
    {
        IGrainFactory grains = DispatchProxy.Create<IGrainFactory, AllOwned>();
        return ActivatorUtilities.CreateInstance<WorkerHost>(cluster.Services, grains);
    }

    /// <summary>A grain factory, and the grain that it returns.</summary>
    public class AllOwned : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.ReturnType == typeof(Task<bool>) ? Task.FromResult(true)
            : targetMethod.ReturnType == typeof(Task) ? Task.CompletedTask
            : Create<IWorkerEvents, AllOwned>();
    }

    /// <summary>The stream is to believe that the first run is its own, and to wait for its end: else it ends it.</summary>
    private Task MakeKnown() => cluster.Store.Write(StreamRows.Of(_id, 1, new StreamState { Since = DateTimeOffset.UnixEpoch, Phase = StreamPhase.Stopping, Generation = 1 }));

    private WorkerRun Run(long generation, string profile) => new(_id, generation, new LiveSource("rtmpConn", "a", "", default), profile);

    private IReadOnlyList<int> ProcessesOf(long generation) =>
        Processes.WithVariable("STREAMS_RUN", value => value.EndsWith($"/{_id}/{generation}", StringComparison.Ordinal));

    private async Task<int> LeaderOf(long generation) =>
        (await Eventually.Get(() => ProcessesOf(generation), static pids => pids.Any(static pid => Processes.GroupOf(pid) == pid), $"a process of generation {generation}"))
        .First(static pid => Processes.GroupOf(pid) == pid);
}
