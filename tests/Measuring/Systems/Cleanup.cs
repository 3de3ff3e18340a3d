namespace Streams.Measuring.Systems;

/// <summary>Cleanup of a run, however it ends: disposes resources and runs steps, last in, first out.</summary>
public sealed class Cleanup : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Func<Task>> _steps = new();
    private bool _closed;
    private Task? _running;

    /// <summary>Whether it has run or is running.</summary>
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

    /// <summary>Adds a step.</summary>
    /// <exception cref="OperationCanceledException">The cleanup has begun; the step was not added.</exception>
    public void Push(Func<Task> step)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new OperationCanceledException("The run is being ended.");
            }

            _steps.Push(step);
        }
    }

    /// <summary>Adds a resource to dispose.</summary>
    /// <exception cref="OperationCanceledException">The cleanup has begun; the resource was disposed at once.</exception>
    public async Task<T> Keep<T>(T resource)
        where T : IAsyncDisposable
    {
        try
        {
            Push(() => resource.DisposeAsync().AsTask());
            return resource;
        }
        catch (OperationCanceledException)
        {
            await resource.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs all steps, whatever one of them throws. A second caller waits for the first.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closed = true;
            return new ValueTask(_running ??= Task.Run(RunAll));
        }
    }

    private async Task RunAll()
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
