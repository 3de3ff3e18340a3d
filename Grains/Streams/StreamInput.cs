using System.Collections.Immutable;
using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Everything that can happen to a stream.</summary>
public abstract record StreamInput
{
    private StreamInput()
    {
    }

    /// <summary>A hook told a transition of a path.</summary>
    public sealed record SourceChanged(SourceEvent Event) : StreamInput;

    /// <summary>The Control API was asked at <paramref name="AskedAt"/>, and this is what it showed of the stream's paths.</summary>
    public sealed record Observed(LiveSource? Input, LiveSource? Output, DateTimeOffset AskedAt) : StreamInput
    {
        /// <summary>The media server that showed it; null where there is only one.</summary>
        public string? Node { get; init; }

        /// <summary>Whether it was asked after all that hooks have said; null when only the clocks can tell.</summary>
        public bool? IsNews { get; init; }
    }

    /// <summary>The run's process exists.</summary>
    public sealed record WorkerStarted(long Generation, WorkerProcessInfo Process) : StreamInput;

    /// <summary>The run's output arrives.</summary>
    public sealed record WorkerProgressed(long Generation) : StreamInput;

    /// <summary>The run has progressed long enough for its retry budget to be whole again.</summary>
    public sealed record WorkerSteady(long Generation) : StreamInput;

    /// <summary>The run makes no progress although its input delivers.</summary>
    public sealed record WorkerStalled(long Generation, string Reason) : StreamInput;

    /// <summary>The run's process group is verified gone, or never came to be.</summary>
    /// <param name="Generation">The run.</param>
    /// <param name="Reason">Why, in words for an operator.</param>
    /// <param name="Hope">Whether, and when, trying again can help.</param>
    /// <param name="Log">Its last lines.</param>
    public sealed record WorkerExited(long Generation, string Reason, RetryHope Hope, ImmutableArray<string> Log) : StreamInput
    {
        /// <summary>What it failed at; null when it did not fail.</summary>
        public WorkerFault? Fault { get; init; }

        /// <summary>The profile that the audience gets while the stream's chosen one is down; null for none.</summary>
        public string? Fallback { get; init; }
    }

    /// <summary>It is time for the next try after the run that ended.</summary>
    public sealed record RetryDue(long Generation) : StreamInput;

    /// <summary>Nothing arrives of the output any more, by what the media server counts.</summary>
    /// <param name="Since">When something last arrived.</param>
    public sealed record OutputInterrupted(DateTimeOffset Since) : StreamInput;

    /// <summary>The output arrives again after an interruption.</summary>
    /// <param name="After">How long it was away.</param>
    public sealed record OutputResumed(TimeSpan After) : StreamInput
    {
        /// <summary>When it arrived again, if the stream learns of all of it only now; null for now.</summary>
        public DateTimeOffset? At { get; init; }
    }

    /// <summary>The time is over that the next run of a planned change had to come up.</summary>
    public sealed record ChangeDue(long Generation) : StreamInput;

    /// <summary>It is time to try the chosen profile again, from its fallback.</summary>
    /// <param name="Generation">The run of the fallback.</param>
    /// <param name="MayOverlap">Whether the next run may start beside it.</param>
    public sealed record ReturnDue(long Generation, bool MayOverlap) : StreamInput;

    /// <summary>The silo of the run is drained, or has no slot for it: the next run is to be on another.</summary>
    /// <param name="Generation">The run.</param>
    /// <param name="MayOverlap">Whether the next run may start beside it.</param>
    /// <param name="Waits">Whether the run still waits for a slot.</param>
    public sealed record MoveRequested(long Generation, bool MayOverlap, bool Waits = false) : StreamInput;

    /// <summary>The host of a planned run does not have it, or its silo has ended.</summary>
    public sealed record PlannedRunLost(long Generation) : StreamInput;

    /// <summary>It was looked for a standby.</summary>
    /// <param name="IsWanted">Whether the profile asks for one.</param>
    /// <param name="Host">Where it can run; null for nowhere.</param>
    /// <param name="Problem">Why it cannot; null when it can.</param>
    public sealed record StandbyDue(bool IsWanted, string? Host = null, string? Problem = null) : StreamInput;

    /// <summary>A run has taken the output over from its own path: a standby, or a planned one that has proved itself.</summary>
    /// <param name="Generation">Its run.</param>
    /// <param name="Output">What publishes the output since.</param>
    public sealed record SteppedIn(long Generation, LiveSource? Output) : StreamInput;

    /// <summary>The host of the standby does not have it, or its silo has ended.</summary>
    public sealed record StandbyLost(long Generation) : StreamInput;

    /// <summary>The run that the state speaks of is gone, without a report of its end.</summary>
    /// <param name="LastAt">When its silo was last there; null when that is not known.</param>
    public sealed record WorkerLost(DateTimeOffset? LastAt = null) : StreamInput;

    /// <summary>An operator orders something.</summary>
    /// <param name="Command">The order.</param>
    /// <param name="MayOverlap">Whether a next run may start beside the present one.</param>
    public sealed record Commanded(StreamCommand Command, bool MayOverlap = false) : StreamInput;

    /// <summary>An operator chose the worker's profile; null for the default.</summary>
    /// <param name="Profile">Its name.</param>
    /// <param name="MayOverlap">Whether a run of it may start beside the present one.</param>
    public sealed record ProfileChosen(string? Profile, bool MayOverlap = false) : StreamInput;

    /// <summary>An operator chose whether there is a standby; null for what the profile says.</summary>
    /// <param name="Mode">The choice.</param>
    public sealed record StandbyChosen(StandbyMode? Mode) : StreamInput;
}
