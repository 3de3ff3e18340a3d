namespace Streams.Verify;

/// <summary>What is to be stopped and removed when a verification is over, however it ends: last in, first out.</summary>
internal sealed class Undo : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Func<Task>> _steps = new();
    private bool _closed;
    private Task? _doing;

    /// <summary>Whether it is over, or being ended.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>Remembers a step.</summary>
    /// <exception cref="OperationCanceledException">It is over already; the step was not remembered.</exception>
    public void Push(Func<Task> step)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new OperationCanceledException("The verification is being ended.");
            }

            _steps.Push(step);
        }
    }

    /// <summary>Remembers to dispose something.</summary>
    /// <exception cref="OperationCanceledException">It is over already; it will not be disposed.</exception>
    public void Push(IAsyncDisposable resource) => Push(() => resource.DisposeAsync().AsTask());

    /// <summary>Does all steps, whatever one of them throws. Who calls it a second time waits for the first.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closed = true;
            return new ValueTask(_doing ??= Task.Run(DoAll));
        }
    }

    private async Task DoAll()
    {
        while (Pop() is { } step)
        {
            try
            {
                await step();
            }
            catch (Exception failed)
            {
                await Console.Error.WriteLineAsync($"warning: {failed.Message}");
            }
        }
    }

    private Func<Task>? Pop()
    {
        lock (_lock)
        {
            return _steps.TryPop(out Func<Task>? step) ? step : null;
        }
    }
}
