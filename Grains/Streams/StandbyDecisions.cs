using System.Collections.Immutable;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// Decides about the standby: a second run that waits on another host while the present one works. It is there for a running stream only, never beside a planned
/// change, and its number is higher than the present one's. Pure.
/// </summary>
internal sealed class StandbyDecisions(RetryPolicy retry)
{
    /// <summary>How long the next try waits when nothing else says it.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    /// <summary>Starts a standby, if one is wanted and there is a host for it; or says why there is none.</summary>
    public static StreamDecision DecideDue(StreamState state, StreamInput.StandbyDue due, DateTimeOffset now)
    {
        if (!due.IsWanted)
        {
            return state is { Standby: null, StandbyTries: null } ? StreamDecision.Duplicate(state) : Drop(state with { StandbyTries = null }, hasEnded: false);
        }

        if (state is not { Phase: StreamPhase.Running, Next: null, Standby: null })
        {
            return StreamDecision.Stale(state);
        }

        if (due.Host is null)
        {
            return state.StandbyTries?.Problem == due.Problem ? StreamDecision.Duplicate(state) : StreamDecision.Applied(state with { StandbyTries = (state.StandbyTries ?? new(null)) with { Problem = due.Problem } });
        }

        if (!IsDue(state, now))
        {
            return StreamDecision.Duplicate(state);
        }

        StandbyRun standby = new(state.NextGeneration, due.Host, now);
        return StreamDecision.Applied(
            state with { Standby = standby, HighestPlanned = standby.Generation, StandbyTries = state.StandbyTries is { Failures: > 0 } tries ? tries with { RetryAt = null } : null },
            new StreamEffect.StartStandby(standby.Generation));
    }

    /// <summary>Whether the pause since the last failure is over. A clock that was set back ends it too.</summary>
    public static bool IsDue(StreamState state, DateTimeOffset now) => state.StandbyTries?.RetryAt is not { } at || now >= at || at > now + LongestDelay;

    public static StreamDecision DecideReady(StreamState state, DateTimeOffset now) => state.Standby is { IsReady: false } standby
        ? StreamDecision.Applied(state with { Standby = standby with { IsReady = true, Since = now } })
        : StreamDecision.Duplicate(state);

    public static StreamDecision DecideSteady(StreamState state) => state.Standby is { IsSteady: false } standby
        ? StreamDecision.Applied(state with { Standby = standby with { IsSteady = true }, StandbyTries = null })
        : StreamDecision.Duplicate(state);

    public StreamDecision DecideLost(StreamState state, StreamInput.StandbyLost lost, DateTimeOffset now) => lost.Generation == state.Standby?.Generation
        ? Fail(state, "Its silo has ended, or could not run it.", hasEnded: true, now)
        : StreamDecision.Stale(state);

    /// <summary>The standby failed, which the present run does not notice.</summary>
    /// <param name="state">The state.</param>
    /// <param name="why">Why.</param>
    /// <param name="hasEnded">Whether its process is known to be gone.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public StreamDecision Fail(StreamState state, string why, bool hasEnded, DateTimeOffset now)
    {
        int failures = state.StandbyTries?.Failures ?? 0;
        TimeSpan delay = retry.DelayAfter(failures) ?? retry.FailedDelay ?? LongestDelay;
        return Drop(state with { StandbyTries = new(why) { Failures = failures + 1, RetryAt = now + (delay < LongestDelay ? delay : LongestDelay) } }, hasEnded);
    }

    /// <summary>The standby's silo is drained, or its slot is needed: it ends, and another is looked for at once.</summary>
    public static StreamDecision DecideMove(StreamState state) => Drop(state, hasEnded: false);

    /// <summary>
    /// The standby has taken the output over by itself, since its source was gone: it is the present run. One that is not the stream's any more is told so by
    /// the answer.
    /// </summary>
    public static StreamDecision DecideSteppedIn(StreamState state, StreamInput.SteppedIn stepped, DateTimeOffset now)
    {
        if (stepped.Generation == state.Standby?.Generation)
        {
            StreamDecision taken = TakeOver(Spend(state) with { LastReason = Describe(state, "The output had no source any more") }, StreamPhase.Running, StopCause.Replaced, now);
            return taken with { State = WithOutput(taken.State, stepped.Output, now), Effect = null };
        }

        if (stepped.Generation == state.Next?.Generation && state.Next.IsAside)
        {
            StreamDecision completed = PlannedChanges.Complete(state, now);
            return completed with { State = WithOutput(completed.State, stepped.Output, now) };
        }

        if (stepped.Generation != state.Generation || !state.HasSteppedIn || state.Phase is not (StreamPhase.Starting or StreamPhase.Running))
        {
            return StreamDecision.Stale(state);
        }

        return state.Phase == StreamPhase.Running
            ? StreamDecision.Duplicate(state)
            : StreamDecision.Applied(WithOutput(PhaseChanges.Enter(state, StreamPhase.Running, now), stepped.Output, now));
    }

    /// <summary>Whether the standby may take the place of a present run that has failed: it can, and the retries are not used up.</summary>
    public bool CanReplace(StreamState state) => state is { Phase: StreamPhase.Running, Standby.IsReady: true } && (state.IsSteady || retry.DelayAfter(state.Retries) is not null);

    /// <summary>The present run has failed: its standby takes its place instead of another run.</summary>
    /// <param name="state">The state, with the reason.</param>
    /// <param name="former">Why the present run has to be told to end; null when it has ended.</param>
    /// <param name="now">The time by the grain's clock.</param>
    public static StreamDecision Replace(StreamState state, StopCause? former, DateTimeOffset now) => TakeOver(Spend(state), StreamPhase.Starting, former, now);

    /// <summary>The silo of the present run is lost, which is no failure of the worker.</summary>
    public static StreamDecision ReplaceLost(StreamState state, DateTimeOffset now) =>
        TakeOver(state with { LastReason = Describe(state, "The silo that ran the worker has ended, or could not run it") }, StreamPhase.Starting, null, now);

    /// <summary>The one place in which a standby ends that has not stepped in: it is not wanted while the stream does not run, nor beside a planned change.</summary>
    public static StreamDecision Cancel(StreamDecision decision)
    {
        StreamState state = decision.State;
        bool isWelcome = state is { Phase: StreamPhase.Running, Next: null };
        if (isWelcome || state is { Standby: null, StandbyTries: null })
        {
            return decision;
        }

        StandbyTries? left = state.Phase == StreamPhase.Running ? state.StandbyTries : null;
        return decision with { State = state with { Standby = null, StandbyTries = left, EndedAside = state.Standby?.Generation ?? state.EndedAside }, LeavingAside = LeavingOf(state.Standby) ?? decision.LeavingAside };
    }

    /// <summary>The runs whose side paths may be at the media server, and which must not publish after the next run does.</summary>
    /// <param name="state">The state with the next run.</param>
    /// <param name="former">The state before, unless the next run takes the output over at once from its present one; null then.</param>
    public static ImmutableArray<long> FencesOf(StreamState state, StreamState? former) =>
        [.. new[] { state.EndedAside, former is { HasSteppedIn: true } ? former.Generation : 0 }.Where(static generation => generation > 0).Distinct()];

    private static StreamDecision Drop(StreamState state, bool hasEnded) => StreamDecision.Applied(state with { Standby = null, EndedAside = state.Standby?.Generation ?? state.EndedAside }) with
    {
        LeavingAside = hasEnded ? null : LeavingOf(state.Standby),
    };

    private static StreamDecision TakeOver(StreamState state, StreamPhase phase, StopCause? former, DateTimeOffset now)
    {
        StandbyRun standby = state.Standby!;
        StreamState left = state.Output is { } output ? EndedSources.Add(state, output) with { Output = null, OutputLearnedAt = now } : state;
        StreamState next = PhaseChanges.Enter(left, phase, now) with
        {
            Generation = standby.Generation,
            Host = standby.Host,
            Worker = standby.Worker,
            Continuity = standby.Worker?.Continuity ?? left.Continuity,
            IsSteady = standby.IsSteady,
            Retries = standby.IsSteady ? 0 : left.Retries,
            Standby = null,
            StandbyTries = null,
            HasSteppedIn = true,
            WasStandby = true,
            ChangeProblem = null,
        };
        return StreamDecision.Applied(next, new StreamEffect.StepIn(next.Generation)) with { Leaving = former is { } cause ? new LeavingRun(state.Generation, state.Host, cause) : null };
    }

    /// <summary>A present run that did not run steadily costs a retry, so that a worker that dies again and again ends as failed.</summary>
    private static StreamState Spend(StreamState state) => state with { Retries = state.IsSteady ? 0 : state.Retries + 1 };

    private static StreamState WithOutput(StreamState state, LiveSource? output, DateTimeOffset now) =>
        output is null ? state : EndedSources.Remove(state, output.Id) with { Output = output, OutputLearnedAt = now };

    private static string Describe(StreamState state, string what) => $"{what}: the standby stepped in, run {state.Standby!.Generation} in place of run {state.Generation}.";

    private static LeavingRun? LeavingOf(StandbyRun? standby) => standby is null ? null : new LeavingRun(standby.Generation, standby.Host, StopCause.Replaced);
}
