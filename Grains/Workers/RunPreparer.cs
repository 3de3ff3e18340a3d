using System.Diagnostics;
using Streams.Grains.MediaMtx;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Workers;

/// <summary>What a run needs before its process can be started: its key, and the command that is made with it and with the input's tracks.</summary>
/// <param name="Key">The run's secret.</param>
/// <param name="Command">The command, or why there is none.</param>
/// <param name="BegunAt">Timestamp of the question to MediaMTX.</param>
internal sealed record RunPreparation(RunKey Key, Task<(WorkerCommand? Command, WorkerExit? Refusal)> Command, long BegunAt);

/// <summary>Prepares runs: asks MediaMTX for the input, and makes the command. Changes nothing.</summary>
internal sealed class RunPreparer(MediaMtxClients media, WorkerCommandBuilder commands, TimeProvider time)
{
    /// <summary>What MediaMTX showed longer ago than this may have changed.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(250);

    /// <summary>Which of their outputs streams use.</summary>
    public FailedOutputs Outputs { get; } = new();

    /// <summary>Begins to prepare a run.</summary>
    public RunPreparation Begin(WorkerRun run, CancellationToken cancellationToken)
    {
        RunKey key = new();
        return new RunPreparation(key, Task.Run(() => Prepare(run, key, cancellationToken), CancellationToken.None), time.GetTimestamp());
    }

    /// <summary>
    /// The command of a run that starts now; it is made anew when the run had to wait since it was prepared. Who may still publish the output for an
    /// older run is removed at the media server: never the older one's pictures after the newer one's.
    /// </summary>
    public async Task<(WorkerCommand? Command, WorkerExit? Refusal)> Finish(WorkerRun run, RunPreparation prepared, CancellationToken cancellationToken)
    {
        (WorkerCommand? command, WorkerExit? refusal) = await (time.GetElapsedTime(prepared.BegunAt) < Lifetime ? prepared.Command : Prepare(run, prepared.Key, cancellationToken));
        if (refusal is null && run.FormerOutput is { } former)
        {
            await media.Of(former.Node).Kick(former, cancellationToken);
        }

        return (command, refusal);
    }

    private async Task<(WorkerCommand? Command, WorkerExit? Refusal)> Prepare(WorkerRun run, RunKey key, CancellationToken cancellationToken)
    {
        using Activity? step = StreamsTracing.StartWithin("prepare worker", run.StreamId);
        if (!media.Knows(run.Source.Node))
        {
            const string Remedy = "Give all silos the same Streams:Media:Nodes. The stream is tried again every few seconds, and its retries are not used up.";
            return (null, new WorkerExit(WorkerExitKind.MediaAway, $"The silo that was to run the worker has no media server '{run.Source.Node}'. {Remedy}", null, null, []) { Fault = WorkerFault.Starting, Remedy = Remedy });
        }

        PathLookup input = await media.Of(run.Source.Node).FindPath(new StreamPath(run.StreamId, PathRole.Input), cancellationToken);
        return run.IfInputIsLive && input.IsKnown && input.View?.Source.IsSameAs(run.Source) != true
            ? (null, new WorkerExit(WorkerExitKind.InputGone, "The worker is not started again: MediaMTX shows that its input has ended, or that another source has taken it over.", null, null, []))
            : commands.Build(run, key, input.View?.Tracks ?? [], Outputs.CountSkipped(run));
    }
}
