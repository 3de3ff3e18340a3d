using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>Makes this silo's worker host reachable from the grains of other silos.</summary>
[Reentrant]
internal sealed class WorkerHostService(
    GrainId grainId, Silo silo, ILoggerFactory loggers, IWorkerHost host, WorkerHosts hosts, SiloReporter reporter, SiloDrain drain) : GrainService(grainId, silo, loggers), IWorkerHostService
{
    public Task Start(WorkerRun run)
    {
        host.Start(run);
        return Task.CompletedTask;
    }

    public Task StartStandby(WorkerRun run) => Start(run);

    public Task StepIn(StreamId streamId, long generation)
    {
        host.StepIn(streamId, generation);
        return Task.CompletedTask;
    }

    public Task<bool> OpensOutput(StreamId streamId, string key) => Task.FromResult(host.OpensOutput(streamId, key));

    public Task<bool> OpensSide(StreamId streamId, long generation, string key) => Task.FromResult(host.OpensSide(streamId, generation, key));

    public Task Stop(StreamId streamId, long generation, StopCause cause)
    {
        host.Stop(streamId, generation, cause);
        return Task.CompletedTask;
    }

    public Task<RunReport> Record(StreamId streamId, long generation, RunPaths paths)
    {
        paths.RecordAt(host, streamId, generation);
        return Find(streamId, generation, withLog: false);
    }

    public Task<RunReport> Find(StreamId streamId, long generation, bool withLog) =>
        Task.FromResult(new RunReport(host.Has(streamId, generation), host.GetView(streamId, generation, withLog)));

    public Task RecordOutputAvailable(StreamId streamId, long generation)
    {
        host.RecordOutputAvailable(streamId, generation);
        return Task.CompletedTask;
    }

    public Task RecordDraining(string drained)
    {
        hosts.RecordDraining(drained);
        return Task.CompletedTask;
    }

    public Task Drain()
    {
        drain.Begin();
        return Task.CompletedTask;
    }

    public Task<SiloReport> Report() => Task.FromResult(reporter.Report());

    public Task Ping() => Task.CompletedTask;

    public Task<bool> IsKeyOf(StreamId streamId, long generation, string key) => Task.FromResult(host.IsKeyOf(streamId, generation, key));
}

/// <summary>Reaches the worker host of a given silo.</summary>
internal sealed class WorkerHostClient(IServiceProvider services) : Orleans.Runtime.Services.GrainServiceClient<IWorkerHostService>(services)
{
    /// <summary>The host of a silo.</summary>
    public IWorkerHostService Of(SiloAddress silo) => GetGrainService(silo);
}
