using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>What an operator orders.</summary>
public sealed partial class StreamMachine
{
    private static StreamDecision DecideStop(StreamState state, DateTimeOffset now)
    {
        if (state.Held)
        {
            return Duplicate(state);
        }

        StreamState held = Touch(state, now) with { Held = true, Retries = 0 };
        return Follow(held, StopCause.Operator, now);
    }

    private static StreamDecision DecideResume(StreamState state, DateTimeOffset now)
    {
        if (!state.Held)
        {
            return Duplicate(state);
        }

        StreamState free = state with { Held = false };
        return free.Phase == StreamPhase.Offline && free.Order == StreamOrder.Run ? Start(free, now) : Applied(free);
    }

    private static StreamDecision DecideRestart(StreamState state, DateTimeOffset now)
    {
        StreamState free = state with { Held = false, Retries = 0 };
        return free.Input is null ? Duplicate(state) : Follow(free, StopCause.Operator, now);
    }

    private static StreamDecision DecideProfile(StreamState state, string? profile, DateTimeOffset now)
    {
        if (state.Profile == profile)
        {
            return Duplicate(state);
        }

        StreamState chosen = Touch(state, now) with { Profile = profile, Retries = 0 };
        return chosen.Order == StreamOrder.Run ? Follow(chosen, StopCause.Operator, now) : Applied(chosen);
    }
}
