using System.Collections.Immutable;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>
/// Decides what a stream does about what happens to it. Pure: no clock, no randomness, no I/O. The grain saves the state it
/// returns, and only then carries out the effect.
/// </summary>
/// <remarks>
/// The invariants that the property tests hold it to: a new generation starts only when the former one is known to be gone;
/// <see cref="StreamPhase.Starting"/> and <see cref="StreamPhase.Running"/> only while a worker is wanted; every change of phase
/// stands in <see cref="StreamTransitions"/>.
/// </remarks>
public sealed partial class StreamMachine(RetryPolicy retry)
{
    /// <summary>Decides about one input.</summary>
    /// <param name="state">The stream's saved state.</param>
    /// <param name="input">What happened.</param>
    /// <param name="now">The time by the grain's clock.</param>
    /// <exception cref="InvalidOperationException">The decision would be an illegal transition: a bug in this class.</exception>
    public StreamDecision Decide(StreamState state, StreamInput input, DateTimeOffset now) => input switch
    {
        StreamInput.SourceChanged changed => DecideEvent(state, changed.Event, now),
        StreamInput.Observed observed => DecideObserved(state, observed, now),
        StreamInput.WorkerStarted started => DecideStarted(state, started),
        StreamInput.WorkerProgressed progressed => DecideProgressed(state, progressed, now),
        StreamInput.WorkerSteady steady => DecideSteady(state, steady),
        StreamInput.WorkerStalled stalled => DecideStalled(state, stalled, now),
        StreamInput.WorkerExited exited => DecideExited(state, exited, now),
        StreamInput.RetryDue due => DecideRetryDue(state, due, now),
        StreamInput.WorkerLost => DecideLost(state, now),
        StreamInput.Commanded { Command: StreamCommand.Stop } => DecideStop(state, now),
        StreamInput.Commanded { Command: StreamCommand.Resume } => DecideResume(state, now),
        StreamInput.Commanded { Command: StreamCommand.Restart } => DecideRestart(state, now),
        StreamInput.ProfileChosen chosen => DecideProfile(state, chosen.Profile, now),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input, "An input that the machine does not know."),
    };

    private static StreamDecision Duplicate(StreamState state) => new(state, EventOutcome.Duplicate);

    private static StreamDecision Stale(StreamState state) => new(state, EventOutcome.Stale);

    private static StreamDecision Applied(StreamState state, StreamEffect? effect = null) => new(state, EventOutcome.Applied, effect);

    /// <summary>The only way into a phase: checks the table, and clears what belongs to the phase left.</summary>
    private static StreamState Enter(StreamState state, StreamPhase phase, DateTimeOffset now)
    {
        if (!StreamTransitions.IsLegal(state.Phase, phase))
        {
            throw new InvalidOperationException($"A stream cannot go from {state.Phase} to {phase}.");
        }

        return state with
        {
            Phase = phase,
            Since = now,
            RetryAt = null,
            StopCause = null,
            Recovering = false,
            DownSince = phase switch
            {
                StreamPhase.Failed => state.DownSince ?? now,
                StreamPhase.Running or StreamPhase.Offline => null,
                _ => state.DownSince,
            },
        };
    }

    /// <summary>Starts the next run. The former one is gone, and its output with it.</summary>
    private static StreamDecision Start(StreamState state, DateTimeOffset now, bool ifInputIsLive = false)
    {
        StreamState left = state.Output is { } former && state.Generation > 0 ? MarkEnded(state, former) with { Output = null, OutputLearnedAt = now } : state;
        StreamState next = Enter(left, StreamPhase.Starting, now) with { Generation = state.Generation + 1, Worker = null, IsSteady = false, DampedSince = null };
        return Applied(next, new StreamEffect.StartWorker(next.Generation, ifInputIsLive));
    }

    private static StreamDecision Stop(StreamState state, StopCause cause, DateTimeOffset now)
    {
        StreamState next = Enter(state, StreamPhase.Stopping, now) with { StopCause = cause };
        return Applied(next, new StreamEffect.StopWorker(next.Generation, cause));
    }

    /// <summary>After the order may have changed: brings the phase in line with it.</summary>
    private static StreamDecision Follow(StreamState state, StopCause cause, DateTimeOffset now)
    {
        bool wanted = state.Order == StreamOrder.Run;
        return state.Phase switch
        {
            StreamPhase.Starting or StreamPhase.Running => Stop(state, cause, now),
            StreamPhase.Stopping => Applied(state with { StopCause = cause }),
            StreamPhase.Offline when !wanted => Applied(state),
            _ when wanted => StartOrDamp(state, now),
            _ => Applied(Enter(state, StreamPhase.Offline, now)),
        };
    }

    private static StreamState Touch(StreamState state, DateTimeOffset now) => state.Exists ? state : state with { Since = now };

    private static ImmutableArray<T> Append<T>(ImmutableArray<T> items, T item, int max)
    {
        ImmutableArray<T> kept = items.Length < max ? items : items.RemoveRange(0, items.Length - max + 1);
        return kept.Add(item);
    }
}
