using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Counts and times what happens to one stream.</summary>
internal sealed class MeasureRecorder(StreamInstruments instruments)
{
    /// <summary>When the hook saw the present source become ready; null once its first worker has started, and for a source that no hook told.</summary>
    private DateTimeOffset? _readyAt;

    /// <summary>The last run whose output was seen.</summary>
    private long _outputSeenOf;

    /// <summary>Times what a hook tells.</summary>
    /// <param name="e">What it tells.</param>
    /// <param name="outcome">What that did.</param>
    /// <param name="after">The state since.</param>
    public void TimeEvent(SourceEvent e, EventOutcome outcome, StreamState after)
    {
        if (e.Kind != SourceEventKind.Ready)
        {
            return;
        }

        if (e.Path.Role == PathRole.Input)
        {
            if (outcome == EventOutcome.Applied)
            {
                _readyAt = e.OccurredAt;
            }
        }
        else if (after.Output?.Id == e.Source.Id && after.Worker is { } worker && _outputSeenOf != after.Generation)
        {
            // Also when the poll was quicker and the hook tells nothing new: the hook knows the time.
            _outputSeenOf = after.Generation;
#pragma warning disable RS0030 // Two processes: the hook's clock and the silo's.
            instruments.TimeWorkerToOutput(e.OccurredAt - worker.StartedAt);
#pragma warning restore RS0030
        }
    }

    /// <summary>Counts and times what was decided.</summary>
    public void Count(StreamInput input, StreamDecision decision, StreamState before)
    {
        switch (input, decision.Outcome)
        {
            case (StreamInput.Observed, EventOutcome.Applied):
                instruments.CountCorrection();
                break;
            case (StreamInput.OutputResumed { After: var gap }, EventOutcome.Applied):
                instruments.TimeInterruption(gap);
                break;
            case (StreamInput.WorkerStarted { Process: var process }, EventOutcome.Applied):
                TimeStart(process);
                break;
            case (StreamInput.SteppedIn, EventOutcome.Applied) when decision.State.WasStandby:
                instruments.CountStandbyTakeover();
                break;
            case (StreamInput.StandbyLost, EventOutcome.Applied):
            case (StreamInput.WorkerStalled { Generation: var stalled }, EventOutcome.Applied) when stalled == before.Standby?.Generation:
            case (StreamInput.WorkerExited { Generation: var exited }, EventOutcome.Applied) when exited == before.Standby?.Generation:
                instruments.CountStandbyFailure();
                break;
            case (StreamInput.WorkerStalled, EventOutcome.Applied):
                instruments.CountStall();
                break;
            case (StreamInput.WorkerExited, EventOutcome.Applied) when decision.State.Phase == StreamPhase.Backoff:
                instruments.CountRetry();
                break;
            case (StreamInput.WorkerStarted or StreamInput.WorkerProgressed or StreamInput.WorkerSteady or StreamInput.WorkerStalled or StreamInput.WorkerExited, EventOutcome.Stale):
                instruments.CountDropped(input.GetType().Name);
                break;
        }
    }

    /// <summary>Times the start of a worker's process.</summary>
    private void TimeStart(WorkerProcessInfo process)
    {
        if (_readyAt is { } readyAt)
        {
#pragma warning disable RS0030 // Two processes: the silo's clock and the hook's.
            instruments.TimeReadyToWorker(process.StartedAt - readyAt);
#pragma warning restore RS0030
            _readyAt = null;
        }
    }
}
