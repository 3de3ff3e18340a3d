using Orleans.Runtime;

namespace Streams.Grains.Streams;

/// <summary>The timers of one stream's grain: its next retry, the end of a planned change, and what keeps it in memory while it is wanted.</summary>
/// <param name="grain">The grain.</param>
/// <param name="apply">Applies what is due.</param>
/// <param name="mayReturnBeside">Whether a run of the chosen profile may start beside its fallback.</param>
/// <param name="time">The clock.</param>
internal sealed class StreamTimers(IGrainBase grain, Func<StreamInput, Task> apply, Func<bool> mayReturnBeside, TimeProvider time)
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
        _retry = state.RetryAt is { } at ? Schedule(() => new StreamInput.RetryDue(state.Generation), at) : null;
        _change?.Dispose();
        _change = state.Next is { } next ? Schedule(() => new StreamInput.ChangeDue(next.Generation), next.DueAt) : null;

        _return?.Dispose();
        _return = state is { Fallback.ReturnAt: { } tryAt, Phase: StreamPhase.Running, Next: null } ? Schedule(() => new StreamInput.ReturnDue(state.Generation, mayReturnBeside()), tryAt) : null;

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

    private IGrainTimer Schedule(Func<StreamInput> due, DateTimeOffset at)
    {
#pragma warning disable RS0030 // It may have been saved by another process. The grain has just set it with the clock.
        TimeSpan wait = at - time.GetUtcNow();
#pragma warning restore RS0030
        GrainTimerCreationOptions options = new(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, RetryPeriod) { KeepAlive = true };
        return grain.RegisterGrainTimer((_, _) => apply(due()), grain, options);
    }
}
