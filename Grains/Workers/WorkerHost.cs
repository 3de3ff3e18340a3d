using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Streams.Grains.MediaMtx;
using Streams.Grains.Os;
using Streams.Grains.Workers.Aside;

namespace Streams.Grains.Workers;

/// <summary>Owns the worker processes of this silo.</summary>
internal sealed partial class WorkerHost(
    RunPreparer preparer,
    AsideWatches asides,
    ProcessLauncher launcher,
    ExitClassifier exits,
    MediaMtxClients media,
    IGrainFactory grains,
    WorkerProfiles profiles,
    IOptions<WorkerOptions> options, // As they were at the start: ones that are changed while workers live could be wrong, and a read of them would throw.
    SteadyTime steady,
    TimeProvider time,
    OrphanSweep sweep,
    StartGate gate,
    OpenOutputs openOutputs,
    IProgressReceiver progress,
    WorkerInstruments instruments,
    ILogger<WorkerHost> logger) : BackgroundService, IHostedLifecycleService, IWorkerHost
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long a hook tries to reach the API: what has not come after this does not come.</summary>
    private static readonly TimeSpan HookBudget = TimeSpan.FromSeconds(2);

    /// <summary>A start that takes longer than this no longer keeps others from starting.</summary>
    private static readonly TimeSpan StartCounts = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<(StreamId StreamId, long Generation), HostedRun> _runs = new();
    private readonly SupersededRuns _superseded = new(time);
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _isCutOff;
    private long _started;

    public IReadOnlyList<(StreamId StreamId, long Generation)> ListWaiting() =>
        !gate.LacksSlots ? [] : [.. _runs.Where(static run => !run.Value.Worker.Run.IsSpare && !run.Value.Ticket.Admitted.IsCompleted && !run.Value.Worker.StopRequested.IsCompleted).Select(static run => run.Key)];

    public IReadOnlyList<(StreamId StreamId, long Generation)> ListRuns() =>
        [.. _runs.Where(static run => !run.Value.Worker.StopRequested.IsCompleted && !run.Value.Gone.Task.IsCompleted).Select(static run => run.Key)];

    public bool HasAny => !_runs.IsEmpty;

    // While the silo ends nothing is taken for lost: what the streams are is for the next one to go on from.
    public bool Has(StreamId streamId, long generation) => _closing.IsCancellationRequested || _runs.ContainsKey((streamId, generation));

    public long FindLatest(StreamId streamId) =>
        _runs.Where(run => run.Key.StreamId == streamId && !run.Value.Gone.Task.IsCompleted).Select(static run => run.Key.Generation).Append(_superseded.LatestOf(streamId)).Max();

    public RunView? GetView(StreamId streamId, long generation, bool withLog) =>
        _runs.TryGetValue((streamId, generation), out HostedRun? run) ? run.Worker.GetView(withLog) with { WaitingPosition = gate.PositionOf(run.Ticket), HasEnded = run.Gone.Task.IsCompleted, Process = run.Worker.Process } : null;

    public bool IsKeyOf(StreamId streamId, long generation, string key) =>
        _runs.TryGetValue((streamId, generation), out HostedRun? run) && !run.Worker.StopRequested.IsCompleted && !run.Gone.Task.IsCompleted && run.Worker.Key.Is(key);

    public bool OpensOutput(StreamId streamId, string key) =>
        _runs.Any(run => run.Key.StreamId == streamId && run.Value.Aside is { HasBegun: true, IsAdopted: false } && IsKeyOf(streamId, run.Key.Generation, key));

    public bool OpensSide(StreamId streamId, long generation, string key) =>
        _runs.TryGetValue((streamId, generation), out HostedRun? run) && run.Aside is not null && IsKeyOf(streamId, generation, key);

    public void StepIn(StreamId streamId, long generation)
    {
        if (_runs.TryGetValue((streamId, generation), out HostedRun? run))
        {
            run.Aside?.StepIn();
        }
    }

    public void RecordInput(StreamId streamId, long generation, long inboundBytes)
    {
        if (_runs.TryGetValue((streamId, generation), out HostedRun? run))
        {
            run.Worker.RecordInput(inboundBytes);
        }
    }

    public void RecordOutput(StreamId streamId, long generation, string? source, long inboundBytes)
    {
        if (_runs.TryGetValue((streamId, generation), out HostedRun? run))
        {
            run.Worker.RecordOutput(source, inboundBytes);
        }
    }

    public void RecordOutputAvailable(StreamId streamId, long generation)
    {
        if (_runs.TryGetValue((streamId, generation), out HostedRun? run))
        {
            run.Worker.RecordOutputAvailable();
        }
    }

    public WorkerRun Prepare(WorkerRun run) => run with { Preparation = preparer.Begin(run, _closing.Token) };

    public void Start(WorkerRun run)
    {
        if (_closing.IsCancellationRequested)
        {
            return; // The state says that a worker is wanted: the next silo starts it.
        }

        if (run.Generation <= _superseded.LatestOf(run.StreamId))
        {
            return; // Its start was on the way when its stream had already gone on.
        }

        WorkerEventPoster poster = new(grains.GetGrain<IWorkerEvents>(run.StreamId.Value), run, () => Stop(run.StreamId, run.Generation, StopCause.Superseded), time, logger, _closing.Token);
        WorkerOptions settings = options.Value; // Whatever may fail comes before the gate: a place in it that nobody leaves is lost.
        StartGate.Ticket ticket = gate.Join(takesOver: !run.IsSpare && run.Beside is { } former && _runs.ContainsKey((run.StreamId, former)), profiles.SlotsOf(run.Profile), run.IsSpare);
        RunPreparation preparation = run.Preparation ?? preparer.Begin(run, _closing.Token);
        AsideWatch? aside = null;
        Worker worker = new(run, preparation.Key, settings, exits, time, logger) { Arrived = Arrived, Reported = Reported };
        aside = run.IsAside ? asides.Make(worker, SteppedIn, poster.Stalled) : null;
        HostedRun hosted = new(worker, preparation, poster, ticket, new CpuUse(time), Interlocked.Increment(ref _started)) { Aside = aside };
        if (!_runs.TryAdd((run.StreamId, run.Generation), hosted))
        {
            gate.Leave(ticket);
            poster.Discard();
            return;
        }

        if (_closing.IsCancellationRequested)
        {
            worker.RequestStop(StopCause.SiloEnds); // It came while the others were asked.
        }

        _ = Task.Run(() => Execute(hosted));
        MakeRoom();

        void Arrived()
        {
            gate.EndStart(ticket);
            poster.Progressed();
        }

        void SteppedIn(LiveSource output, TimeSpan? missing)
        {
            gate.Promote(ticket);
            poster.SteppedIn(output, missing, () => aside!.IsAdopted = true);
        }

        void Reported(WorkerProgress report)
        {
            if (aside is null or { HasBegun: true })
            {
                progress.Receive(run.StreamId, run.Generation, report); // What is not on the air is not the stream's.
            }
        }
    }

    public void Stop(StreamId streamId, long generation, StopCause cause)
    {
        if (_runs.TryGetValue((streamId, generation), out HostedRun? run))
        {
            run.Worker.RequestStop(cause);
        }

        if (cause == StopCause.Superseded)
        {
            _superseded.Record(streamId, generation);
        }
    }

    public void SetCutOff(bool isCutOff)
    {
        _isCutOff = isCutOff; // First: what starts meanwhile sees it.
        if (isCutOff)
        {
            Kill(StopCause.CutOff);
        }
    }

    public void KillAll()
    {
        _ = _closing.CancelAsync(); // Cancelled when it returns, and before: nothing starts any more.
        Kill(StopCause.SiloEnds);
    }

    private void Kill(StopCause cause)
    {
        foreach (HostedRun run in _runs.Values)
        {
            run.Worker.RequestStop(cause);
            if (run is { Worker.Pid: { } pid, Gone.Task.IsCompleted: false })
            {
                Signals.SendToGroup(pid, Signals.Kill);
            }
        }
    }

    /// <summary>Before the silo starts, and with it any stream.</summary>
    public Task StartingAsync(CancellationToken cancellationToken) => sweep.Run(cancellationToken);

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// The silo ends: so does every worker, before anything else of the silo, so that their streams hear of it. Their states stay as they are,
    /// for the next silo to go on from. It returns when MediaMTX's hooks have reported the ends of their outputs too, since the API closes next.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        long told = time.GetTimestamp();
        await _closing.CancelAsync();
        int workers = 0;
        HashSet<StreamId> ended = [];
        while (_runs.Values.ToArray() is { Length: > 0 } runs)
        {
            workers = Math.Max(workers, runs.Length);
            ended.UnionWith(runs.Select(static run => run.Worker.Run.StreamId));
            Array.ForEach(runs, static run => run.Worker.RequestStop(StopCause.SiloEnds));
            await Task.WhenAll(runs.Select(static run => run.Over.Task)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                LogNotEnded(string.Join(", ", _runs.Values.Select(static run => $"{run.Worker.Run.StreamId} ({run.Worker.Pid})")));
                return;
            }
        }

        LogStopped(workers);
        TimeSpan left = options.Value.LongestEnd - time.GetElapsedTime(told);
        await openOutputs.WaitForEnd(ended, left < HookBudget ? left : HookBudget, cancellationToken);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        launcher.Dispose();
        _closing.Dispose();
        base.Dispose();
    }

    /// <summary>One timer for all runs: a timer of its own for each would cost more than the run.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogReady(launcher.IsAirtight);
        using PeriodicTimer timer = new(WatchPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            MakeRoom();
            foreach (HostedRun run in _runs.Values)
            {
                try
                {
                    if (run.StartedAt is { } startedAt && time.GetElapsedTime(startedAt) > StartCounts)
                    {
                        gate.EndStart(run.Ticket);
                    }

                    run.Watch(steady.After, time);
                }
                catch (IOException unknown) when (MachineShortage.FindIn(unknown) is not null)
                {
                    // Short of handles nobody sees what it does: it is left alone until the next look.
                }
            }
        }
    }

    /// <summary>Ends a standby when a run waits for a slot: a spare never keeps a stream from its only worker. One at a time, until that one is gone.</summary>
    private void MakeRoom()
    {
        if (!gate.LacksSlots)
        {
            return;
        }

        HostedRun[] spare = [.. _runs.Values.Where(static run => run is { Worker.Run.IsSpare: true, Aside.HasBegun: false } && run.Ticket.Admitted.IsCompleted && !run.Gone.Task.IsCompleted)];
        if (spare.Length > 0 && !spare.Any(static run => run.Worker.StopRequested.IsCompleted))
        {
            spare.MaxBy(static run => run.Number)!.Worker.RequestStop(StopCause.MakesRoom);
        }
    }

    private async Task Execute(HostedRun hosted)
    {
        WorkerRun run = hosted.Worker.Run;
        await EndOlder(hosted);
        await Task.WhenAny(hosted.Ticket.Admitted, hosted.Worker.StopRequested);
        hosted.StartedAt = time.GetTimestamp();
        WorkerExit exit = await RunToItsEnd(hosted, run);
        gate.Leave(hosted.Ticket);
        hosted.Gone.SetResult();
        if (!run.IsAside && !hosted.Worker.HasArrived && (hosted.IsKept ? KeptRefusal.Is(exit, profiles.FallbackOf(run.Profile) is not null) : exit.Kind == WorkerExitKind.Hung))
        {
            preparer.Skip(run, hosted.IsKept);
        }
        else if (exit.Kind is WorkerExitKind.Stopped or WorkerExitKind.KilledAfterGrace)
        {
            preparer.Outputs.Forget(run.StreamId);
        }

        instruments.CountExit(exit.Kind, exit.Fault, run.Profile ?? profiles.Default);
        await hosted.Poster.Exited(exit);
        _runs.TryRemove((run.StreamId, run.Generation), out _);
        hosted.Over.SetResult();
    }

    /// <summary>Never throws: a run whose end is not told would leave its stream waiting, and its slot taken, for ever.</summary>
    private async Task<WorkerExit> RunToItsEnd(HostedRun hosted, WorkerRun run)
    {
        StreamContinuity? continuity = null;
        try
        {
            if (_isCutOff)
            {
                return new WorkerExit(WorkerExitKind.CutOff, "The worker was not started: its silo reaches neither the store nor another silo.", null, null, []) { Fault = WorkerFault.Machine };
            }

            (WorkerCommand? command, WorkerExit? refusal) = await preparer.Finish(run, hosted.Preparation, _closing.Token);
            continuity = command?.Continuity;
            hosted.IsKept = command?.Slate is not null;
            return refusal ?? await ExplainFailure(run, await Execute(hosted, command!, Started));
        }
        catch (Exception unexpected)
        {
            using IDisposable? scope = logger.BeginScope(run.ScopeWith(null));
            LogNotRun(unexpected);
            return new WorkerExit(WorkerExitKind.StartFailed, $"The worker could not be run: {unexpected.Message}", null, null, []);
        }

        void Started(WorkerProcessInfo process)
        {
            instruments.CountStart(run.Profile ?? profiles.Default);
            hosted.Poster.Started(process with { Continuity = continuity });
        }
    }

    /// <summary>The life of its process; that of a run with a path of its own is watched, and its path goes with it.</summary>
    private async Task<WorkerExit> Execute(HostedRun hosted, WorkerCommand command, Action<WorkerProcessInfo> started)
    {
        if (hosted.Aside is not { } aside)
        {
            return await hosted.Worker.Execute(launcher, command, started);
        }

        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task watching = aside.Watch(over.Task, _closing.Token);
        try
        {
            return await hosted.Worker.Execute(launcher, command, started);
        }
        finally
        {
            over.SetResult();
            await watching;
            await asides.Remove(hosted.Worker.Run);
        }
    }

    /// <summary>A worker that fails while MediaMTX takes no connections fails for that: it is no fault of the stream, and uses up none of its retries.</summary>
    private async Task<WorkerExit> ExplainFailure(WorkerRun run, WorkerExit exit)
    {
        bool mayBe = exit.Kind is WorkerExitKind.Failed or WorkerExitKind.Ended or WorkerExitKind.Refused;
        if (!mayBe || await media.Of(run.Source.Node).AcceptsConnections(_closing.Token))
        {
            return exit;
        }

        const string Remedy = "Start MediaMTX again, and look at its log. The stream is tried again every few seconds, and its retries are not used up.";
        string what = exit.Remedy is { } other ? exit.Reason.Replace(other, "", StringComparison.Ordinal).TrimEnd() : exit.Reason;
        return exit with { Kind = WorkerExitKind.MediaAway, Reason = $"MediaMTX takes no connections. {what} {Remedy}", Remedy = Remedy };
    }

    /// <summary>
    /// The machine starts a generation only when the former is gone, unless it is to take over from it. Should a stream ever forget that it has one (its state was read
    /// again after a save of unknown outcome, or was damaged and dropped), the former is ended first all the same.
    /// </summary>
    private async Task EndOlder(HostedRun run)
    {
        foreach (HostedRun older in _runs.Values.Where(other => other.Worker.Run.StreamId == run.Worker.Run.StreamId && other.Number < run.Number && other.Worker.Run.Generation != run.Worker.Run.Beside))
        {
            older.Worker.RequestStop(StopCause.SourceChanged);
            await older.Gone.Task;
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Worker host is ready; workers die with the silo: {IsAirtight}")]
    private partial void LogReady(bool isAirtight);

    [LoggerMessage(2102, LogLevel.Information, "Worker host has ended its {Workers} workers")]
    private partial void LogStopped(int workers);

    [LoggerMessage(2104, LogLevel.Error, "Workers have not ended in time, and are left: {Workers}")]
    private partial void LogNotEnded(string workers);

    [LoggerMessage(2103, LogLevel.Error, "Worker could not be run")]
    private partial void LogNotRun(Exception failure);
}
