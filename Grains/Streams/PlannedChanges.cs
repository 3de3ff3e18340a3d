using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// Make before break: the next run starts beside a running one and takes its output over; then the former one ends. Should the next one not come
/// up, the former stays. Pure.
/// </summary>
internal static class PlannedChanges
{
    /// <summary>How long the next run has until its output arrives.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Begins a change of a running stream. One that is under way is given up for it.</summary>
    /// <param name="state">The state, with the profile of the next run.</param>
    /// <param name="cause">Why.</param>
    /// <param name="formerProfile">The profile that is chosen for the present run.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public static StreamDecision Begin(StreamState state, ChangeCause cause, string? formerProfile, DateTimeOffset now)
    {
        PlannedRun next = new(state.NextGeneration, cause, now)
        {
            FormerOutput = state.Output?.Id,
            FormerProfile = state.Next is { } underWay ? underWay.FormerProfile : formerProfile,
        };
        StreamState begun = state with { Next = next, HighestPlanned = next.Generation, ChangeProblem = null };
        return StreamDecision.Applied(begun, new StreamEffect.StartWorker(next.Generation) { Beside = state.Generation }) with { Leaving = LeavingOf(state.Next) };
    }

    /// <summary>The output of the next run arrives: it is the present one from now on, and the former ends.</summary>
    public static StreamDecision Complete(StreamState state, DateTimeOffset now) =>
        StreamDecision.Applied(PhaseChanges.Enter(TakeOver(state, now), StreamPhase.Running, now)) with { Leaving = new LeavingRun(state.Generation, state.Host, StopCause.Replaced) };

    /// <summary>The former run has ended, or has to, before the output of the next one arrived: the next one is the present one all the same.</summary>
    /// <param name="state">The state.</param>
    /// <param name="former">Why the former has to be told to end; null when it has ended.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public static StreamDecision Advance(StreamState state, StopCause? former, DateTimeOffset now) =>
        StreamDecision.Applied(PhaseChanges.Enter(TakeOver(state, now), StreamPhase.Starting, now)) with { Leaving = former is { } cause ? new LeavingRun(state.Generation, state.Host, cause) : null };

    /// <summary>The next run did not come up: the present one stays.</summary>
    /// <param name="state">The state.</param>
    /// <param name="why">Why it did not.</param>
    /// <param name="hasEnded">Whether its process is known to be gone.</param>
    public static StreamDecision GiveUp(StreamState state, string why, bool hasEnded) => StreamDecision.Applied(state with
    {
        Next = null,
        Profile = state.Next!.FormerProfile,
        ChangeProblem = $"{Name(state.Next.Cause)} was given up, and the former worker stays: {why}",
    }) with
    { Leaving = hasEnded ? null : LeavingOf(state.Next) };

    /// <summary>Whatever ended the present run has also ended the change: its next run is not wanted any more.</summary>
    public static StreamDecision Cancel(StreamDecision decision) =>
        decision.State is { Next: { } next, Phase: not StreamPhase.Running }
            ? decision with { State = decision.State with { Next = null }, Leaving = LeavingOf(next) }
            : decision;

    private static StreamState TakeOver(StreamState state, DateTimeOffset now)
    {
        PlannedRun next = state.Next!;
        StreamState left = state.Output is { } output && output.Id == next.FormerOutput ? EndedSources.Add(state, output) with { Output = null, OutputLearnedAt = now } : state;
        return left with { Generation = next.Generation, Host = next.Host, Worker = next.Worker, Continuity = next.Worker?.Continuity ?? left.Continuity, IsSteady = false, HasSteppedIn = false, Next = null, Fallback = next.Cause == ChangeCause.Drain ? left.Fallback : null };
    }

    private static LeavingRun? LeavingOf(PlannedRun? next) => next is null ? null : new LeavingRun(next.Generation, next.Host, StopCause.Replaced);

    private static string Name(ChangeCause cause) => cause switch
    {
        ChangeCause.Restart => "The restart",
        ChangeCause.Profile => "The change of profile",
        ChangeCause.Return => "The return from the fallback",
        _ => "The move to another silo",
    };
}
