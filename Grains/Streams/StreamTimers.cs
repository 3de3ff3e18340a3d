using Orleans.Runtime;

namespace Streams.Grains.Streams;

/// <summary>The timers of one stream's grain: its next retry, the end of a planned change, and what keeps it in memory while it is wanted.</summary>
/// <param name="grain">The grain.</param>
/// <param name="retry">Tries again after the run of a generation.</param>
/// <param name="endChange">Ends the time that a planned run has to come up.</param>
/// <param name="returnFromFallback">Tries the chosen profile again.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamTimers(IGrainBase grain, Func<long, Task> retry, Func<long, Task> endChange, Func<long, Task> returnFromFallback, TimeProvider time)
{
    private static readonly TimeSpan KeepAlivePeriod = TimeSpan.FromMinutes(1);

    /// <summary>Repeats the attempt should the first one fail to save, or fire early by the timer's resolution.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(250);

    private IGrainTimer? _retry;
    private IGrainTimer? _change;
    private IGrainTimer? _return;
    private IGrainTimer? _keepAlive;

    /// <summary>Sets them by the state, whatever they were.</summary>
    public void Follow(StreamState state)
    {
        _retry?.Dispose();
        _retry = state.RetryAt is { } at ? Schedule(retry, state.Generation, at) : null;
        _change?.Dispose();
        _change = state.Next is { } next ? Schedule(endChange, next.Generation, next.DueAt) : null;

        _return?.Dispose();
        _return = state is { Fallback.ReturnAt: { } tryAt, Phase: StreamPhase.Running, Next: null } ? Schedule(returnFromFallback, state.Generation, tryAt) : null;

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

    private IGrainTimer Schedule(Func<long, Task> due, long generation, DateTimeOffset at)
    {
#pragma warning disable RS0030 // It may have been saved by another process. The grain has just set it with the clock.
        TimeSpan wait = at - time.GetUtcNow();
#pragma warning restore RS0030
        GrainTimerCreationOptions options = new(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, RetryPeriod) { KeepAlive = true };
        return grain.RegisterGrainTimer(static (timer, _) => timer.Due(timer.Generation), (Due: due, Generation: generation), options);
    }
}
