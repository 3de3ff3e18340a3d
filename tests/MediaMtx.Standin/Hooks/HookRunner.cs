using System.Collections.Concurrent;
using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Faults;
using MediaMtx.Standin.Logging;
using MediaMtx.Standin.Paths;

namespace MediaMtx.Standin.Hooks;

/// <summary>Runs hooks, and knows all that still run.</summary>
internal sealed class HookRunner(string rtspPort, FaultPlan faults, ServerLog log) : IDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<HookProcess, bool> _running = new();
    private readonly CancellationTokenSource _closing = new();

    private ServerLog Log => log;

    /// <summary>Something began: a stream became available, or its source came.</summary>
    /// <param name="path">The path.</param>
    /// <param name="pair">What to run.</param>
    /// <param name="source">The source; null for a stream that is there without one.</param>
    /// <param name="query">The publisher's query.</param>
    public RunningHooks Start(MediaPath path, HookPair pair, IPathUser? source, string query)
    {
        IReadOnlyDictionary<string, string> variables = HookEnvironment.Of(path, source, query, rtspPort);
        string prefix = $"[path {path.Name}]";
        HookRun? run = null;
        if (pair.BeginCommand.Length > 0)
        {
            log.Info($"{prefix} {pair.Begin} command started");
            run = new HookRun(this, pair, variables);
            Release(path.Name, "ready", run.Start);
        }

        return new RunningHooks(() =>
        {
            if (run is not null)
            {
                run.Stop();
                log.Info($"{prefix} {pair.Begin} command stopped");
            }

            if (pair.EndCommand.Length > 0)
            {
                log.Info($"{prefix} {pair.End} command launched");
                Release(path.Name, "not-ready", () => Launch(pair.EndCommand, variables, static _ => { }));
            }
        });
    }

    /// <summary>Waits for the hooks that run; kills those that still do at the deadline.</summary>
    public async Task Close(TimeSpan patience)
    {
        await _closing.CancelAsync();
        Task all = Task.WhenAll(_running.Keys.Select(hook => hook.Ended));
        if (await Task.WhenAny(all, Task.Delay(patience)) == all)
        {
            return;
        }

        log.Warn($"killing {_running.Count} hooks that still run");
        foreach (HookProcess hook in _running.Keys)
        {
            hook.Kill();
        }

        await Task.WhenAny(all, Task.Delay(patience));
    }

    public void Dispose() => _closing.Dispose();

    private HookProcess Launch(string command, IReadOnlyDictionary<string, string> variables, Action<string> failed)
    {
        HookProcess hook = HookProcess.Start(command, variables, failed);
        _running[hook] = true;
        hook.Ended.ContinueWith(_ => _running.TryRemove(hook, out bool _), TaskScheduler.Default);
        return hook;
    }

    private void Release(string path, string kind, Action start) => faults.ReleaseHook(path, kind, start, _closing.Token);

    /// <summary>What runs while something lasts; a repeated start (a fault) makes more than one.</summary>
    private sealed class HookRun(HookRunner runner, HookPair pair, IReadOnlyDictionary<string, string> variables)
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentBag<HookProcess> _hooks = [];

        public void Start()
        {
            HookProcess hook = runner.Launch(pair.BeginCommand, variables, error =>
                runner.Log.Info($"[path {variables["MTX_PATH"]}] {pair.Begin} command exited: {error}"));
            _hooks.Add(hook);

            // One that a fault made late may start after the stream's end, and runs then: that it arrives late is the point.
            if (pair.Restarts && !_stopped.Task.IsCompleted)
            {
                _ = Restart(hook);
            }
        }

        public void Stop()
        {
            _stopped.TrySetResult();
            foreach (HookProcess hook in _hooks)
            {
                hook.Interrupt();
            }
        }

        private async Task Restart(HookProcess hook)
        {
            await hook.Ended;
            await Task.WhenAny(Task.Delay(RestartPause), _stopped.Task);
            if (!_stopped.Task.IsCompleted)
            {
                Start();
            }
        }
    }
}
