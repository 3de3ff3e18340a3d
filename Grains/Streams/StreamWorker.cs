using System.Diagnostics;
using Streams.Grains.Hosts;
using Streams.Grains.Watch;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// The worker of one stream, on whichever silo its host is: starts and ends its runs, reports MediaMTX's view of its paths to it, and keeps what the
/// host last said of it. The host of this silo is called directly. One of another silo is called without waiting in the stream's
/// turn, since a silo that is frozen answers late or never; what its answer changes is done with the next observation.
/// </summary>
internal sealed class StreamWorker(StreamId id, IWorkerHost local, WorkerHosts hosts, WorkerProfiles profiles, OpenOutputs openOutputs, NodeWatches nodes, TimeProvider time)
{
    /// <summary>How long somebody who waits for an answer waits for another silo's host.</summary>
    private static readonly TimeSpan RemoteTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What keeps a standby away for less than this is no news: a change of workers does, until the former one is gone.</summary>
    private static readonly TimeSpan PassingProblem = TimeSpan.FromSeconds(3);

    private WorkerRun? _next;

    /// <summary>What hosts of other silos last said, by generation.</summary>
    private readonly Dictionary<long, RunReport> _remote = [];

    /// <summary>The generations whose start another silo's host has not acknowledged yet: until then they cannot be missing there.</summary>
    private readonly HashSet<long> _starting = [];

    /// <summary>Timestamp since which no standby can be had; null while one can.</summary>
    private long? _withoutStandbySince;

    /// <summary>The planned run that has begun to publish the output: from then on the key of the former one no longer opens it.</summary>
    private long _publishing;

    /// <summary>Chooses the host of a run that is to be started.</summary>
    /// <param name="effect">What was decided.</param>
    /// <param name="state">The state with it.</param>
    /// <param name="zone">The zone of the stream's media server.</param>
    public StreamState Place(StreamEffect? effect, StreamState state, string zone) => effect switch
    {
        StreamEffect.StartWorker { Beside: not null } => state with { Next = state.Next! with { Host = hosts.Place(NeedsOf(state, zone)) } },
        StreamEffect.StartWorker => state with { Host = hosts.Place(NeedsOf(state, zone)) },
        _ => state,
    };

    /// <summary>Prepares what was decided, before it is saved.</summary>
    /// <param name="effect">What was decided.</param>
    /// <param name="state">The state with it.</param>
    /// <param name="before">The state before it.</param>
    public void Prepare(StreamEffect? effect, StreamState state, StreamState before)
    {
        _next = effect switch
        {
            StreamEffect.StartWorker { Beside: not null } when state.Next!.IsAside => PrepareAt(state.Next.Host, new WorkerRun(id, state.Next.Generation, state.Input!, state.RunProfile)
            {
                IsAside = true,
                IsPlanned = true,
                Beside = state.Generation,
                Fences = StandbyDecisions.FencesOf(state, before),
            }),
            StreamEffect.StartWorker start => PrepareAt(HostOf(start, state), new WorkerRun(id, start.Generation, state.Input!, state.RunProfile)
            {
                IfInputIsLive = start.IfInputIsLive,
                InPlaceOf = FindReplaced(state),
                Beside = start.Beside,
                FormerOutput = start.Beside is null ? before.Output : null,
                Fences = StandbyDecisions.FencesOf(state, start.Beside is null ? before : null),
            }),
            StreamEffect.StartStandby standby => PrepareAt(state.Standby!.Host, new WorkerRun(id, standby.Generation, state.Input!, state.RunProfile)
            {
                IsAside = true,
                InPlaceOf = FindReplaced(state),
                Beside = state.Generation,
                Fences = StandbyDecisions.FencesOf(state, before),
            }),
            _ => null,
        };
    }

    /// <summary>The chosen profile, if its fallback is what runs.</summary>
    private string? FindReplaced(StreamState state) => state.Fallback is { } fallback && state.RunProfile == fallback.Profile ? state.Profile ?? profiles.Default : null;

    private WorkerRun PrepareAt(string? host, WorkerRun run) => IsLocal(host) ? local.Prepare(run) : run;

    /// <summary>Carries out what was prepared, once it is saved.</summary>
    public void Act(StreamEffect? effect, StreamState state, ActivityContext trace)
    {
        switch (effect)
        {
            case StreamEffect.StartWorker start when IsLocal(HostOf(start, state)):
                local.Start(_next! with { Trace = trace });
                break;
            case StreamEffect.StartWorker start:
                StartRemotely(HostOf(start, state)!, _next! with { Trace = trace }).Ignore();
                break;
            case StreamEffect.StartStandby when IsLocal(state.Standby!.Host):
                local.Start(_next! with { Trace = trace });
                break;
            case StreamEffect.StartStandby:
                StartRemotely(state.Standby!.Host, _next! with { Trace = trace }).Ignore();
                break;
            case StreamEffect.StepIn step:
                StepIn(step.Generation == state.Next?.Generation ? state.Next.Host : state.Host, step.Generation);
                break;
            case StreamEffect.StopWorker stop:
                Stop(state.Host, stop.Generation, stop.Cause);
                break;
        }
    }

    /// <summary>Ends a run whose place another has taken. One that was a standby loses its path: the media server would put it on the air again.</summary>
    public void End(LeavingRun? leaving, StreamState before)
    {
        if (leaving is not null)
        {
            if (before.HasSteppedIn && leaving.Generation == before.Generation)
            {
                nodes.RemoveSide(before.Node, new SidePath(id, leaving.Generation));
            }

            Stop(leaving.Host, leaving.Generation, leaving.Cause);
        }
    }

    /// <summary>Ends a run that is not wanted, and takes its own path away first: it may not hear of it in time.</summary>
    public void EndAside(LeavingRun? aside, StreamState state)
    {
        if (aside is not null)
        {
            nodes.RemoveSide(state.Node, new SidePath(id, aside.Generation));
            Stop(aside.Host, aside.Generation, aside.Cause);
        }
    }

    /// <summary>Tells a run again that is to take the output over from its own path, until it is known to have done so.</summary>
    public void RepeatStepIn(StreamState state)
    {
        if (state is { HasSteppedIn: true, Phase: StreamPhase.Starting })
        {
            StepIn(state.Host, state.Generation);
        }
        else if (state.Next is { OrderedAt: not null } next)
        {
            StepIn(next.Host, next.Generation);
        }
    }

    private void StepIn(string? host, long generation)
    {
        if (IsLocal(host))
        {
            local.StepIn(id, generation);
        }
        else if (!hosts.HasEnded(host!))
        {
            hosts.Reach(host!).StepIn(id, generation).Ignore();
        }
    }

    /// <summary>What there is to do about a standby; null for nothing.</summary>
    public StreamInput.StandbyDue? FindStandbyDue(StreamState state, string zone)
    {
        if (!profiles.WantsStandby(state.RunProfile))
        {
            return state is { Standby: null, StandbyTries: null } ? null : new StreamInput.StandbyDue(false);
        }

        if (state is not { Phase: StreamPhase.Running, Next: null, Standby: null } || !StandbyDecisions.IsDue(state, time.GetUtcNow()))
        {
            _withoutStandbySince = null;
            return null;
        }

        (string? host, string? problem) = state.Continuity is { State: ContinuityState.Kept }
            ? hosts.PlaceStandby(NeedsOf(state, zone), state.Host ?? hosts.Local)
            : (null, $"the output is not kept{(state.Continuity?.Reason is { } reason ? $": {reason}" : "")}");
        _withoutStandbySince = host is null ? _withoutStandbySince ?? time.GetTimestamp() : null;
        bool isPassing = _withoutStandbySince is { } since && time.GetElapsedTime(since) < PassingProblem;
        return isPassing || (host is null && problem == state.StandbyTries?.Problem) ? null : new StreamInput.StandbyDue(true, host, problem);
    }

    /// <summary>Whether another host than the present one's could take the stream's next run now.</summary>
    public bool CanMove(StreamState state, string zone) => hosts.CanPlaceElsewhere(NeedsOf(state, zone), state.Host ?? hosts.Local);

    private RunNeeds NeedsOf(StreamState state, string zone) => new(id, state.RunProfile ?? profiles.Default, profiles.SlotsOf(state.RunProfile), zone);

    /// <summary>
    /// Corrects a state that was read by the run that this silo's host has: the row may be gone (forgotten, dropped, deleted by hand) or older than
    /// that run (a backup, a standby that lagged). A run that the state wants goes on under its own number; any other ends, and the next
    /// one gets a later number.
    /// </summary>
    public StreamState Match(StreamState state)
    {
        long latest = local.FindLatest(id);
        if (latest == 0 || (state.HasWorker && latest == state.Generation) || latest == state.Next?.Generation || latest == state.Standby?.Generation)
        {
            return state;
        }

        if (!state.HasWorker || latest < state.Generation)
        {
            local.Stop(id, latest, StopCause.Superseded);
        }

        return latest < state.NextGeneration
            ? state
            : state with { Generation = latest, Host = hosts.Local, Worker = state.HasWorker ? local.GetView(id, latest, withLog: false)?.Process : null };
    }

    /// <summary>
    /// Whether the present run is known to be gone without a report of its end: its silo has ended, or its host does not have it. A host that
    /// does not answer may have it.
    /// </summary>
    public bool IsLost(StreamState state) => state.HasWorker && IsLost(state.Host, state.Generation);

    /// <summary>The same of the next run of a planned change.</summary>
    public bool IsNextLost(StreamState state) => state.Next is { } next && IsLost(next.Host, next.Generation);

    /// <summary>The same of the standby.</summary>
    public bool IsStandbyLost(StreamState state) => state.Standby is { } standby && IsLost(standby.Host, standby.Generation);

    /// <summary>Has the host refuse a run that is taken for lost, should its start still be on the way.</summary>
    public void Fence(string? host, long generation)
    {
        if (!IsLocal(host) && !hosts.HasEnded(host!))
        {
            hosts.Reach(host!).Stop(id, generation, StopCause.Superseded).Ignore();
        }
    }

    /// <summary>Tells a run that is to end so again: it may not have been told, if the answer to that save was lost.</summary>
    public void RepeatStop(StreamState state)
    {
        if (state is { HasWorker: true, StopCause: { } cause })
        {
            Stop(state.Host, state.Generation, cause);
        }
    }

    /// <summary>The present run as its host last reported it; null when there is none, or nothing is known of it.</summary>
    public RunView? GetView(StreamState state, bool withLog) =>
        !state.HasWorker ? null : IsLocal(state.Host) ? local.GetView(id, state.Generation, withLog) : _remote.GetValueOrDefault(state.Generation)?.View;

    /// <summary>Asks another silo's host for the present run, with its last lines. Never fails: a host that does not answer leaves what is known.</summary>
    public async Task Refresh(StreamState state)
    {
        if (state.HasWorker && !IsLocal(state.Host) && !_starting.Contains(state.Generation) && !hosts.HasEnded(state.Host!))
        {
            Task asked = RecordAnswer(state, state.Generation, hosts.Reach(state.Host!).Find(id, state.Generation, withLog: true));
            asked.Ignore(); // It may fail later than anybody waits.
            await asked.WaitAsync(RemoteTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Whether a key is that of the present run, or of the next one of a planned change; once that one publishes, the former's opens no output.</summary>
    /// <param name="state">The state.</param>
    /// <param name="key">The key.</param>
    /// <param name="toPublish">Whether it is given to publish the output.</param>
    public async Task<bool> IsKeyOf(StreamState state, string key, bool toPublish)
    {
        if (state.Next is { IsAside: false } next && await IsKeyOf(next.Host, next.Generation, key))
        {
            _publishing = toPublish ? next.Generation : _publishing;
            return true;
        }

        if (!toPublish && AsideOf(state) is { } aside && await IsKeyOf(aside.Host, aside.Generation, key))
        {
            return true; // It reads the input; what it may publish does not depend on this grain.
        }

        bool isOvertaken = toPublish && state.Next is { } taking && (_publishing == taking.Generation || taking.OrderedAt is not null);
        return !isOvertaken && await IsKeyOf(state.Host, state.Generation, key);
    }

    private async Task<bool> IsKeyOf(string? host, long generation, string key)
    {
        if (IsLocal(host))
        {
            return local.IsKeyOf(id, generation, key);
        }

        if (hosts.HasEnded(host!))
        {
            return false;
        }

        try
        {
            return await hosts.Reach(host!).IsKeyOf(id, generation, key).WaitAsync(RemoteTimeout, time);
        }
        catch (Exception away) when (away is TimeoutException or Orleans.Runtime.OrleansException)
        {
            return false;
        }
    }

    /// <summary>Reports what a hook said of the output.</summary>
    public void ReportEvent(SourceEvent e, StreamState state)
    {
        openOutputs.Record(e);
        if (e is not { Kind: SourceEventKind.Ready, Path.Role: PathRole.Output } || e.Source.Id != state.Output?.Id || !IsReceivedBeforeAvailable(e.Source.Type))
        {
            return;
        }

        (string? host, long generation) = state.Next is { IsAside: false } next && IsOf(next, e.Source.Id) ? (next.Host, next.Generation) : (state.Host, state.Generation);
        if (IsLocal(host))
        {
            local.RecordOutputAvailable(id, generation);
        }
        else if (!hosts.HasEnded(host!))
        {
            hosts.Reach(host!).RecordOutputAvailable(id, generation).Ignore();
        }
    }

    /// <summary>Reports how many bytes the input and the output have to the present run, and to the next one of a planned change.</summary>
    public void ReportPaths(StreamObservation observation, StreamState state)
    {
        long? input = observation.Input is { } seen && state.Input is { } current && seen.Source.IsSameAs(current) ? seen.InboundBytes : null;
        string? source = observation.Output?.Source.Id;
        long bytes = observation.Output?.InboundBytes ?? 0;
        if (AsideOf(state) is { } aside && !IsLocal(aside.Host) && !_starting.Contains(aside.Generation) && !hosts.HasEnded(aside.Host!))
        {
            RecordAnswer(state, aside.Generation, hosts.Reach(aside.Host!).Find(id, aside.Generation, withLog: false)).Ignore(); // It looks at its own path by itself.
        }

        if (state.Next is not { IsAside: false } next)
        {
            ReportPaths(state, state.Host, state.Generation, new RunPaths(input, source is null || source == state.Output?.Id, source, bytes));
            return;
        }

        bool isOfNext = IsOf(next, source);
        ReportPaths(state, state.Host, state.Generation, new RunPaths(input, !isOfNext, source, bytes));
        ReportPaths(state, next.Host, next.Generation, new RunPaths(input, isOfNext, source, bytes));
    }

    private void ReportPaths(StreamState state, string? host, long generation, RunPaths paths)
    {
        if (!IsLocal(host))
        {
            if (state.HasWorker && !_starting.Contains(generation) && !hosts.HasEnded(host!)) // A question may overtake the start, and would be answered that there is no such run.
            {
                RecordAnswer(state, generation, hosts.Reach(host!).Record(id, generation, paths)).Ignore();
            }

            return;
        }

        if (paths.InputBytes is { } inputBytes)
        {
            local.RecordInput(id, generation, inputBytes);
        }

        if (paths.HasOutput)
        {
            local.RecordOutput(id, generation, paths.OutputSource, paths.OutputBytes);
        }
    }

    /// <summary>Drops what is kept for the stream, whose grain is deactivated.</summary>
    public void Forget() => openOutputs.Forget(id);

    /// <summary>A run that was saved before runs had hosts is looked for here.</summary>
    private bool IsLocal(string? host) => host is null || host == hosts.Local;

    /// <summary>The run that publishes to a path of its own, beside the present one; null for none.</summary>
    private static (string? Host, long Generation)? AsideOf(StreamState state) =>
        state.Standby is { } standby ? (standby.Host, standby.Generation) : state.Next is { IsAside: true } next ? (next.Host, next.Generation) : null;

    private static string? HostOf(StreamEffect.StartWorker start, StreamState state) => start.Beside is null ? state.Host : state.Next!.Host;

    /// <summary>Whether a source of the output is a planned run: whatever publishes after the former one is.</summary>
    private static bool IsOf(PlannedRun next, string? source) => source is not null && source != next.FormerOutput;

    private bool IsLost(string? host, long generation) => !local.Has(id, generation)
        && (IsLocal(host) || hosts.HasEnded(host!) || (!_starting.Contains(generation) && _remote.TryGetValue(generation, out RunReport? known) && !known.IsHere));

    private void Stop(string? host, long generation, StopCause cause)
    {
        if (IsLocal(host))
        {
            local.Stop(id, generation, cause);
        }
        else if (!hosts.HasEnded(host!))
        {
            hosts.Reach(host!).Stop(id, generation, cause).Ignore();
        }
    }

    private async Task StartRemotely(string host, WorkerRun run)
    {
        _starting.Add(run.Generation);
        try
        {
            await (run.IsAside ? hosts.Reach(host).StartStandby(run) : hosts.Reach(host).Start(run));
        }
        finally
        {
            _starting.Remove(run.Generation); // From now on the host has it or not, and says so.
        }
    }

    private async Task RecordAnswer(StreamState state, long generation, Task<RunReport> asked)
    {
        RunReport report = await asked;
        if (report.View is { Log.IsEmpty: true } view && _remote.GetValueOrDefault(generation)?.View is { } before)
        {
            report = report with { View = view with { Log = before.Log } }; // The lines come only when they are asked for.
        }

        foreach (long old in _remote.Keys.Where(known => known < state.Generation).ToArray())
        {
            _remote.Remove(old);
        }

        _remote[generation] = report;
    }

    /// <summary>MediaMTX makes an RTMP publish available once it has received and analysed some of it; an RTSP publish before its first packet.</summary>
    private static bool IsReceivedBeforeAvailable(string sourceType) => sourceType.StartsWith("rtmp", StringComparison.Ordinal);
}
