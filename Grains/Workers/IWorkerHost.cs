namespace Streams.Grains.Workers;

/// <summary>
/// Owns every worker process of this silo: start, progress, logs, stop, death. Nothing here waits; what becomes of a run is told
/// to its stream through <see cref="IWorkerEvents"/>.
/// </summary>
public interface IWorkerHost
{
    /// <summary>The runs that wait for a slot.</summary>
    IReadOnlyList<(StreamId StreamId, long Generation)> ListWaiting();

    /// <summary>The runs that live or wait for their start, and that nobody has asked to end.</summary>
    IReadOnlyList<(StreamId StreamId, long Generation)> ListRuns();

    /// <summary>Whether any run lives, or waits for its start.</summary>
    bool HasAny { get; }

    /// <summary>Whether this host has the run: from its start until its end was taken by the stream. True for any while the silo ends.</summary>
    bool Has(StreamId streamId, long generation);

    /// <summary>The number of the latest run of a stream that this host has and that has not ended, or that was superseded here; 0 for none. The next run needs a later one.</summary>
    long FindLatest(StreamId streamId);

    /// <summary>Begins what may be done for a run before it is saved: MediaMTX is asked about its input meanwhile. Changes nothing.</summary>
    /// <returns>The run, for <see cref="Start"/>.</returns>
    WorkerRun Prepare(WorkerRun run);

    /// <summary>Starts a run. Never fails: a worker that cannot be started is told as an exit.</summary>
    void Start(WorkerRun run);

    /// <summary>Reports that the silo is cut off from the cluster: every worker is killed at once, and no run starts until it is not any more.</summary>
    void SetCutOff(bool isCutOff);

    /// <summary>Ends a run: polite signal, grace, kill of the whole group. Nothing happens for a run that this host does not have.</summary>
    void Stop(StreamId streamId, long generation, StopCause cause);

    /// <summary>Kills the process group of every worker, and returns at once: for a silo that must not go on. Nothing is told to their streams.</summary>
    void KillAll();

    /// <summary>What the run last said of itself, or null when this host does not have it.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="generation">The run.</param>
    /// <param name="withLog">Whether its last lines are wanted, which are copied for each call.</param>
    RunView? GetView(StreamId streamId, long generation, bool withLog = true);

    /// <summary>Whether a key is that of a run which this host has, and which nobody has asked to end.</summary>
    bool IsKeyOf(StreamId streamId, long generation, string key);

    /// <summary>Has a run of this host with a path of its own take the output over. Nothing happens for one that has done so, or that this host does not have.</summary>
    void StepIn(StreamId streamId, long generation);

    /// <summary>Whether a key is that of a run of this host that is stepping in, and of which its stream does not know yet.</summary>
    bool OpensOutput(StreamId streamId, string key);

    /// <summary>Whether a key is that of a run of this host with a path of its own, which it opens.</summary>
    bool OpensSide(StreamId streamId, long generation, string key);

    /// <summary>Tells how many bytes MediaMTX has received from the run's source: a worker without progress hangs only while they grow.</summary>
    void RecordInput(StreamId streamId, long generation, long inboundBytes);

    /// <summary>Tells who publishes the run's output in MediaMTX, and how many bytes came from there: a worker runs only while they grow.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="generation">The run.</param>
    /// <param name="source">The output's source id; null while nobody publishes it.</param>
    /// <param name="inboundBytes">How many bytes MediaMTX has received from it.</param>
    void RecordOutput(StreamId streamId, long generation, string? source, long inboundBytes);

    /// <summary>Tells that MediaMTX has made the run's output available after it had received some of it, as it does with RTMP.</summary>
    void RecordOutputAvailable(StreamId streamId, long generation);
}
