using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Decides about what operators order. Pure.</summary>
internal static class OperatorDecisions
{
    /// <summary>Why an order cannot be obeyed; null when it can.</summary>
    public static string? FindObjection(StreamState state, StreamCommand command) => command switch
    {
        StreamCommand.Resume when !state.Held => "The stream is not stopped.",
        StreamCommand.Restart when state.Input is null => "Nobody publishes the stream's input: there is nothing to work on.",
        _ => null,
    };

    public static StreamDecision DecideStop(StreamState state, DateTimeOffset now)
    {
        if (state.Held)
        {
            return StreamDecision.Duplicate(state);
        }

        StreamState held = state.Begin(now) with { Held = true, Retries = 0 };
        return OrderDecisions.Follow(held, StopCause.Operator, now);
    }

    public static StreamDecision DecideResume(StreamState state, DateTimeOffset now)
    {
        if (!state.Held)
        {
            return StreamDecision.Duplicate(state);
        }

        StreamState free = state with { Held = false };
        return free.Phase == StreamPhase.Offline && free.Order == StreamOrder.Run ? PhaseChanges.Start(free, now) : StreamDecision.Applied(free);
    }

    public static StreamDecision DecideRestart(StreamState state, DateTimeOffset now)
    {
        StreamState free = state with { Held = false, Retries = 0 };
        return free.Input is null ? StreamDecision.Duplicate(state) : OrderDecisions.Follow(free, StopCause.Operator, now);
    }

    public static StreamDecision DecideProfile(StreamState state, string? profile, DateTimeOffset now)
    {
        if (state.Profile == profile)
        {
            return StreamDecision.Duplicate(state);
        }

        StreamState chosen = state.Begin(now) with { Profile = profile, Retries = 0 };
        return chosen.Order == StreamOrder.Run ? OrderDecisions.Follow(chosen, StopCause.Operator, now) : StreamDecision.Applied(chosen);
    }
}
