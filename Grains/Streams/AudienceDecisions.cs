using System.Collections.Immutable;

namespace Streams.Grains.Streams;

/// <summary>Follows what a stream's audience gets, whatever changes it: the record of the day, and since when the output is interrupted. Pure.</summary>
internal static class AudienceDecisions
{
    /// <summary>A hook that is later than this tells of another time.</summary>
    private static readonly TimeSpan LatestHook = TimeSpan.FromMinutes(1);

    /// <summary>Nothing arrives of the output although its worker runs.</summary>
    public static StreamDecision DecideInterrupted(StreamState state, StreamInput.OutputInterrupted interrupted) =>
        state is { Phase: StreamPhase.Running, SilentSince: null } ? StreamDecision.Applied(state with { SilentSince = interrupted.Since }) : StreamDecision.Stale(state);

    /// <summary>The output arrives again.</summary>
    public static StreamDecision DecideResumed(StreamState state, StreamInput.OutputResumed resumed, DateTimeOffset now) => StreamDecision.Applied(state with
    {
        SilentSince = resumed.At is null ? null : state.SilentSince,
        Audience = (state.Audience ?? new StreamAudience(now)).With(resumed.After),
        Day = resumed.At is { } at ? OutputDay.Insert(state.Day, IsKept(state) ? OutputShows.Slate : OutputShows.Dark, at < now ? at : now, resumed.After, now) : state.Day,
    });

    /// <summary>The decision with what follows from it for the audience.</summary>
    /// <param name="decision">What was decided.</param>
    /// <param name="input">What happened.</param>
    /// <param name="now">The time by the grain's clock.</param>
    /// <param name="keepFor">For how long an output is kept once its stream is offline.</param>
    public static StreamDecision Follow(StreamDecision decision, StreamInput input, DateTimeOffset now, TimeSpan keepFor)
    {
        StreamState state = decision.State;
        if (!state.Exists)
        {
            return decision;
        }

        OutputShows before = OutputDay.ShownAt(state.Day, now);
        OutputShows shows = Find(state, before);
        DateTimeOffset since = SinceOf(input, state, now);
        ImmutableArray<OutputSpan> day = shows != OutputShows.Offline || !IsKept(state) || keepFor == TimeSpan.Zero ? OutputDay.Record(state.Day, shows, since, now)
            : before is OutputShows.Offline or OutputShows.Stopped ? OutputDay.Record(state.Day, OutputShows.Offline, since, now)
            : state.Day[^1] is { Shows: OutputShows.Offline } ? state.Day // The end of the slate is planned already.
            : OutputDay.Plan(OutputDay.Record(state.Day, OutputShows.Slate, since, now), OutputShows.Offline, since + keepFor);
        StreamAudience? audience = FollowAway(state, OutputDay.IsAway(shows), since);
        return day == state.Day && audience == state.Audience ? decision : decision with { State = state with { Day = day, Audience = audience } };
    }

    /// <summary>What the output of a stream in this state shows.</summary>
    /// <param name="state">The state.</param>
    /// <param name="before">What it showed until now: a stream that starts shows nothing new before its first picture.</param>
    public static OutputShows Find(StreamState state, OutputShows before) => state switch
    {
        { Held: true } => OutputShows.Stopped,
        { Input: null } => OutputShows.Offline,
        { SilentSince: null, Phase: StreamPhase.Running } or { SilentSince: null, Output: not null } => state.Fallback is null ? OutputShows.Live : OutputShows.Fallback,
        { Phase: StreamPhase.Starting } when before is OutputShows.Offline or OutputShows.Stopped => before,
        _ => IsKept(state) && (state.SilentSince is null || state.Output is null) ? OutputShows.Slate : OutputShows.Dark,
    };

    private static bool IsKept(StreamState state) => state.Continuity is { State: ContinuityState.Kept };

    /// <summary>Since when the output is interrupted, as a status and an alert have it: only while there is something that it should show.</summary>
    private static StreamAudience? FollowAway(StreamState state, bool isAway, DateTimeOffset since) =>
        state.Audience is not { } audience || isAway == (audience.AwaySince is not null) ? state.Audience : audience with { AwaySince = isAway ? since : null };

    /// <summary>When it happened: what the media server tells of the output, it tells with a time; a silo that was lost, with its last one.</summary>
    private static DateTimeOffset SinceOf(StreamInput input, StreamState state, DateTimeOffset now) => input switch
    {
        StreamInput.WorkerLost { LastAt: { } last } when last < now => OutputDay.AfterLastChange(state.Day, last, now),
        StreamInput.OutputInterrupted interrupted => interrupted.Since,
        StreamInput.SourceChanged { Event: { Path.Role: PathRole.Output } e } when e.OccurredAt < now && e.OccurredAt + LatestHook > now => e.OccurredAt,
        _ => now,
    };
}
