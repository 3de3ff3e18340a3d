using System.Collections.Immutable;

namespace Streams.Grains.Streams;

/// <summary>
/// Decides what a stream does about what happens to it. Pure: no clock, no randomness, no I/O. The grain saves the state it
/// returns, and only then carries out the effect.
/// </summary>
/// <remarks>
/// The invariants that the property tests hold it to: a new generation starts only when the former one is known to be gone, unless it is planned to
/// take over from a running one (a planned one at once, a standby when that is gone), of each of which there is never more than one;
/// <see cref="StreamPhase.Starting"/> and <see cref="StreamPhase.Running"/> only while a worker is wanted; every change of phase
/// stands in <see cref="StreamTransitions"/>.
/// </remarks>
public sealed class StreamMachine
{
    private readonly WorkerDecisions _worker;
    private readonly StandbyDecisions _standby;
    private readonly FallbackDecisions _fallback;

    public StreamMachine(RetryPolicy retry, FallbackOptions fallback)
    {
        (_standby, _fallback) = (new StandbyDecisions(retry), new FallbackDecisions(fallback));
        _worker = new WorkerDecisions(retry, _standby, _fallback);
    }

    /// <summary>For how long the output of a stream that went offline is kept; zero for not at all.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>Decides about one input.</summary>
    /// <param name="state">The stream's saved state.</param>
    /// <param name="input">What happened.</param>
    /// <param name="now">The time by the grain's clock.</param>
    /// <exception cref="InvalidOperationException">The decision would be an illegal transition: a bug in this class.</exception>
    public StreamDecision Decide(StreamState state, StreamInput input, DateTimeOffset now) =>
        AudienceDecisions.Follow(_fallback.Pause(StandbyDecisions.Cancel(PlannedChanges.Cancel(DecideAlone(state, input, now))), state, now), input, now, KeepFor);

    /// <summary>The decision without what follows from it for a planned change, a standby, and what the audience gets.</summary>
    private StreamDecision DecideAlone(StreamState state, StreamInput input, DateTimeOffset now) => input switch
    {
        StreamInput.SourceChanged changed => SourceDecisions.DecideEvent(state, changed.Event, now),
        StreamInput.Observed observed => SourceDecisions.DecideObserved(state, observed, now),
        StreamInput.WorkerStarted started => WorkerDecisions.DecideStarted(state, started),
        StreamInput.ChangeDue due => WorkerDecisions.DecideChangeDue(state, due, now),
        StreamInput.OutputInterrupted interrupted => AudienceDecisions.DecideInterrupted(state, interrupted),
        StreamInput.OutputResumed resumed => AudienceDecisions.DecideResumed(state, resumed, now),
        StreamInput.ReturnDue due => _fallback.DecideReturnDue(state, due, now),
        StreamInput.MoveRequested move => WorkerDecisions.DecideMove(state, move, now),
        StreamInput.PlannedRunLost lost => WorkerDecisions.DecidePlannedLost(state, lost),
        StreamInput.StandbyDue due => StandbyDecisions.DecideDue(state, due, now),
        StreamInput.SteppedIn stepped => StandbyDecisions.DecideSteppedIn(state, stepped, now),
        StreamInput.StandbyLost lost => _standby.DecideLost(state, lost, now),
        StreamInput.WorkerProgressed progressed => WorkerDecisions.DecideProgressed(state, progressed, now),
        StreamInput.WorkerSteady steady => WorkerDecisions.DecideSteady(state, steady),
        StreamInput.WorkerStalled stalled => _worker.DecideStalled(state, stalled, now),
        StreamInput.WorkerExited exited => _worker.DecideExited(state, exited, now),
        StreamInput.RetryDue due => WorkerDecisions.DecideRetryDue(state, due, now),
        StreamInput.WorkerLost lost => _worker.DecideLost(EndedSources.EndOutput(state, lost, now), now),
        StreamInput.Commanded { Command: StreamCommand.Stop } => OperatorDecisions.DecideStop(state, now),
        StreamInput.Commanded { Command: StreamCommand.Resume } => OperatorDecisions.DecideResume(state, now),
        StreamInput.Commanded { Command: StreamCommand.Restart } restart => OperatorDecisions.DecideRestart(state, restart.MayOverlap, now),
        StreamInput.ProfileChosen chosen => OperatorDecisions.DecideProfile(state, chosen, now),
        StreamInput.StandbyChosen chosen => OperatorDecisions.DecideStandby(state, chosen, now),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the machine does not know."),
    };

    /// <summary>
    /// The state by a clock that was set, so that what has waited, and what still waits, does so for as long as before: what is saved has times of
    /// day, so that it holds over a restart.
    /// </summary>
    /// <param name="state">The state by the clock as it was.</param>
    /// <param name="jump">By how much it was set.</param>
    public static StreamState MoveClock(StreamState state, TimeSpan jump) => state with
    {
        Since = state.Since + jump,
        DownSince = state.DownSince + jump,
        RetryAt = state.RetryAt + jump,
        DampedSince = state.DampedSince + jump,
        SilentSince = state.SilentSince + jump,
        Day = [.. state.Day.Select(span => span with { Since = span.Since + jump })],
        Audience = state.Audience is { } audience ? audience with { Since = audience.Since + jump, AwaySince = audience.AwaySince + jump } : null,
        Fallback = state.Fallback is { } fallback ? fallback with { Since = fallback.Since + jump, ReturnAt = fallback.ReturnAt + jump } : null,
        Next = state.Next is { } next ? next with { Since = next.Since + jump, ArrivedAt = next.ArrivedAt + jump, OrderedAt = next.OrderedAt + jump } : null,
        Standby = state.Standby is { } standby ? standby with { Since = standby.Since + jump } : null,
        StandbyTries = state.StandbyTries is { } tries ? tries with { RetryAt = tries.RetryAt + jump } : null,
        Takeovers = [.. state.Takeovers.Select(taken => taken with { At = taken.At + jump })],
    };
}
