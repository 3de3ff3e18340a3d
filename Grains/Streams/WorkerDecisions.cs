using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Decides about what the worker host and the clock say of the worker. Whatever speaks of an old generation is dropped. Pure.</summary>
internal sealed class WorkerDecisions(RetryPolicy retry, StandbyDecisions standby, FallbackDecisions fallbacks)
{
    public static StreamDecision DecideStarted(StreamState state, StreamInput.WorkerStarted started) =>
        started.Generation == state.Next?.Generation
            ? StreamDecision.Applied(state with { Next = state.Next with { Worker = started.Process } })
            : started.Generation == state.Standby?.Generation
            ? StreamDecision.Applied(state with { Standby = state.Standby with { Worker = started.Process } })
            : started.Generation == state.Generation && state.HasWorker
            ? StreamDecision.Applied(state with { Worker = started.Process, Continuity = started.Process.Continuity ?? state.Continuity })
            : StreamDecision.Stale(state);

    public static StreamDecision DecideProgressed(StreamState state, StreamInput.WorkerProgressed progressed, DateTimeOffset now) =>
        progressed.Generation == state.Next?.Generation
            ? PlannedChanges.DecideArrived(state, now)
            : progressed.Generation == state.Standby?.Generation
            ? StandbyDecisions.DecideReady(state, now)
            : progressed.Generation == state.Generation && state is { Phase: StreamPhase.Starting, HasSteppedIn: false } // One with a path of its own may not be on the air yet.
            ? StreamDecision.Applied(PhaseChanges.Enter(state, StreamPhase.Running, now))
            : StreamDecision.Stale(state);

    public static StreamDecision DecideSteady(StreamState state, StreamInput.WorkerSteady steady)
    {
        if (steady.Generation == state.Standby?.Generation)
        {
            return StandbyDecisions.DecideSteady(state);
        }

        if (steady.Generation == state.Next?.Generation)
        {
            return state.Next.IsSteady ? StreamDecision.Duplicate(state) : StreamDecision.Applied(state with { Next = state.Next with { IsSteady = true } });
        }

        if (steady.Generation != state.Generation || state.Phase != StreamPhase.Running)
        {
            return StreamDecision.Stale(state);
        }

        return state is { Retries: 0, IsSteady: true } ? StreamDecision.Duplicate(state) : StreamDecision.Applied(state with { Retries = 0, IsSteady = true, FallbackTries = state.Fallback is null ? 0 : state.FallbackTries });
    }

    public StreamDecision DecideStalled(StreamState state, StreamInput.WorkerStalled stalled, DateTimeOffset now)
    {
        if (stalled.Generation == state.Next?.Generation)
        {
            return PlannedChanges.GiveUp(state, stalled.Reason, hasEnded: false);
        }

        if (stalled.Generation == state.Standby?.Generation)
        {
            return standby.Fail(state, stalled.Reason, hasEnded: false, now);
        }

        if (state.Next is not null && stalled.Generation == state.Generation)
        {
            return PlannedChanges.Advance(state, StopCause.Replaced, now); // Often since the next one has taken its output over: no reason to remember.
        }

        if (stalled.Generation != state.Generation || state.Phase is not (StreamPhase.Starting or StreamPhase.Running))
        {
            return StreamDecision.Stale(state);
        }

        if (standby.CanReplace(state))
        {
            return StandbyDecisions.Replace(state with { LastReason = stalled.Reason, LastFault = WorkerFault.Hanging }, StopCause.Stalled, now);
        }

        StreamDecision stop = PhaseChanges.Stop(state, StopCause.Stalled, now);
        return stop with { State = stop.State with { LastReason = stalled.Reason } };
    }

    public StreamDecision DecideExited(StreamState state, StreamInput.WorkerExited exited, DateTimeOffset now)
    {
        if (exited.Generation == state.Next?.Generation)
        {
            return PlannedChanges.GiveUp(state, exited.Reason, hasEnded: true);
        }

        if (exited.Generation == state.Standby?.Generation)
        {
            return standby.Fail(state, exited.Reason, hasEnded: true, now);
        }

        if (exited.Generation != state.Generation || !state.HasWorker)
        {
            return StreamDecision.Stale(state);
        }

        if (state.Next is not null)
        {
            return PlannedChanges.Advance(state, null, now); // Often since the next one has taken its output over, which is not reported yet.
        }

        bool stalled = state.StopCause == StopCause.Stalled;
        StreamState gone = state with
        {
            Worker = null,
            LastReason = stalled ? state.LastReason : exited.Reason,
            LastFault = stalled ? WorkerFault.Hanging : exited.Fault ?? state.LastFault,
            LastLog = exited.Log,
        };
        if (standby.CanReplace(state))
        {
            return StandbyDecisions.Replace(gone, null, now);
        }

        if (gone.Order == StreamOrder.Stop)
        {
            return StreamDecision.Applied(PhaseChanges.Enter(gone, StreamPhase.Offline, now));
        }

        return gone.Phase == StreamPhase.Stopping && !stalled ? Contests.StartOrDamp(gone, now) : Fail(gone, exited.Hope, exited.Fallback, now);
    }

    private StreamDecision Fail(StreamState state, RetryHope hope, string? fallback, DateTimeOffset now)
    {
        bool isReplacedAtOnce = hope == RetryHope.Soon && state.IsSteady;
        if (fallback is not null && state.Fallback is null && !isReplacedAtOnce && hope != RetryHope.WhenMachineRecovers && !Contests.IsContested(state, now))
        {
            return fallbacks.Begin(state, fallback, hope, now);
        }

        if (state.Fallback is not null && !isReplacedAtOnce && hope != RetryHope.WhenMachineRecovers)
        {
            state = FallbackDecisions.Leave(state); // The fallback fails too: the chosen profile is as good, and the usual delays follow.
        }

        switch (hope)
        {
            case RetryHope.WhenMachineRecovers:
                return StreamDecision.Applied(PhaseChanges.Enter(state, StreamPhase.Backoff, now) with { RetryAt = now + retry.MachineDelay });
            case RetryHope.Soon when state.IsSteady:
                return Contests.IsContested(state, now) ? Contests.Damp(state, now) : Replace(state, now);
            case RetryHope.Soon when retry.DelayAfter(state.Retries) is { } delay:
                return StreamDecision.Applied(PhaseChanges.Enter(state, StreamPhase.Backoff, now) with { RetryAt = now + delay, Retries = state.Retries + 1 });
            default:
                return StreamDecision.Applied(PhaseChanges.Enter(state, StreamPhase.Failed, now) with { RetryAt = hope == RetryHope.None ? null : now + retry.FailedDelay });
        }
    }

    /// <summary>A worker that ran steadily is replaced at once; should that one fail too, the delays follow.</summary>
    private static StreamDecision Replace(StreamState state, DateTimeOffset now) => PhaseChanges.Start(state with { Retries = 0 }, now, ifInputIsLive: true);

    public static StreamDecision DecideRetryDue(StreamState state, StreamInput.RetryDue due, DateTimeOffset now)
    {
        if (due.Generation != state.Generation || state.RetryAt is null)
        {
            return StreamDecision.Stale(state);
        }

        bool isClockBack = now < state.Since; // It was set back since; the timer that tells this was not.
        return isClockBack || now >= state.RetryAt ? PhaseChanges.Start(state, now) : StreamDecision.Duplicate(state);
    }

    public static StreamDecision DecideChangeDue(StreamState state, StreamInput.ChangeDue due, DateTimeOffset now) =>
        due.Generation == state.Next?.Generation ? PlannedChanges.DecideDue(state, now) : StreamDecision.Stale(state);

    public static StreamDecision DecidePlannedLost(StreamState state, StreamInput.PlannedRunLost lost) =>
        lost.Generation == state.Next?.Generation
            ? PlannedChanges.GiveUp(state, "its silo has ended, or could not run it.", hasEnded: true)
            : StreamDecision.Stale(state);

    /// <summary>A run that still starts is asked again later: its audience has nothing to lose yet, and it may be about to arrive.</summary>
    public static StreamDecision DecideMove(StreamState state, StreamInput.MoveRequested move, DateTimeOffset now)
    {
        if (move.Generation == state.Standby?.Generation)
        {
            return StandbyDecisions.DecideMove(state);
        }

        if (move.Generation == state.Next?.Generation && state.Next is { IsAside: true, OrderedAt: null } && !move.Waits)
        {
            return PlannedChanges.GiveUp(state, "its silo is drained.", hasEnded: false); // Its audience has nothing to lose, and it would keep the silo waiting.
        }

        if (move.Generation == state.Generation && move.Waits && state.Phase == StreamPhase.Starting)
        {
            return PhaseChanges.Stop(state, StopCause.Replaced, now); // It has no process yet.
        }

        if (move.Generation != state.Generation || state.Phase != StreamPhase.Running)
        {
            return StreamDecision.Stale(state);
        }

        if (state.Next is not (null or { IsAside: true, OrderedAt: null }))
        {
            return StreamDecision.Duplicate(state);
        }

        if (state.Standby is { IsReady: true } && move.MayOverlap)
        {
            return PlannedChanges.BeginWithStandby(state, ChangeCause.Drain, now);
        }

        return move.MayOverlap ? PlannedChanges.Begin(state, ChangeCause.Drain, state.Profile, now) : PhaseChanges.Stop(state, StopCause.Replaced, now);
    }

    /// <summary>The silo that ran the worker has ended, and its worker with it. That is no failure of the worker.</summary>
    public StreamDecision DecideLost(StreamState state, DateTimeOffset now)
    {
        if (!state.HasWorker)
        {
            return StreamDecision.Duplicate(state);
        }

        if (state.Next is not null)
        {
            return PlannedChanges.Advance(state, null, now);
        }

        if (state is { Phase: StreamPhase.Running, Standby.IsReady: true })
        {
            return StandbyDecisions.ReplaceLost(state, now);
        }

        StreamState gone = state with { Worker = null, LastReason = "The service that ran the worker has restarted, or could not run it.", IsSteady = false };
        if (gone.Phase != StreamPhase.Stopping)
        {
            gone = PhaseChanges.Enter(gone, StreamPhase.Stopping, now);
        }

        return gone.Order == StreamOrder.Stop
            ? StreamDecision.Applied(PhaseChanges.Enter(gone, StreamPhase.Offline, now))
            : StreamDecision.Applied(PhaseChanges.Enter(gone, StreamPhase.Backoff, now) with { RetryAt = now + retry.RecoveryDelay, Recovering = true });
    }
}
