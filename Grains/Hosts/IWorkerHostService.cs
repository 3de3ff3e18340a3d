using Orleans.Services;
using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>One silo's worker host, as the grains of any silo reach it. Nothing here waits for a worker.</summary>
[Alias("Streams.IWorkerHostService")]
internal interface IWorkerHostService : IGrainService
{
    /// <summary>Starts a run; one that is known or superseded is left alone.</summary>
    [Alias("Start")]
    Task Start(WorkerRun run);

    /// <summary>Starts a run with a path of its own. A call of its own, so that a silo of an older version refuses it instead of putting it on the air.</summary>
    [Alias("StartStandby")]
    Task StartStandby(WorkerRun run);

    /// <summary>Has a run with a path of its own take the output over; one that has done so, or is not here, is left alone.</summary>
    [Alias("StepIn")]
    Task StepIn(StreamId streamId, long generation);

    /// <summary>Whether a key is that of a run that is stepping in, and of which its stream does not know yet.</summary>
    [Alias("OpensOutput")]
    Task<bool> OpensOutput(StreamId streamId, string key);

    /// <summary>Whether a key is that of a run with a path of its own, which it opens.</summary>
    [Alias("OpensSide")]
    Task<bool> OpensSide(StreamId streamId, long generation, string key);

    /// <summary>Ends a run. One that the host does not have is refused from then on, should its start still be on the way.</summary>
    [Alias("Stop")]
    Task Stop(StreamId streamId, long generation, StopCause cause);

    /// <summary>Records what MediaMTX shows of a run's paths, and returns the run.</summary>
    [Alias("Record")]
    Task<RunReport> Record(StreamId streamId, long generation, RunPaths paths);

    /// <summary>A run as it is now.</summary>
    [Alias("Find")]
    Task<RunReport> Find(StreamId streamId, long generation, bool withLog);

    /// <summary>Records that MediaMTX has made a run's output available.</summary>
    [Alias("RecordOutputAvailable")]
    Task RecordOutputAvailable(StreamId streamId, long generation);

    /// <summary>Answers: the silo is reachable.</summary>
    [Alias("Ping")]
    Task Ping();

    /// <summary>How the silo is.</summary>
    [Alias("Report")]
    Task<SiloReport> Report();

    /// <summary>Records that another silo is drained.</summary>
    [Alias("RecordDraining")]
    Task RecordDraining(string host);

    /// <summary>Drains this silo, and ends it then.</summary>
    [Alias("Drain")]
    Task Drain();

    /// <summary>Whether a key is that of a run which nobody has asked to end.</summary>
    [Alias("IsKeyOf")]
    Task<bool> IsKeyOf(StreamId streamId, long generation, string key);
}

/// <summary>What a host says of a run.</summary>
/// <param name="IsHere">Whether the host has it.</param>
/// <param name="View">The run; null when the host does not have it.</param>
[GenerateSerializer, Immutable, Alias("Streams.RunReport")]
internal sealed record RunReport([property: Id(0)] bool IsHere, [property: Id(1)] RunView? View);

/// <summary>What MediaMTX shows of a run's paths.</summary>
/// <param name="InputBytes">Bytes from the run's source; null while another publishes, or nobody.</param>
/// <param name="HasOutput">Whether the publisher of the output is known: false while another than the last reported one publishes.</param>
/// <param name="OutputSource">Who publishes the output; null for nobody.</param>
/// <param name="OutputBytes">Bytes from there.</param>
[GenerateSerializer, Immutable, Alias("Streams.RunPaths")]
internal sealed record RunPaths([property: Id(0)] long? InputBytes, [property: Id(1)] bool HasOutput, [property: Id(2)] string? OutputSource, [property: Id(3)] long OutputBytes)
{
    /// <summary>Records them at the host that has the run.</summary>
    public void RecordAt(IWorkerHost host, StreamId id, long generation)
    {
        if (InputBytes is { } input)
        {
            host.RecordInput(id, generation, input);
        }

        if (HasOutput)
        {
            host.RecordOutput(id, generation, OutputSource, OutputBytes);
        }
    }
}
