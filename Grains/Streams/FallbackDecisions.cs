using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Decides about the fallback programme: what the audience gets while the worker of the chosen profile is down. Pure.</summary>
internal sealed class FallbackDecisions(FallbackOptions options)
{
    /// <summary>Starts the fallback at once, instead of waiting for the next try of the chosen profile.</summary>
    /// <param name="state">The state; the failed run is gone.</param>
    /// <param name="profile">The fallback's profile.</param>
    /// <param name="hope">Whether trying the chosen profile again can help.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public StreamDecision Begin(StreamState state, string profile, RetryHope hope, DateTimeOffset now)
    {
        DateTimeOffset? returnAt = hope switch
        {
            RetryHope.None => null,
            RetryHope.AfterRepair => now + options.LongestPause,
            _ => now + PauseAfter(state.FallbackTries),
        };
        return PhaseChanges.Start(state with { Fallback = new FallbackRun(profile, now, returnAt) }, now, ifInputIsLive: true);
    }

    /// <summary>It is time to try the chosen profile again.</summary>
    public StreamDecision DecideReturnDue(StreamState state, StreamInput.ReturnDue due, DateTimeOffset now)
    {
        if (state is not { Fallback: { ReturnAt: { } at } fallback, Phase: StreamPhase.Running, Next: null } || due.Generation != state.Generation)
        {
            return StreamDecision.Stale(state);
        }

        if (now < at && now >= fallback.Since)
        {
            return StreamDecision.Duplicate(state);
        }

        int tries = state.FallbackTries + 1;
        bool provesItself = options.ProveFor > TimeSpan.Zero && !fallback.IsReturnDirect && state.Continuity is { State: ContinuityState.Kept };
        TimeSpan? proveFor = provesItself ? options.ProveFor : null;
        StreamState tried = state with { FallbackTries = tries, Fallback = fallback with { ReturnAt = now + PauseAfter(tries) } }; // From the end of this one, if it is given up: see Pause.
        return due.MayOverlap
            ? PlannedChanges.Begin(tried, ChangeCause.Return, tried.Profile, now, proveFor)
            : PhaseChanges.Stop(tried with { Fallback = null }, StopCause.Replaced, now);
    }

    /// <summary>A try that was given up is followed by the pause from then on, not from its beginning.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="before">The state before.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public StreamDecision Pause(StreamDecision decision, StreamState before, DateTimeOffset now) =>
        before.Next is { Cause: ChangeCause.Return } && decision.State is { Next: null, Phase: StreamPhase.Running, Fallback: { ReturnAt: not null } fallback } state
            ? decision with { State = state with { Fallback = fallback with { ReturnAt = now + PauseAfter(state.FallbackTries) } } }
            : decision;

    /// <summary>The chosen profile is what counts again: its run is the present one, or somebody wants it to be tried.</summary>
    public static StreamState Leave(StreamState state) => state with { Fallback = null };

    /// <summary>As <see cref="Leave"/>, and as if it had never failed.</summary>
    public static StreamState Forget(StreamState state) => state with { Fallback = null, FallbackTries = 0 };

    private TimeSpan PauseAfter(int tries) => options.FirstPause * Math.Pow(2, Math.Min(tries, 20)) is var pause && pause < options.LongestPause ? pause : options.LongestPause;
}
