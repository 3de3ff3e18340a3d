using Streams.Grains.Workers;

namespace Streams.Grains.Hosts;

/// <summary>A run, and the host that it was placed on.</summary>
/// <param name="Host">The host; null for a run that was saved before runs had hosts: it is looked for on this silo.</param>
/// <param name="Generation">Its number.</param>
internal readonly record struct PlacedRun(string? Host, long Generation);

/// <summary>
/// The runs of one stream, on whichever silos their hosts are: tells the hosts what is to be done, and keeps what they last said. The host of this silo
/// is called directly. One of another silo is called without waiting in the stream's turn, since a silo that is frozen answers late or never; what
/// its answer changes is done with the next observation. For one stream's turns only.
/// </summary>
internal sealed class PlacedRuns(StreamId id, IWorkerHost local, WorkerHosts hosts, TimeProvider time)
{
    /// <summary>How long somebody who waits for an answer waits for another silo's host.</summary>
    private static readonly TimeSpan RemoteTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What hosts of other silos last said, by generation.</summary>
    private readonly Dictionary<long, RunReport> _reports = [];

    /// <summary>The generations whose start another silo's host has not acknowledged yet: until then they cannot be missing there.</summary>
    private readonly HashSet<long> _starting = [];

    /// <summary>The latest run that this silo's host has; null for none.</summary>
    public PlacedRun? FindLatestHere() => local.FindLatest(id) is > 0 and var latest ? new PlacedRun(hosts.Local, latest) : null;

    /// <summary>Begins what may be done for a run before it is saved. Changes nothing.</summary>
    public WorkerRun Prepare(string? host, WorkerRun run) => IsLocal(host) ? local.Prepare(run) : run;

    /// <summary>Starts a run.</summary>
    public void Start(string? host, WorkerRun run)
    {
        if (IsLocal(host))
        {
            local.Start(run);
        }
        else
        {
            StartRemotely(host!, run).Ignore();
        }
    }

    /// <summary>Ends a run.</summary>
    public void Stop(PlacedRun run, StopCause cause) => Tell(run, host => host.Stop(id, run.Generation, cause), host => host.Stop(id, run.Generation, cause));

    /// <summary>Has a run with a path of its own take the output over.</summary>
    public void StepIn(PlacedRun run) => Tell(run, host => host.StepIn(id, run.Generation), host => host.StepIn(id, run.Generation));

    /// <summary>Records that MediaMTX has made a run's output available.</summary>
    public void RecordOutputAvailable(PlacedRun run) => Tell(run, host => host.RecordOutputAvailable(id, run.Generation), host => host.RecordOutputAvailable(id, run.Generation));

    /// <summary>Records what MediaMTX shows of a run's paths.</summary>
    public void Record(PlacedRun run, RunPaths paths)
    {
        if (IsLocal(run.Host))
        {
            paths.RecordAt(local, id, run.Generation);
        }
        else if (FindToAsk(run) is { } host)
        {
            Keep(run, host.Record(id, run.Generation, paths)).Ignore();
        }
    }

    /// <summary>Asks another silo's host how a run is. The answer may come, or fail, later than anybody waits for it.</summary>
    public Task Ask(PlacedRun run, bool withLog = false)
    {
        Task asked = FindToAsk(run) is { } host ? Keep(run, host.Find(id, run.Generation, withLog)) : Task.CompletedTask;
        asked.Ignore();
        return asked;
    }

    /// <summary>Asks another silo's host for a run with its last lines, and waits a moment. Never fails: a host that does not answer leaves what is known.</summary>
    public async Task Refresh(PlacedRun run) => await Ask(run, withLog: true).WaitAsync(RemoteTimeout, time)
        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>A run as its host last reported it; null when nothing is known of it.</summary>
    public RunView? GetView(PlacedRun run, bool withLog) => IsLocal(run.Host) ? local.GetView(id, run.Generation, withLog) : _reports.GetValueOrDefault(run.Generation)?.View;

    /// <summary>Drops what hosts said of runs that are older than one.</summary>
    public void ForgetBefore(long generation)
    {
        foreach (long old in _reports.Keys.Where(known => known < generation).ToArray())
        {
            _reports.Remove(old);
        }
    }

    /// <summary>Whether a key is that of a run which nobody has asked to end. A host that does not answer says no.</summary>
    public async Task<bool> IsKeyOf(PlacedRun run, string key)
    {
        if (IsLocal(run.Host))
        {
            return local.IsKeyOf(id, run.Generation, key);
        }

        try
        {
            return !hosts.HasEnded(run.Host!) && await hosts.Reach(run.Host!).IsKeyOf(id, run.Generation, key).WaitAsync(RemoteTimeout, time);
        }
        catch (Exception away) when (away is TimeoutException or Orleans.Runtime.OrleansException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether a run is known to be gone without a report of its end: its silo has ended, or its host does not have it. A host that does not answer may
    /// have it. The host of one that is gone refuses it from then on, should its start still be on the way.
    /// </summary>
    public bool FenceIfLost(PlacedRun run)
    {
        bool isLost = !local.Has(id, run.Generation)
            && (IsLocal(run.Host) || hosts.HasEnded(run.Host!) || (!_starting.Contains(run.Generation) && _reports.TryGetValue(run.Generation, out RunReport? known) && !known.IsHere));
        if (isLost && !IsLocal(run.Host))
        {
            Stop(run, StopCause.Superseded);
        }

        return isLost;
    }

    /// <summary>Whether a run is one of this silo, in its present life.</summary>
    public bool IsHere(PlacedRun run) => IsLocal(run.Host);

    private bool IsLocal(string? host) => host is null || host == hosts.Local;

    /// <summary>Tells a run's host something that needs no answer; one whose silo has ended is not told.</summary>
    private void Tell(PlacedRun run, Action<IWorkerHost> here, Func<IWorkerHostService, Task> elsewhere)
    {
        if (IsLocal(run.Host))
        {
            here(local);
        }
        else if (!hosts.HasEnded(run.Host!))
        {
            elsewhere(hosts.Reach(run.Host!)).Ignore();
        }
    }

    /// <summary>Another silo's host that can be asked about a run; null for none. A question may overtake the start, and would be answered that there is no such run.</summary>
    private IWorkerHostService? FindToAsk(PlacedRun run) => IsLocal(run.Host) || _starting.Contains(run.Generation) || hosts.HasEnded(run.Host!) ? null : hosts.Reach(run.Host!);

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

    private async Task Keep(PlacedRun run, Task<RunReport> asked)
    {
        RunReport report = await asked;
        if (report.View is { Log.IsEmpty: true } view && _reports.GetValueOrDefault(run.Generation)?.View is { } before)
        {
            report = report with { View = view with { Log = before.Log } }; // The lines come only when they are asked for.
        }

        _reports[run.Generation] = report;
    }
}
