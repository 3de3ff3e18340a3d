using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Brings the phase in line with the order: whether a worker should run. Pure.</summary>
internal static class OrderDecisions
{
    /// <summary>After the order may have changed: brings the phase in line with it.</summary>
    public static StreamDecision Follow(StreamState state, StopCause cause, DateTimeOffset now)
    {
        bool wanted = state.Order == StreamOrder.Run;
        return state.Phase switch
        {
            StreamPhase.Starting or StreamPhase.Running => PhaseChanges.Stop(state, cause, now),
            StreamPhase.Stopping => StreamDecision.Applied(state with { StopCause = cause }),
            StreamPhase.Offline when !wanted => StreamDecision.Applied(state),
            _ when wanted => Contests.StartOrDamp(state, now),
            _ => StreamDecision.Applied(PhaseChanges.Enter(state, StreamPhase.Offline, now)),
        };
    }
}
