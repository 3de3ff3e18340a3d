using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// Make before break: the next run starts beside a running one and takes its output over; then the former one ends. Should the next one not come
/// up, the former stays. One that has to prove itself first publishes to a path of its own until then. Pure.
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
    /// <param name="provesFor">For how long it has to work before it is on the air; null for not at all.</param>
    public static StreamDecision Begin(StreamState state, ChangeCause cause, string? formerProfile, DateTimeOffset now, TimeSpan? provesFor = null)
    {
        PlannedRun next = new(state.NextGeneration, cause, now)
        {
            FormerOutput = state.Output?.Id,
            FormerProfile = state.Next is { } underWay ? underWay.FormerProfile : formerProfile,
            ProvesFor = provesFor,
        };
        StreamState begun = state with { Next = next, HighestPlanned = next.Generation, ChangeProblem = null };
        return Leave(StreamDecision.Applied(begun, new StreamEffect.StartWorker(next.Generation) { Beside = state.Generation }), state.Next, hasEnded: false);
    }

    /// <summary>A change for which nothing has to start: the standby takes the output over.</summary>
    public static StreamDecision BeginWithStandby(StreamState state, ChangeCause cause, DateTimeOffset now)
    {
        StandbyRun standby = state.Standby!;
        PlannedRun next = new(standby.Generation, cause, now)
        {
            Host = standby.Host,
            Worker = standby.Worker,
            FormerOutput = state.Output?.Id,
            FormerProfile = state.Profile,
            ProvesFor = TimeSpan.Zero,
            ArrivedAt = now,
            OrderedAt = now,
            IsSteady = standby.IsSteady,
        };
        return StreamDecision.Applied(state with { Next = next, Standby = null, StandbyTries = null, ChangeProblem = null }, new StreamEffect.StepIn(next.Generation));
    }

    /// <summary>The output of the next run arrives: where, depends on the run.</summary>
    public static StreamDecision DecideArrived(StreamState state, DateTimeOffset now) => state.Next switch
    {
        { IsAside: false } => Complete(state, now),
        { ArrivedAt: null } next => StreamDecision.Applied(state with { Next = next with { ArrivedAt = now } }),
        _ => StreamDecision.Duplicate(state),
    };

    /// <summary>The time for what the next run is at is over: it has proved itself, or did not come up.</summary>
    public static StreamDecision DecideDue(StreamState state, DateTimeOffset now)
    {
        PlannedRun next = state.Next!;
        if (now < next.DueAt && now >= next.Since)
        {
            return StreamDecision.Duplicate(state);
        }

        return next switch
        {
            { OrderedAt: not null } => GiveUp(state, $"it did not take the output over within {Limit.TotalSeconds:0} s.", hasEnded: false),
            { IsAside: true, ArrivedAt: not null } => StreamDecision.Applied(state with { Next = next with { OrderedAt = now } }, new StreamEffect.StepIn(next.Generation)),
            _ => GiveUp(state, $"nothing of the next one arrived within {Limit.TotalSeconds:0} s.", hasEnded: false),
        };
    }

    /// <summary>The next run publishes the output: it is the present one from now on, and the former ends.</summary>
    public static StreamDecision Complete(StreamState state, DateTimeOffset now) =>
        StreamDecision.Applied(PhaseChanges.Enter(TakeOver(state, now), StreamPhase.Running, now)) with { Leaving = new LeavingRun(state.Generation, state.Host, StopCause.Replaced) };

    /// <summary>The former run has ended, or has to, before the output of the next one arrived: the next one is the present one all the same.</summary>
    /// <param name="state">The state.</param>
    /// <param name="former">Why the former has to be told to end; null when it has ended.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public static StreamDecision Advance(StreamState state, StopCause? former, DateTimeOffset now) =>
        StreamDecision.Applied(PhaseChanges.Enter(TakeOver(state, now), StreamPhase.Starting, now), state.Next!.IsAside ? new StreamEffect.StepIn(state.Next.Generation) : null) with
        {
            Leaving = former is { } cause ? new LeavingRun(state.Generation, state.Host, cause) : null,
        };

    /// <summary>The next run did not come up: the present one stays.</summary>
    /// <param name="state">The state.</param>
    /// <param name="why">Why it did not.</param>
    /// <param name="hasEnded">Whether its process is known to be gone.</param>
    public static StreamDecision GiveUp(StreamState state, string why, bool hasEnded)
    {
        PlannedRun next = state.Next!;
        StreamState left = state with
        {
            Next = null,
            Profile = next.FormerProfile,
            Fallback = next is { Cause: ChangeCause.Return, IsAside: true, Worker: null } && hasEnded ? state.Fallback! with { IsReturnDirect = true } : state.Fallback,
            ChangeProblem = $"{Name(next.Cause)} was given up, and the former worker stays: {why}",
        };
        return Leave(StreamDecision.Applied(left), next, hasEnded);
    }

    /// <summary>Whatever ended the present run has also ended the change: its next run is not wanted any more.</summary>
    public static StreamDecision Cancel(StreamDecision decision) =>
        decision.State is { Next: { } next, Phase: not StreamPhase.Running }
            ? Leave(decision with { State = decision.State with { Next = null } }, next, hasEnded: false)
            : decision;

    /// <summary>A next run is not wanted any more. One with a path of its own loses that first, so that it does not step in.</summary>
    private static StreamDecision Leave(StreamDecision decision, PlannedRun? next, bool hasEnded)
    {
        LeavingRun? leaving = next is null || hasEnded ? null : new LeavingRun(next.Generation, next.Host, StopCause.Replaced);
        return next is not { IsAside: true }
            ? leaving is null ? decision : decision with { Leaving = leaving }
            : decision with { State = decision.State with { EndedAside = next.Generation }, LeavingAside = leaving };
    }

    private static StreamState TakeOver(StreamState state, DateTimeOffset now)
    {
        PlannedRun next = state.Next!;
        StreamState left = state.Output is { } output && output.Id == next.FormerOutput ? EndedSources.Add(state, output) with { Output = null, OutputLearnedAt = now } : state;
        return left with
        {
            Generation = next.Generation,
            Host = next.Host,
            Worker = next.Worker,
            Continuity = next.Worker?.Continuity ?? left.Continuity,
            IsSteady = next.IsSteady,
            Retries = next.IsSteady ? 0 : left.Retries,
            HasSteppedIn = next.IsAside,
            WasStandby = false,
            Next = null,
            Fallback = next.Cause == ChangeCause.Drain ? left.Fallback : null,
        };
    }

    private static string Name(ChangeCause cause) => cause switch
    {
        ChangeCause.Restart => "The restart",
        ChangeCause.Profile => "The change of profile",
        ChangeCause.Return => "The return from the fallback",
        _ => "The move to another silo",
    };
}
