using Streams.Grains.Hosts;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>What to do, once the new state is saved.</summary>
public abstract record StreamEffect
{
    private StreamEffect()
    {
    }

    /// <summary>Start a worker as run <paramref name="Generation"/>.</summary>
    /// <param name="Generation">The run.</param>
    /// <param name="IfInputIsLive">Only if MediaMTX still shows the input's source: the former worker may have ended because the input did.</param>
    public sealed record StartWorker(long Generation, bool IfInputIsLive = false) : StreamEffect
    {
        /// <summary>The running generation that it is to take over from; null when there is none.</summary>
        public long? Beside { get; init; }
    }

    /// <summary>Start run <paramref name="Generation"/> as the standby of the present one.</summary>
    public sealed record StartStandby(long Generation) : StreamEffect;

    /// <summary>Have run <paramref name="Generation"/>, which has a path of its own, take the output over. It may have done so by itself.</summary>
    public sealed record StepIn(long Generation) : StreamEffect;

    /// <summary>End the worker of run <paramref name="Generation"/>; its end is reported as <see cref="StreamInput.WorkerExited"/>.</summary>
    public sealed record StopWorker(long Generation, StopCause Cause) : StreamEffect;
}

/// <summary>The answer of <see cref="StreamMachine.Decide"/>.</summary>
/// <param name="State">The state after the input; the same instance when nothing has changed.</param>
/// <param name="Outcome">What the input did.</param>
/// <param name="Effect">What to do after saving, to the worker that is wanted.</param>
public sealed record StreamDecision(StreamState State, EventOutcome Outcome, StreamEffect? Effect = null)
{
    /// <summary>A run of a planned change that is not wanted any more, to be ended after saving; null for none.</summary>
    public LeavingRun? Leaving { get; init; }

    /// <summary>A run with a path of its own that is not wanted any more, to be ended after saving, and kept from stepping in; null for none.</summary>
    public LeavingRun? LeavingAside { get; init; }

    /// <summary>The input was known already.</summary>
    internal static StreamDecision Duplicate(StreamState state) => new(state, EventOutcome.Duplicate);

    /// <summary>The input is about something that is over.</summary>
    internal static StreamDecision Stale(StreamState state) => new(state, EventOutcome.Stale);

    /// <summary>The input has changed the stream.</summary>
    internal static StreamDecision Applied(StreamState state, StreamEffect? effect = null) => new(state, EventOutcome.Applied, effect);
}

/// <summary>A run of a planned change that is to end: the former one once the next has taken over, or the next one when it is not wanted.</summary>
/// <param name="Generation">Its number.</param>
/// <param name="Host">Its host.</param>
/// <param name="Cause">Why.</param>
public sealed record LeavingRun(long Generation, string? Host, StopCause Cause)
{
    /// <summary>The run, and where it is.</summary>
    internal PlacedRun Placed => new(Host, Generation);
}
