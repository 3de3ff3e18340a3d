using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Streams.Grains.Os;
using Streams.Grains.Telemetry;
using Streams.Grains.Workers.Progress;
using Streams.Grains.Workers.Aside;

namespace Streams.Grains.Workers;

/// <summary>One run: the life of one process, from its start to the moment when its whole group is verified gone.</summary>
internal sealed partial class Worker : IAsideWorker
{
    /// <summary>How long pipes may stay open after the process has ended, held by something that it left behind.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long to take "it is listed" for "it runs": looking closer costs a walk through all processes.</summary>
    private static readonly TimeSpan GroupScanDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the killed rest of a group may take to end; one that the kernel cannot end (stuck in a device) takes longer.</summary>
    private static readonly TimeSpan GroupLimit = TimeSpan.FromSeconds(5);

    /// <summary>From the kill until the group is verified gone and its pipes are read.</summary>
    public static readonly TimeSpan LongestKill = GroupLimit + DrainLimit + TimeSpan.FromSeconds(1);

    private readonly WorkerOptions _options;
    private readonly ExitClassifier _exits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LineLimiter _limiter;
    private readonly SpeedMonitor _speed;
    private readonly TaskCompletionSource<StopCause> _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerProgress? _progress;
    private volatile WorkerLines? _lines;
    private volatile StallMonitor? _liveness;
    private int _hasArrived;

    public Worker(WorkerRun run, RunKey key, WorkerOptions options, ExitClassifier exits, TimeProvider time, ILogger logger)
    {
        (Run, Key) = (run, key);
        _options = options;
        _exits = exits;
        _time = time;
        _logger = logger;
        _limiter = new LineLimiter(options.MaxLogLinesPerSecond, time);
        _speed = new SpeedMonitor(time);
    }

    /// <summary>Which run it is.</summary>
    public WorkerRun Run { get; }

    /// <summary>Its secret.</summary>
    public RunKey Key { get; }

    /// <summary>What it last said of itself.</summary>
    public RunView GetView(bool withLog) =>
#pragma warning disable RS0030 // A monotonic duration, told as a time of day.
        new(_progress, withLog ? _lines?.Tail ?? [] : [], InputIdleSince: _liveness?.InputIdleFor is { } idle ? _time.GetUtcNow() - idle : null, Slow: _speed.Slow);
#pragma warning restore RS0030

    /// <summary>Whether it hangs; null before its process exists.</summary>
    public StallMonitor? Liveness => _liveness;

    /// <summary>Whether its output arrived before it was told to end: encoders write what they have when they are, and that says nothing of how they ran.</summary>
    public bool HasArrived => Volatile.Read(ref _hasArrived) == 1;

    /// <summary>Its process, which is also its group; null before it exists.</summary>
    public int? Pid { get; private set; }

    /// <summary>Its process; null before its start.</summary>
    public WorkerProcessInfo? Process { get; private set; }

    /// <summary>Called once, when its output arrives.</summary>
    public required Action Arrived { get; init; }

    /// <summary>Called at each report with progress.</summary>
    public required Action<WorkerProgress> Reported { get; init; }

    /// <summary>Done when it was asked to end.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>MediaMTX has received so many bytes from its input's source.</summary>
    public void RecordInput(long bytes)
    {
        _liveness?.RecordInput(bytes);
        if (_liveness?.InputIdleFor is not null)
        {
            _speed.Restart(); // Nothing came in: that nothing goes out is not its fault.
        }
    }

    /// <summary>MediaMTX shows its output: so many bytes from this source, or null for nobody.</summary>
    public void RecordOutput(string? source, long bytes)
    {
        _liveness?.RecordOutput(source, bytes);
        NotifyArrival();
    }

    /// <summary>MediaMTX has made its output available after it had received some of it.</summary>
    public void RecordOutputAvailable()
    {
        _liveness?.RecordOutputAvailable();
        NotifyArrival();
    }

    /// <summary>Asks it to end; the end itself comes as the result of <see cref="Execute"/>.</summary>
    public void RequestStop(StopCause cause) => _stopRequested.TrySetResult(cause);

    /// <summary>Starts the process, and sees it to its end. Never throws for what a worker can do.</summary>
    public async Task<WorkerExit> Execute(ProcessLauncher launcher, WorkerCommand command, Action<WorkerProcessInfo> started)
    {
        if (_stopRequested.Task.IsCompleted)
        {
            return new WorkerExit(WorkerExitKind.Stopped, "Stopped before it was started.", null, null, []);
        }

        ChildProcess process;
        using Activity? step = StreamsTracing.Start("start worker", Run.Trace, Run.StreamId)?
            .SetTag("streams.generation", Run.Generation).SetTag("streams.worker.program", Path.GetFileName(command.Program));
        try
        {
            process = await launcher.Start(command.Program, command.Arguments, command.EnvironmentOf(Run));
        }
        catch (Exception refused)
        {
            step?.SetStatus(ActivityStatusCode.Error, refused.Message);
            return ExitClassifier.ClassifyUnstarted(refused, command.Program);
        }

        step?.SetTag("streams.worker.pid", process.Pid).Stop();
        using (process)
        {
            try
            {
                return await Supervise(process, command, started);
            }
            catch (Exception unexpected)
            {
                // Whatever went wrong in watching it: a worker that nobody watches must not live on.
                LogUnwatched(unexpected);
                Signals.SendToGroup(process.Pid, Signals.Kill);
                await process.Exited;
                await EndGroup(process.Pid);
                return new WorkerExit(WorkerExitKind.StartFailed, $"The worker could not be watched, and was killed: {unexpected.Message}", null, Signals.Kill, _lines?.Tail ?? []);
            }
        }
    }

    private async Task<WorkerExit> Supervise(ChildProcess process, WorkerCommand command, Action<WorkerProcessInfo> started)
    {
        long startedAt = _time.GetTimestamp();
        int pid = process.Pid;
        using IDisposable? scope = _logger.BeginScope(Run.ScopeWith(pid));
        WorkerLines lines = new(_options.LogTailLines, command.Secrets, _time);
        IProgressParser? parser = ProgressParsers.For(command.Progress, _time);
        _lines = lines;
        _liveness = new StallMonitor(new StallLimits(_options.StallAfter, _options.StartWithin), command.Output, parser is not null, _time) { IsKept = command.Slate is not null };
        Pid = pid;
        LogStarted(Path.GetFileName(command.Program));
        WorkerProcessInfo info = new(pid, _time.GetUtcNow());
        Process = info;
        started(info); // Before the pipes are read: its start is told before its progress.
        Task pipes = Task.WhenAll(
            BoundedLineReader.ReadLines(process.Output, line => ReadOutput(line, parser)),
            BoundedLineReader.ReadLines(process.Error, RecordLine));
        if (parser is null && command.Output is null)
        {
            RecordProgress(new WorkerProgress { At = _time.GetUtcNow() }, isExact: false);
        }

        bool killed = await Task.WhenAny(process.Exited, _stopRequested.Task) != process.Exited && await Stop(pid, process.Exited);
        int exitCode = await process.Exited;
        await EndGroup(pid);
        await Drain(pipes);
        EndedRun ended = new(
            Path.GetFileName(command.Program), exitCode, _time.GetElapsedTime(startedAt), _progress is not null, new StreamPath(Run.StreamId, PathRole.Input).ToString(), command.Output?.ToString());
        WorkerExit exit = _stopRequested.Task is { IsCompletedSuccessfully: true } asked
            ? _exits.ClassifyStopped(await asked, ended, killed, lines)
            : _exits.Classify(ended, lines);
        LogExited(exit.Kind, exit.Reason);
        return exit with { Command = command.Describe(), Process = info, Progress = _progress, Tracks = command.Tracks };
    }

    private void ReadOutput(string line, IProgressParser? parser)
    {
        if (parser is null)
        {
            RecordLine(line);
        }
        else if (parser.Parse(line) is { } report)
        {
            if (Grew(report))
            {
                RecordProgress(report, parser.IsExact);
            }
            else if (parser.IsExact && _progress is not null)
            {
                RecordSpeed(report.OutTime);
            }
        }
    }

    /// <summary>A report without growth is no progress: a frozen worker goes on reporting. One that counts bytes and writes none makes none either.</summary>
    private bool Grew(WorkerProgress report)
    {
        WorkerProgress last = _progress ?? new WorkerProgress();
        bool writesElsewhere = _liveness is { IsElsewhere: true };
        return writesElsewhere && report.TotalBytes > 0
            ? report.TotalBytes > last.TotalBytes
            : report.Frames > last.Frames || report.OutTime > last.OutTime || report.TotalBytes > last.TotalBytes;
    }

    private void RecordProgress(WorkerProgress report, bool isExact)
    {
        _progress = report;
        _liveness?.RecordProgress();
        if (isExact)
        {
            RecordSpeed(report.OutTime);
        }

        Reported(report);
        NotifyArrival();
    }

    private void RecordSpeed(TimeSpan outTime)
    {
        if (_speed.Record(outTime))
        {
            if (_speed.Slow is { } slow)
            {
                LogSlow(slow.Speed);
            }
            else
            {
                LogFastEnough();
            }
        }
    }

    private void NotifyArrival()
    {
        if (_liveness is { HasArrived: true } && !_stopRequested.Task.IsCompleted && Interlocked.Exchange(ref _hasArrived, 1) == 0)
        {
            Arrived();
        }
    }

    private void RecordLine(string line)
    {
        string safe;
        lock (_limiter)
        {
            safe = _lines!.Add(line);
            if (!_limiter.Allow())
            {
                return;
            }

            if (_limiter.DrainSuppressed() is > 0 and var suppressed)
            {
                LogSuppressed(suppressed);
            }
        }

        LogLine(safe);
    }

    /// <summary>Polite signal, deadline, kill. True when it had to be killed.</summary>
    private async Task<bool> Stop(int pid, Task exited)
    {
        LogStopping();
        Signals.SendToGroup(pid, Signals.Interrupt);
        try
        {
            await exited.WaitAsync(_options.StopGrace, _time);
            return false;
        }
        catch (TimeoutException)
        {
            LogKilling(_options.StopGrace.TotalSeconds);
            Signals.SendToGroup(pid, Signals.Kill);
            return true;
        }
    }

    /// <summary>The leader has ended; what it started ends with it. Returns when nothing of the group runs.</summary>
    private async Task EndGroup(int group)
    {
        long start = _time.GetTimestamp();
        while (Signals.SendToGroup(group, Signals.Kill))
        {
            TimeSpan waited = _time.GetElapsedTime(start);
            if (waited > GroupScanDelay && !ProcessTable.AnyRunsIn(group))
            {
                return; // Dead, and listed only because whoever inherited them has not waited for them.
            }

            if (waited > GroupLimit)
            {
                LogGroupLeft(group);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), _time);
        }
    }

    private async Task Drain(Task pipes)
    {
        try
        {
            await pipes.WaitAsync(DrainLimit, _time);
        }
        catch (TimeoutException)
        {
            LogPipesHeld();
            pipes.Ignore(); // They break when they are closed.
        }
        catch (IOException broken)
        {
            LogPipeBroken(broken);
        }
    }
}
