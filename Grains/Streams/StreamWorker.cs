using System.Diagnostics;
using Streams.Grains.Hosts;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// The worker of one stream: what its decisions, hooks and polls mean for the present run, for the next one of a planned change, and for the standby.
/// Where these are, and how they are told, is the business of <see cref="PlacedRuns"/>.
/// </summary>
internal sealed class StreamWorker(StreamId id, PlacedRuns runs, RunPlacement placement, WorkerProfiles profiles, OpenOutputs openOutputs, NodeWatches nodes)
{
    /// <summary>The run that is to be started once what was decided is saved; null for none.</summary>
    private (string? Host, WorkerRun Run)? _prepared;

    /// <summary>The planned run that has begun to publish the output: from then on the key of the former one no longer opens it.</summary>
    private long _publishing;

    /// <summary>Chooses the host of a run that is to be started, and prepares the run, before that is saved.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="before">The state before it.</param>
    /// <returns>The decision, with the host in its state.</returns>
    public StreamDecision Prepare(StreamDecision decision, StreamState before)
    {
        StreamDecision placed = decision.Effect is StreamEffect.StartWorker worker ? decision with { State = placement.Place(worker, decision.State) } : decision;
        StreamState state = placed.State;
        (string? Host, WorkerRun Run)? next = placed.Effect switch
        {
            StreamEffect.StartWorker { Beside: null } start => (state.Host, RunOf(start.Generation, null, isAside: false) with { IfInputIsLive = start.IfInputIsLive }),
            StreamEffect.StartWorker start => (state.Next!.Host, RunOf(start.Generation, start.Beside, state.Next.IsAside) with { IsPlanned = state.Next.IsAside }),
            StreamEffect.StartStandby start => (state.Standby!.Host, RunOf(start.Generation, state.Generation, isAside: true)),
            _ => null,
        };
        _prepared = next is { } run ? (run.Host, runs.Prepare(run.Host, run.Run)) : null;
        return placed;

        WorkerRun RunOf(long generation, long? beside, bool isAside) => new(id, generation, state.Input!, state.RunProfile)
        {
            IsAside = isAside,
            InPlaceOf = FindReplaced(state),
            Beside = beside,
            FormerOutput = beside is null ? before.Output : null,
            Fences = StandbyDecisions.FencesOf(state, beside is null || isAside ? before : null),
        };
    }

    /// <summary>The chosen profile, if its fallback is what runs.</summary>
    private string? FindReplaced(StreamState state) => state.Fallback is { } fallback && state.RunProfile == fallback.Profile ? state.Profile ?? profiles.Default : null;

    /// <summary>Carries out what was decided, once it is saved.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="before">The state before it.</param>
    /// <param name="trace">The trace that a run which is started belongs to.</param>
    public void Act(StreamDecision decision, StreamState before, ActivityContext trace)
    {
        StreamState state = decision.State;
        End(decision.LeavingAside, hasPath: true, before);
        switch (decision.Effect)
        {
            case StreamEffect.StartWorker or StreamEffect.StartStandby when _prepared is { } next:
                runs.Start(next.Host, next.Run with { Trace = trace });
                break;
            case StreamEffect.StepIn step:
                runs.StepIn(step.Generation == state.Next?.Generation ? state.Next.Placed : state.Present);
                break;
            case StreamEffect.StopWorker stop:
                runs.Stop(new PlacedRun(state.Host, stop.Generation), stop.Cause);
                break;
        }

        End(decision.Leaving, hasPath: before.HasSteppedIn && decision.Leaving?.Generation == before.Generation, before);
    }

    /// <summary>
    /// Ends a run that is not wanted any more. One that has a path of its own loses that first: it may not hear of its end in time, and the media server would
    /// put it on the air.
    /// </summary>
    private void End(LeavingRun? leaving, bool hasPath, StreamState before)
    {
        if (leaving is null)
        {
            return;
        }

        if (hasPath)
        {
            nodes.RemoveSide(before.Node, new SidePath(id, leaving.Generation));
        }

        runs.Stop(leaving.Placed, leaving.Cause);
    }

    /// <summary>Tells a run again that is to take the output over from its own path, until it is known to have done so.</summary>
    public void RepeatStepIn(StreamState state)
    {
        if (state is { HasSteppedIn: true, Phase: StreamPhase.Starting })
        {
            runs.StepIn(state.Present);
        }
        else if (state.Next is { OrderedAt: not null } next)
        {
            runs.StepIn(next.Placed);
        }
    }

    /// <summary>Tells a run that is to end so again: it may not have been told, if the answer to that save was lost.</summary>
    public void RepeatStop(StreamState state)
    {
        if (state is { HasWorker: true, StopCause: { } cause })
        {
            runs.Stop(state.Present, cause);
        }
    }

    /// <summary>
    /// Corrects a state that was read by the run that this silo's host has: the row may be gone (forgotten, dropped, deleted by hand) or older than
    /// that run (a backup, a standby that lagged). A run that the state wants goes on under its own number; any other ends, and the next
    /// one gets a later number.
    /// </summary>
    public StreamState Match(StreamState state)
    {
        if (runs.FindLatestHere() is not { } latest || state.Wants(latest.Generation))
        {
            return state;
        }

        if (!state.HasWorker || latest.Generation < state.Generation)
        {
            runs.Stop(latest, StopCause.Superseded);
        }

        return latest.Generation < state.NextGeneration
            ? state
            : state with { Generation = latest.Generation, Host = latest.Host, Worker = state.HasWorker ? runs.GetView(latest, withLog: false)?.Process : null };
    }

    /// <summary>Whether a key is that of the present run, or of the next one of a planned change; once that one publishes, the former's opens no output.</summary>
    /// <param name="state">The state.</param>
    /// <param name="key">The key.</param>
    /// <param name="toPublish">Whether it is given to publish the output.</param>
    public async Task<bool> IsKeyOf(StreamState state, string key, bool toPublish)
    {
        if (state.Next is { IsAside: false } next && await runs.IsKeyOf(next.Placed, key))
        {
            _publishing = toPublish ? next.Generation : _publishing;
            return true;
        }

        if (!toPublish && AsideOf(state) is { } aside && await runs.IsKeyOf(aside, key))
        {
            return true; // It reads the input; what it may publish does not depend on this grain.
        }

        bool isOvertaken = toPublish && state.Next is { } taking && (_publishing == taking.Generation || taking.OrderedAt is not null);
        return !isOvertaken && await runs.IsKeyOf(state.Present, key);
    }

    /// <summary>Reports what a hook said of the output.</summary>
    public void ReportEvent(SourceEvent e, StreamState state)
    {
        openOutputs.Record(e);
        if (e is { Kind: SourceEventKind.Ready, Path.Role: PathRole.Output } && e.Source.Id == state.Output?.Id && IsReceivedBeforeAvailable(e.Source.Type))
        {
            runs.RecordOutputAvailable(state.Next is { IsAside: false } next && IsOf(next, e.Source.Id) ? next.Placed : state.Present);
        }
    }

    /// <summary>Reports how many bytes the input and the output have to the present run, and to the next one of a planned change.</summary>
    public void ReportPaths(StreamObservation observation, StreamState state)
    {
        runs.ForgetBefore(state.Generation);
        if (!state.HasWorker)
        {
            return;
        }

        if (AsideOf(state) is { } aside)
        {
            runs.Ask(aside); // It looks at its own path by itself.
        }

        string? source = observation.Output?.Source.Id;
        RunPaths paths = new(
            observation.Input is { } seen && state.Input is { } current && seen.Source.IsSameAs(current) ? seen.InboundBytes : null,
            HasOutput: source is null || source == state.Output?.Id,
            source,
            observation.Output?.InboundBytes ?? 0);
        if (state.Next is not { IsAside: false } next)
        {
            runs.Record(state.Present, paths);
            return;
        }

        bool isOfNext = IsOf(next, source);
        runs.Record(state.Present, paths with { HasOutput = !isOfNext });
        runs.Record(next.Placed, paths with { HasOutput = isOfNext });
    }

    /// <summary>Drops what is kept for the stream, whose grain is deactivated.</summary>
    public void Forget() => openOutputs.Forget(id);

    /// <summary>The run that publishes to a path of its own, beside the present one; null for none.</summary>
    private static PlacedRun? AsideOf(StreamState state) => state.Standby?.Placed ?? (state.Next is { IsAside: true } next ? next.Placed : null);

    /// <summary>Whether a source of the output is a planned run: whatever publishes after the former one is.</summary>
    private static bool IsOf(PlannedRun next, string? source) => source is not null && source != next.FormerOutput;

    /// <summary>MediaMTX makes an RTMP publish available once it has received and analysed some of it; an RTSP publish before its first packet.</summary>
    private static bool IsReceivedBeforeAvailable(string sourceType) => sourceType.StartsWith("rtmp", StringComparison.Ordinal);
}
