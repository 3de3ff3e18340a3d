using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>Pulls a path's source while it has readers, and a while longer. <see cref="PathManager"/> calls it under its lock.</summary>
/// <param name="path">The path.</param>
/// <param name="clock">For the time limits.</param>
/// <param name="locked">Runs something under the manager's lock.</param>
/// <param name="start">Starts to pull.</param>
/// <param name="stop">Stops pulling, for a reason.</param>
internal sealed class OnDemandSource(MediaPath path, TimeProvider clock, Action<Action> locked, Action start, Action<string> stop)
{
    private TaskCompletionSource<string> _ready = NewReady();
    private ITimer? _startLimit;
    private ITimer? _closeLimit;
    private bool _isRunning;

    /// <summary>Starts to pull if that has not begun.</summary>
    /// <returns>Completes when the stream is there, with nothing, or with the reason why it does not come.</returns>
    public Task<string> Want()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            start();
            TimeSpan limit = path.Config.SourceOnDemandStartTimeout;
            _startLimit = clock.CreateTimer(_ => locked(GiveUp), null, limit, Timeout.InfiniteTimeSpan);
        }

        return _ready.Task;
    }

    /// <summary>The stream is there; without a reader it does not stay.</summary>
    public void Ready()
    {
        _startLimit?.Dispose();
        _startLimit = null;
        CloseLater();
        _ready.TrySetResult("");
    }

    /// <summary>Somebody reads.</summary>
    public void ReaderCame()
    {
        _closeLimit?.Dispose();
        _closeLimit = null;
    }

    /// <summary>Somebody stopped reading.</summary>
    public void ReaderLeft()
    {
        if (_isRunning && path.Stream is not null && path.Readers.Count == 0)
        {
            CloseLater();
        }
    }

    /// <summary>Stops pulling; whoever waits hears why.</summary>
    public void Stop(string reason, string toWaiting)
    {
        if (!_isRunning)
        {
            return;
        }

        _isRunning = false;
        _startLimit?.Dispose();
        _closeLimit?.Dispose();
        _startLimit = _closeLimit = null;
        _ready.TrySetResult(toWaiting);
        _ready = NewReady();
        stop(reason);
    }

    private void CloseLater()
    {
        _closeLimit?.Dispose();
        ITimer? mine = null;
        mine = clock.CreateTimer(_ => locked(() => Close(mine)), null, path.Config.SourceOnDemandCloseAfter, Timeout.InfiniteTimeSpan);
        _closeLimit = mine;
    }

    private void Close(ITimer? timer)
    {
        if (_closeLimit == timer && _isRunning)
        {
            path.EndStream();
            Stop("not needed by anyone", "terminated");
        }
    }

    private void GiveUp()
    {
        if (_startLimit is not null)
        {
            Stop("timed out", $"source of path '{path.Name}' has timed out");
        }
    }

    private static TaskCompletionSource<string> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
