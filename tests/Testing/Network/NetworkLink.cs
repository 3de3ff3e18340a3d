namespace Streams.Testing.Network;

/// <summary>A connection between two parts that can be cut.</summary>
public sealed class NetworkLink
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = Opened();

    /// <summary>Whether it is cut.</summary>
    public bool IsCut => !WhenOpen.IsCompleted;

    /// <summary>Done while it is not cut.</summary>
    public Task WhenOpen
    {
        get
        {
            lock (_lock)
            {
                return _open.Task;
            }
        }
    }

    internal void Cut()
    {
        lock (_lock)
        {
            _open = _open.Task.IsCompleted ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : _open;
        }
    }

    internal void Mend()
    {
        lock (_lock)
        {
            _open.TrySetResult();
        }
    }

    private static TaskCompletionSource Opened()
    {
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        opened.SetResult();
        return opened;
    }
}
