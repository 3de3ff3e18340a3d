using Orleans.Runtime;

namespace Streams.Grains.Streams;

/// <summary>The timers of one stream's grain: its next retry, and what keeps it in memory while it is wanted.</summary>
/// <param name="grain">The grain.</param>
/// <param name="retry">Tries again after the run of a generation.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamTimers(IGrainBase grain, Func<long, Task> retry, TimeProvider time)
{
    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromMinutes(1);

    /// <summary>Repeats the attempt should the first one fail to save, or fire early by the timer's resolution.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(250);

    private IGrainTimer? _retry;
    private IGrainTimer? _keepAlive;

    /// <summary>Sets them by the state, whatever they were.</summary>
    public void Follow(StreamState state)
    {
        _retry?.Dispose();
        _retry = state.RetryAt is { } at ? ScheduleRetry(state.Generation, at) : null;

        bool active = state.Order == StreamOrder.Run || state.Phase == StreamPhase.Stopping;
        if (active && _keepAlive is null)
        {
            _keepAlive = grain.RegisterGrainTimer(static (_, _) => Task.CompletedTask, grain, new GrainTimerCreationOptions(KeepAlivePeriod, KeepAlivePeriod) { KeepAlive = true });
        }
        else if (!active)
        {
            _keepAlive?.Dispose();
            _keepAlive = null;
        }
    }

    private IGrainTimer ScheduleRetry(long generation, DateTimeOffset at)
    {
#pragma warning disable RS0030 // It may have been saved by another process. The grain has just set it with the clock.
        TimeSpan wait = at - time.GetUtcNow();
#pragma warning restore RS0030
        TimeSpan due = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        GrainTimerCreationOptions options = new(due, RetryPeriod) { KeepAlive = true };
        return grain.RegisterGrainTimer(static (next, _) => next.Retry(next.Generation), (Retry: retry, Generation: generation), options);
    }
}
