using System.Diagnostics;
using Streams.Grains.Continuity;
using Streams.Grains.MediaMtx;
using Streams.Grains.Telemetry;

namespace Streams.Grains.Workers;

/// <summary>What a run needs before its process can be started: its key, and the command that is made with it and with the input's tracks.</summary>
/// <param name="Key">The run's secret.</param>
/// <param name="Command">The command, or why there is none.</param>
/// <param name="BegunAt">Timestamp of the question to MediaMTX.</param>
internal sealed record RunPreparation(RunKey Key, Task<(WorkerCommand? Command, WorkerExit? Refusal)> Command, long BegunAt);

/// <summary>Prepares runs: asks MediaMTX for the input, and makes the command. Changes nothing.</summary>
internal sealed class RunPreparer(MediaMtxClients media, WorkerCommandBuilder commands, KeptChoice kept, KeptNodes outputs, TimeProvider time)
{
    /// <summary>What MediaMTX showed longer ago than this may have changed.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(250);

    /// <summary>Which of their outputs streams use.</summary>
    public FailedOutputs Outputs { get; } = new();

    /// <summary>Records that nothing of a run has arrived: the next one for its source goes another way.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isKept">Whether its output was kept.</param>
    public void Skip(WorkerRun run, bool isKept) => (isKept ? kept.Failed : Outputs).Skip(run);

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
        if (refusal is null)
        {
            foreach (long older in run.Fences.Where(older => !run.IsAside || older != run.Beside)) // The present run may be on the air by its path.
            {
                await outputs.SidesOf(run.Source.Node).Remove(new SidePath(run.StreamId, older), cancellationToken);
            }
        }

        if (refusal is null && run.FormerOutput is { } former)
        {
            await media.Of(former.Node).Kick(former, cancellationToken);
        }

        return command is null ? (command, refusal) : run.IsAside ? await Stand(run, command, cancellationToken) : await Keep(run, prepared.Key, command, cancellationToken);
    }

    /// <summary>Has the media server take what a standby publishes; refused where that could never become the output.</summary>
    private async Task<(WorkerCommand? Command, WorkerExit? Refusal)> Stand(WorkerRun run, WorkerCommand command, CancellationToken cancellationToken)
    {
        string? problem = command.Slate is null
            ? command.Continuity.Reason ?? "the output is not kept"
            : await outputs.Of(run.Source.Node).FindMismatch(new StreamPath(run.StreamId, PathRole.Output), command.Slate, cancellationToken)
                ?? await outputs.SidesOf(run.Source.Node).Open(new SidePath(run.StreamId, run.Generation), cancellationToken);
        return problem is null
            ? (command with { Continuity = new StreamContinuity(ContinuityState.Kept) }, null)
            : (null, new WorkerExit(WorkerExitKind.StartFailed, $"The {(run.IsSpare ? "standby" : "worker")} was not started: it cannot be put on the air from a path of its own, since {problem}.", null, null, []) { Fault = WorkerFault.Starting });
    }

    /// <summary>Has the media server keep the output, or makes the command for one that is not.</summary>
    private async Task<(WorkerCommand? Command, WorkerExit? Refusal)> Keep(WorkerRun run, RunKey key, WorkerCommand command, CancellationToken cancellationToken)
    {
        StreamPath path = new(run.StreamId, PathRole.Output);
        if (command.Slate is null)
        {
            await outputs.Of(run.Source.Node).Close(path, cancellationToken);
            return (command, null);
        }

        StreamContinuity opened = await outputs.Of(run.Source.Node).Open(path, command.Slate, cancellationToken);
        if (opened.State == ContinuityState.Kept)
        {
            string? reason = string.Join(' ', new[] { opened.Reason, command.Continuity.Reason }.OfType<string>()) is { Length: > 0 } said ? said : null;
            return (command with { Continuity = opened with { Reason = reason } }, null);
        }

        (WorkerCommand? other, WorkerExit? refusal) = commands.Build(run, key, command.Tracks, Outputs.CountSkipped(run));
        return (other is null ? null : other with { Continuity = opened }, refusal);
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
        if (run.IfInputIsLive && input.IsKnown && input.View?.Source.IsSameAs(run.Source) != true)
        {
            return (null, new WorkerExit(WorkerExitKind.InputGone, "The worker is not started again: MediaMTX shows that its input has ended, or that another source has taken it over.", null, null, []));
        }

        (KeptPick? pick, string? slate, StreamContinuity continuity) = await kept.Find(run, input.Tracks);
        (WorkerCommand? command, WorkerExit? refusal) = commands.Build(run, key, input.View?.Tracks ?? [], Outputs.CountSkipped(run), pick);
        return (command is null ? null : command with { Slate = slate, Continuity = continuity }, refusal);
    }
}
