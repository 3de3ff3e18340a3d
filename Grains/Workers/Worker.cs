using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Streams;

/// <summary>One run: the life of one process, from its start to the moment when its whole group is verified gone.</summary>
internal sealed partial class Worker
{
    /// <summary>How long pipes may stay open after the process has ended, held by something that it left behind.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long to take "it is listed" for "it runs": looking closer costs a walk through all processes.</summary>
    private static readonly TimeSpan GroupPatience = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the killed rest of a group may take to end; one that the kernel cannot end (stuck in a device) takes longer.</summary>
    private static readonly TimeSpan GroupLimit = TimeSpan.FromSeconds(5);

    private readonly WorkerOptions _options;
    private readonly MediaUrls _urls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogTail _tail;
    private readonly LineLimiter _limiter;
    private readonly TaskCompletionSource<StopCause> _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerProgress? _progress;

    public Worker(WorkerRun run, WorkerOptions options, MediaUrls urls, TimeProvider time, ILogger logger)
    {
        Run = run;
        _options = options;
        _urls = urls;
        _time = time;
        _logger = logger;
        _tail = new LogTail(options.LogTailLines);
        _limiter = new LineLimiter(options.MaxLogLinesPerSecond, time);
        Liveness = new LivenessMonitor(options.StallAfter, options.StartWithin, time);
    }

    /// <summary>Which run it is.</summary>
    public WorkerRun Run { get; }

    /// <summary>Its secret.</summary>
    public RunKey Key { get; } = new();

    /// <summary>What it last said of itself.</summary>
    public WorkerView Look(bool withLog) => new(_progress, withLog ? _tail.Snapshot() : [], InputIdleSince: Liveness.InputIdleSince);

    /// <summary>Whether it hangs; counts from its start.</summary>
    public LivenessMonitor Liveness { get; private set; }

    /// <summary>Whether it reports progress at all; one that does not cannot be seen to hang.</summary>
    public bool ReportsProgress { get; private set; }

    /// <summary>Called once, at the first progress.</summary>
    public required Action Progressed { get; init; }

    /// <summary>Called at each report with progress.</summary>
    public required Action<WorkerProgress> Reported { get; init; }

    /// <summary>Done when it was asked to end.</summary>
    public Task StopAsked => _stopAsked.Task;

    /// <summary>Asks it to end; the end itself comes as the result of <see cref="Live"/>.</summary>
    public void AskToStop(StopCause cause) => _stopAsked.TrySetResult(cause);

    /// <summary>Starts the process, and sees it to its end. Never throws for what a worker can do.</summary>
    public async Task<WorkerExit> Live(ProcessLauncher launcher, WorkerCommand command, Action<WorkerProcessInfo> started)
    {
        if (_stopAsked.Task.IsCompleted)
        {
            return new WorkerExit(WorkerExitKind.Stopped, "Stopped before it was started.", null, null, []);
        }

        Process process;
        using Activity? step = StreamsTracing.Start("start worker", Run.Trace, Run.StreamId)?
            .SetTag("streams.generation", Run.Generation).SetTag("streams.worker.program", Path.GetFileName(command.Program));
        try
        {
            process = await launcher.Start(command, [KeyValuePair.Create(RunMarker.Variable, RunMarker.Of(Run))]);
        }
        catch (Exception refused)
        {
            step?.SetStatus(ActivityStatusCode.Error, refused.Message);
            return new WorkerExit(WorkerExitKind.StartFailed, $"The system refused to start {command.Program}: {refused.Message}", null, null, []);
        }

        step?.SetTag("streams.worker.pid", process.Id).Stop();

        // Process.Dispose leaves its streams open: two pipes a run would stay until the next full garbage collection.
        using (process)
        using (process.StandardOutput)
        using (process.StandardError)
        {
            try
            {
                return await See(process, command, started);
            }
            catch (Exception unexpected)
            {
                // Whatever went wrong in watching it: a worker that nobody watches must not live on.
                LogUnwatched(unexpected);
                Send(process.Id, Signals.Kill);
                await process.WaitForExitAsync();
                await EndGroup(process.Id);
                return new WorkerExit(WorkerExitKind.StartFailed, $"The worker could not be watched, and was killed: {unexpected.Message}", null, Signals.Kill, _tail.Snapshot());
            }
        }
    }

    private async Task<WorkerExit> See(Process process, WorkerCommand command, Action<WorkerProcessInfo> started)
    {
        long startedAt = _time.GetTimestamp();
        int pid = process.Id;
        using IDisposable? scope = _logger.BeginScope(StreamScope.Of(Run, pid));
        process.StandardInput.Close();
        IProgressParser? parser = MakeParser(command.Progress);
        Liveness = new LivenessMonitor(_options.StallAfter, _options.StartWithin, _time);
        ReportsProgress = parser is not null;
        LogStarted(Path.GetFileName(command.Program));
        WorkerProcessInfo info = new(pid, _time.GetUtcNow());
        started(info); // Before the pipes are read: its start is told before its progress.
        Task pipes = Task.WhenAll(
            BoundedLineReader.ReadLines(process.StandardOutput.BaseStream, line => TakeOutput(line, parser)),
            BoundedLineReader.ReadLines(process.StandardError.BaseStream, TakeLog));
        if (parser is null)
        {
            NoteProgress(new WorkerProgress { At = _time.GetUtcNow() });
        }

        Task exited = process.WaitForExitAsync();
        bool killed = await Task.WhenAny(exited, _stopAsked.Task) != exited && await Stop(pid, exited);
        await exited;
        await EndGroup(pid);
        await Drain(pipes);
        WorkerExit exit = Classify(process.ExitCode, killed, command, _time.GetElapsedTime(startedAt));
        LogExited(exit.Kind, exit.Reason);
        return exit with { Command = Describe(command), Process = info, Progress = _progress };
    }

    /// <summary>Polite signal, deadline, kill. True when it had to be killed.</summary>
    private async Task<bool> Stop(int pid, Task exited)
    {
        LogStopping();
        Send(pid, Signals.Interrupt);
        try
        {
            await exited.WaitAsync(_options.StopGrace, _time);
            return false;
        }
        catch (TimeoutException)
        {
            LogKilling(_options.StopGrace.TotalSeconds);
            Send(pid, Signals.Kill);
            return true;
        }
    }

    /// <summary>Where there is no <c>setsid</c>, the worker has no group of its own.</summary>
    private static bool Send(int pid, int signal) => Signals.SendToGroup(pid, signal) || Signals.SendToProcess(pid, signal);

    /// <summary>The leader has ended; what it started ends with it. Returns when nothing of the group runs.</summary>
    private async Task EndGroup(int group)
    {
        long start = _time.GetTimestamp();
        while (Signals.SendToGroup(group, Signals.Kill))
        {
            TimeSpan waited = _time.GetElapsedTime(start);
            if (waited > GroupPatience && !ProcessTable.AnyRunsIn(group))
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

    private string Describe(WorkerCommand command) => _urls.Redact(string.Join(' ', command.Arguments.Prepend(command.Program)), Key);
}
