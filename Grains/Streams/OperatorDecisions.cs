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

    public static StreamDecision DecideRestart(StreamState state, bool mayOverlap, DateTimeOffset now)
    {
        StreamState free = state with { Held = false, Retries = 0 };
        if (free.Input is null)
        {
            return StreamDecision.Duplicate(state);
        }

        return mayOverlap && free.Phase == StreamPhase.Running
            ? PlannedChanges.Begin(free, ChangeCause.Restart, free.Profile, now)
            : OrderDecisions.Follow(FallbackDecisions.Forget(free), StopCause.Operator, now);
    }

    public static StreamDecision DecideProfile(StreamState state, StreamInput.ProfileChosen input, DateTimeOffset now)
    {
        if (state.Profile == input.Profile)
        {
            return StreamDecision.Duplicate(state);
        }

        StreamState chosen = state.Begin(now) with { Profile = input.Profile, Retries = 0 };
        if (chosen.Order == StreamOrder.Stop)
        {
            return StreamDecision.Applied(chosen);
        }

        return input.MayOverlap && chosen.Phase == StreamPhase.Running
            ? PlannedChanges.Begin(chosen, ChangeCause.Profile, state.Profile, now)
            : OrderDecisions.Follow(FallbackDecisions.Forget(chosen), StopCause.Operator, now);
    }

    /// <summary>The standby itself starts or ends when the stream is next looked at.</summary>
    public static StreamDecision DecideStandby(StreamState state, StreamInput.StandbyChosen input, DateTimeOffset now) =>
        state.StandbyChoice == input.Mode ? StreamDecision.Duplicate(state) : StreamDecision.Applied(state.Begin(now) with { StandbyChoice = input.Mode });
}
