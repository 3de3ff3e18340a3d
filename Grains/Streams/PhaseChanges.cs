using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>How a stream gets from one phase into another, and what that does to its worker. Pure.</summary>
internal static class PhaseChanges
{
    /// <summary>A publisher that comes back later than this begins another broadcast.</summary>
    private static readonly TimeSpan BroadcastEnds = TimeSpan.FromMinutes(1);

    /// <summary>The only way into a phase: checks the table, and clears what belongs to the phase left.</summary>
    public static StreamState Enter(StreamState state, StreamPhase phase, DateTimeOffset now)
    {
        if (!StreamTransitions.IsLegal(state.Phase, phase))
        {
            throw new InvalidOperationException($"A stream cannot go from {state.Phase} to {phase}.");
        }

        StreamState left = phase == StreamPhase.Offline ? FallbackDecisions.Forget(state) : state;
        return left with
        {
            Phase = phase,
            Since = now,
            RetryAt = null,
            StopCause = null,
            Recovering = false,
            SilentSince = null,
            Audience = phase == StreamPhase.Running ? left.Audience ?? new StreamAudience(now) : left.Audience,
            DownSince = phase switch
            {
                StreamPhase.Failed => state.DownSince ?? now,
                StreamPhase.Running or StreamPhase.Offline => null,
                _ => state.DownSince,
            },
        };
    }

    /// <summary>Starts the next run. The former one is gone, and its output with it.</summary>
    public static StreamDecision Start(StreamState state, DateTimeOffset now, bool ifInputIsLive = false)
    {
        if (state.Phase == StreamPhase.Offline && now > state.Since + BroadcastEnds)
        {
            state = state with { Audience = null };
        }

        StreamState left = state.Output is { } former && state.Generation > 0 ? EndedSources.Add(state, former) with { Output = null, OutputLearnedAt = now } : state;
        StreamState next = Enter(left, StreamPhase.Starting, now) with { Generation = state.NextGeneration, ChangeProblem = null, Worker = null, IsSteady = false, DampedSince = null, HasSteppedIn = false, WasStandby = false };
        return StreamDecision.Applied(next, new StreamEffect.StartWorker(next.Generation, ifInputIsLive));
    }

    public static StreamDecision Stop(StreamState state, StopCause cause, DateTimeOffset now)
    {
        StreamState next = Enter(state, StreamPhase.Stopping, now) with { StopCause = cause };
        return StreamDecision.Applied(next, new StreamEffect.StopWorker(next.Generation, cause));
    }
}
