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
internal sealed class StreamWorker(StreamId id, IWorkerHost local, WorkerHosts hosts, OpenOutputs openOutputs, TimeProvider time)
{
    /// <summary>How long somebody who waits for an answer waits for another silo's host.</summary>
    private static readonly TimeSpan RemoteTimeout = TimeSpan.FromSeconds(1);

    private WorkerRun? _next;
    private (long Generation, RunReport Report)? _remote;

    /// <summary>The generation whose start another silo's host has not acknowledged yet: until then it cannot be missing there.</summary>
    private long _starting;

    /// <summary>Chooses the host of a run that is to be started.</summary>
    public StreamState Place(StreamEffect? effect, StreamState state) => effect is StreamEffect.StartWorker ? state with { Host = hosts.Place(id) } : state;

    /// <summary>Prepares what was decided, before it is saved.</summary>
    /// <param name="effect">What was decided.</param>
    /// <param name="state">The state with it.</param>
    /// <param name="formerOutput">Who published the output before it, as far as its end is not known.</param>
    public void Prepare(StreamEffect? effect, StreamState state, LiveSource? formerOutput)
    {
        if (effect is not StreamEffect.StartWorker start)
        {
            _next = null;
            return;
        }

        WorkerRun run = new(id, start.Generation, state.Input!, state.Profile) { IfInputIsLive = start.IfInputIsLive, FormerOutput = formerOutput };
        _next = IsLocal(state) ? local.Prepare(run) : run;
    }

    /// <summary>Carries out what was prepared, once it is saved.</summary>
    public void Act(StreamEffect? effect, StreamState state, ActivityContext trace)
    {
        switch (effect)
        {
            case StreamEffect.StartWorker when IsLocal(state):
                local.Start(_next! with { Trace = trace });
                break;
            case StreamEffect.StartWorker:
                StartRemotely(state.Host!, _next! with { Trace = trace }).Ignore();
                break;
            case StreamEffect.StopWorker stop:
                Stop(state, stop.Generation, stop.Cause);
                break;
        }
    }

    /// <summary>
    /// Corrects a state that was read by the run that this silo's host has: the row may be gone (forgotten, dropped, deleted by hand) or older than
    /// that run (a backup, a standby that lagged). A run that the state wants goes on under its own number; any other ends, and the next
    /// one gets a later number.
    /// </summary>
    public StreamState Match(StreamState state)
    {
        long latest = local.FindLatest(id);
        if (latest == 0 || (state.HasWorker && latest == state.Generation))
        {
            return state;
        }

        if (!state.HasWorker || latest < state.Generation)
        {
            local.Stop(id, latest, StopCause.Superseded);
        }

        return latest <= state.Generation
            ? state
            : state with { Generation = latest, Host = hosts.Local, Worker = state.HasWorker ? local.GetView(id, latest, withLog: false)?.Process : null };
    }

    /// <summary>
    /// Whether the present run is known to be gone without a report of its end: its silo has ended, or its host does not have it. A host that
    /// does not answer may have it.
    /// </summary>
    public bool IsLost(StreamState state)
    {
        if (!state.HasWorker || local.Has(id, state.Generation))
        {
            return false;
        }

        return IsLocal(state) || hosts.HasEnded(state.Host!)
            || (_starting != state.Generation && _remote is { } known && known.Generation == state.Generation && !known.Report.IsHere);
    }

    /// <summary>Has the host refuse a run that is taken for lost, should its start still be on the way.</summary>
    public void Fence(StreamState state)
    {
        if (!IsLocal(state) && !hosts.HasEnded(state.Host!))
        {
            hosts.Reach(state.Host!).Stop(id, state.Generation, StopCause.Superseded).Ignore();
        }
    }

    /// <summary>Tells a run that is to end so again: it may not have been told, if the answer to that save was lost.</summary>
    public void RepeatStop(StreamState state)
    {
        if (state is { HasWorker: true, StopCause: { } cause })
        {
            Stop(state, state.Generation, cause);
        }
    }

    /// <summary>The present run as its host last reported it; null when there is none, or nothing is known of it.</summary>
    public RunView? GetView(StreamState state, bool withLog) =>
        !state.HasWorker ? null : IsLocal(state) ? local.GetView(id, state.Generation, withLog) : _remote is { } known && known.Generation == state.Generation ? known.Report.View : null;

    /// <summary>Asks another silo's host for the present run, with its last lines. Never fails: a host that does not answer leaves what is known.</summary>
    public async Task Refresh(StreamState state)
    {
        if (state.HasWorker && !IsLocal(state) && !hosts.HasEnded(state.Host!))
        {
            Task asked = RecordAnswer(state.Generation, hosts.Reach(state.Host!).Find(id, state.Generation, withLog: true));
            asked.Ignore(); // It may fail later than anybody waits.
            await asked.WaitAsync(RemoteTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Whether a key is that of the present run.</summary>
    public async Task<bool> IsKeyOf(StreamState state, string key)
    {
        if (IsLocal(state))
        {
            return local.IsKeyOf(id, state.Generation, key);
        }

        if (hosts.HasEnded(state.Host!))
        {
            return false;
        }

        try
        {
            return await hosts.Reach(state.Host!).IsKeyOf(id, state.Generation, key).WaitAsync(RemoteTimeout, time);
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

        if (IsLocal(state))
        {
            local.RecordOutputAvailable(id, state.Generation);
        }
        else if (!hosts.HasEnded(state.Host!))
        {
            hosts.Reach(state.Host!).RecordOutputAvailable(id, state.Generation).Ignore();
        }
    }

    /// <summary>Reports how many bytes its input and its output have.</summary>
    public void ReportPaths(StreamObservation observation, StreamState state)
    {
        RunPaths paths = new(
            observation.Input is { } input && state.Input is { } current && input.Source.IsSameAs(current) ? input.InboundBytes : null,
            observation.Output is null || observation.Output.Source.Id == state.Output?.Id,
            observation.Output?.Source.Id,
            observation.Output?.InboundBytes ?? 0);
        if (!IsLocal(state))
        {
            if (state.HasWorker && !hosts.HasEnded(state.Host!))
            {
                RecordAnswer(state.Generation, hosts.Reach(state.Host!).Record(id, state.Generation, paths)).Ignore();
            }

            return;
        }

        if (paths.InputBytes is { } bytes)
        {
            local.RecordInput(id, state.Generation, bytes);
        }

        if (paths.HasOutput)
        {
            local.RecordOutput(id, state.Generation, paths.OutputSource, paths.OutputBytes);
        }
    }

    /// <summary>Drops what is kept for the stream, whose grain is deactivated.</summary>
    public void Forget() => openOutputs.Forget(id);

    /// <summary>A run that was saved before runs had hosts is looked for here.</summary>
    private bool IsLocal(StreamState state) => state.Host is null || state.Host == hosts.Local;

    private void Stop(StreamState state, long generation, StopCause cause)
    {
        if (IsLocal(state))
        {
            local.Stop(id, generation, cause);
        }
        else if (!hosts.HasEnded(state.Host!))
        {
            hosts.Reach(state.Host!).Stop(id, generation, cause).Ignore();
        }
    }

    private async Task StartRemotely(string host, WorkerRun run)
    {
        _starting = run.Generation;
        try
        {
            await hosts.Reach(host).Start(run);
        }
        finally
        {
            if (_starting == run.Generation)
            {
                _starting = 0; // From now on the host has it or not, and says so.
            }
        }
    }

    private async Task RecordAnswer(long generation, Task<RunReport> asked)
    {
        RunReport report = await asked;
        if (report.View is { Log.IsEmpty: true } view && _remote is { } known && known.Generation == generation && known.Report.View is { } before)
        {
            report = report with { View = view with { Log = before.Log } }; // The lines come only when they are asked for.
        }

        _remote = (generation, report);
    }

    /// <summary>MediaMTX makes an RTMP publish available once it has received and analysed some of it; an RTSP publish before its first packet.</summary>
    private static bool IsReceivedBeforeAvailable(string sourceType) => sourceType.StartsWith("rtmp", StringComparison.Ordinal);
}
