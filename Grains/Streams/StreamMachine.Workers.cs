using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>What the worker host and the clock say of the worker. Whatever speaks of an old generation is dropped.</summary>
public sealed partial class StreamMachine
{
    private static StreamDecision DecideStarted(StreamState state, StreamInput.WorkerStarted started) =>
        started.Generation == state.Generation && state.HasWorker
            ? Applied(state with { Worker = started.Process })
            : Stale(state);

    private static StreamDecision DecideProgressed(StreamState state, StreamInput.WorkerProgressed progressed, DateTimeOffset now) =>
        progressed.Generation == state.Generation && state.Phase == StreamPhase.Starting
            ? Applied(Enter(state, StreamPhase.Running, now))
            : Stale(state);

    private static StreamDecision DecideSteady(StreamState state, StreamInput.WorkerSteady steady)
    {
        if (steady.Generation != state.Generation || state.Phase != StreamPhase.Running)
        {
            return Stale(state);
        }

        return state is { Retries: 0, IsSteady: true } ? Duplicate(state) : Applied(state with { Retries = 0, IsSteady = true });
    }

    private static StreamDecision DecideStalled(StreamState state, StreamInput.WorkerStalled stalled, DateTimeOffset now)
    {
        if (stalled.Generation != state.Generation || state.Phase is not (StreamPhase.Starting or StreamPhase.Running))
        {
            return Stale(state);
        }

        StreamDecision stop = Stop(state, StopCause.Stalled, now);
        return stop with { State = stop.State with { LastReason = stalled.Reason } };
    }

    private StreamDecision DecideExited(StreamState state, StreamInput.WorkerExited exited, DateTimeOffset now)
    {
        if (exited.Generation != state.Generation || !state.HasWorker)
        {
            return Stale(state);
        }

        bool stalled = state.StopCause == StopCause.Stalled;
        StreamState gone = state with
        {
            Worker = null,
            LastReason = stalled ? state.LastReason : exited.Reason,
            LastFault = stalled ? WorkerFault.Hanging : exited.Fault ?? state.LastFault,
            LastLog = exited.Log,
        };
        if (gone.Order == StreamOrder.Stop)
        {
            return Applied(Enter(gone, StreamPhase.Offline, now));
        }

        return gone.Phase == StreamPhase.Stopping && !stalled ? StartOrDamp(gone, now) : Fail(gone, exited.Hope, now);
    }

    private StreamDecision Fail(StreamState state, RetryHope hope, DateTimeOffset now)
    {
        switch (hope)
        {
            case RetryHope.WhenMachineRecovers:
                return Applied(Enter(state, StreamPhase.Backoff, now) with { RetryAt = now + retry.MachineDelay });
            case RetryHope.Soon when state.IsSteady:
                return IsContested(state, now) ? Damp(state, now) : Replace(state, now);
            case RetryHope.Soon when retry.DelayAfter(state.Retries) is { } delay:
                return Applied(Enter(state, StreamPhase.Backoff, now) with { RetryAt = now + delay, Retries = state.Retries + 1 });
            default:
                return Applied(Enter(state, StreamPhase.Failed, now) with { RetryAt = hope == RetryHope.None ? null : now + retry.FailedDelay });
        }
    }

    /// <summary>A worker that ran steadily is replaced at once; should that one fail too, the delays follow.</summary>
    private static StreamDecision Replace(StreamState state, DateTimeOffset now) => Start(state with { Retries = 0 }, now, ifInputIsLive: true);

    private static StreamDecision DecideRetryDue(StreamState state, StreamInput.RetryDue due, DateTimeOffset now)
    {
        if (due.Generation != state.Generation || state.RetryAt is null)
        {
            return Stale(state);
        }

        bool isClockBack = now < state.Since; // It was set back since; the timer that tells this was not.
        return isClockBack || now >= state.RetryAt ? Start(state, now) : Duplicate(state);
    }

    /// <summary>The silo that ran the worker has ended, and its worker with it. That is no failure of the worker.</summary>
    private StreamDecision DecideLost(StreamState state, DateTimeOffset now)
    {
        if (!state.HasWorker)
        {
            return Duplicate(state);
        }

        StreamState gone = state with { Worker = null, LastReason = "The service that ran the worker has restarted, or could not run it.", IsSteady = false };
        if (gone.Phase != StreamPhase.Stopping)
        {
            gone = Enter(gone, StreamPhase.Stopping, now);
        }

        return gone.Order == StreamOrder.Stop
            ? Applied(Enter(gone, StreamPhase.Offline, now))
            : Applied(Enter(gone, StreamPhase.Backoff, now) with { RetryAt = now + retry.RecoveryDelay, Recovering = true });
    }
}
