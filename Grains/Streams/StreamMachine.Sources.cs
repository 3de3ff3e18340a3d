namespace Streams;

/// <summary>What hooks and the Control API say of the stream's paths.</summary>
public sealed partial class StreamMachine
{
    private static StreamDecision DecideEvent(StreamState state, SourceEvent e, DateTimeOffset now)
    {
        if (state.RecentEvents.Contains(e.EventId))
        {
            return Duplicate(state);
        }

        StreamState noted = Touch(state, now) with { RecentEvents = Append(state.RecentEvents, e.EventId, StreamState.MaxRecentEvents) };
        return (e.Path.Role, e.Kind) switch
        {
            (PathRole.Input, SourceEventKind.Ready) => DecideInputReady(noted, ToLiveSource(e), now),
            (PathRole.Input, _) => DecideInputGone(noted, e.Source.Id, now),
            (_, SourceEventKind.Ready) => DecideOutputReady(noted, ToLiveSource(e), now),
            _ => DecideOutputGone(noted, e.Source.Id, now),
        };
    }

    private static StreamDecision DecideInputReady(StreamState state, LiveSource source, DateTimeOffset now)
    {
        if (state.EndedSources.Contains(source.Id))
        {
            return Stale(state);
        }

        if (state.Input is { } current)
        {
            if (current.Id == source.Id)
            {
                return LearnQuery(state, source, now) ?? Duplicate(state);
            }

            if (source.Since < current.Since)
            {
                // A path has one source at a time, so the one that became ready earlier was taken over, and its hook was slow.
                return Stale(MarkEnded(state, source.Id));
            }
        }

        return TakeInput(state, source, now);
    }

    private static StreamDecision DecideInputGone(StreamState state, string sourceId, DateTimeOffset now)
    {
        StreamState ended = MarkEnded(state, sourceId);
        return state.Input?.Id == sourceId ? LoseInput(ended, now) : Stale(ended);
    }

    private static StreamDecision TakeInput(StreamState state, LiveSource source, DateTimeOffset now)
    {
        StreamState left = state.Input is { } former ? MarkEnded(state, former.Id) : state;
        StreamState taken = left with { Input = source, InputLearnedAt = now, Retries = 0 };
        return taken.Held ? Applied(taken) : Follow(taken, StopCause.SourceChanged, now);
    }

    private static StreamDecision LoseInput(StreamState state, DateTimeOffset now)
    {
        StreamState left = state with { Input = null, InputLearnedAt = now, Retries = 0 };
        return left.Phase is StreamPhase.Stopping or StreamPhase.Offline ? Applied(left) : Follow(left, StopCause.InputGone, now);
    }

    private static StreamDecision DecideOutputReady(StreamState state, LiveSource source, DateTimeOffset now)
    {
        if (state.EndedSources.Contains(source.Id))
        {
            return Stale(state);
        }

        return state.Output?.Id == source.Id
            ? Duplicate(state)
            : Applied(state with { Output = source, OutputLearnedAt = now });
    }

    private static StreamDecision DecideOutputGone(StreamState state, string sourceId, DateTimeOffset now)
    {
        StreamState ended = MarkEnded(state, sourceId);
        return state.Output?.Id == sourceId
            ? Applied(ended with { Output = null, OutputLearnedAt = now })
            : Stale(ended);
    }

    /// <summary>
    /// The level behind the edges. What was asked before the grain learned better by a hook is no news; what was asked later is
    /// the truth, whatever hooks said.
    /// </summary>
    private static StreamDecision DecideObserved(StreamState state, StreamInput.Observed seen, DateTimeOffset now)
    {
        StreamState outputSeen = ObserveOutput(state, seen, now);
        bool isNews = IsNews(seen.AskedAt, outputSeen.InputLearnedAt, now);
        StreamDecision decision = (seen.Input, outputSeen.Input) switch
        {
            ({ } source, { } current) when source.Id == current.Id => LearnQuery(outputSeen, source, now) ?? Recover(outputSeen, now),
            ({ } source, _) when isNews => TakeInput(Forget(Touch(outputSeen, now), source.Id), source, now),
            (null, { } current) when isNews => LoseInput(MarkEnded(outputSeen, current.Id), now),
            _ => Duplicate(outputSeen),
        };
        return ReferenceEquals(decision.State, state) || decision.Outcome == EventOutcome.Applied
            ? decision
            : Applied(decision.State);
    }

    /// <summary>What was learned in the future was learned before the clock was set back: whatever is asked now is newer.</summary>
    private static bool IsNews(DateTimeOffset askedAt, DateTimeOffset learnedAt, DateTimeOffset now) => askedAt > learnedAt || learnedAt > now;

    private static StreamState ObserveOutput(StreamState state, StreamInput.Observed seen, DateTimeOffset now)
    {
        if (seen.Output?.Id == state.Output?.Id || !IsNews(seen.AskedAt, state.OutputLearnedAt, now))
        {
            return state;
        }

        StreamState left = state.Output is { } former ? MarkEnded(state, former.Id) : Touch(state, now);
        return left with { Output = seen.Output, OutputLearnedAt = now };
    }

    /// <summary>
    /// The source was seen before its query was known: the poll came before the hook, and MediaMTX did not tell the query either. A worker
    /// may depend on it (the language to dub into), so one that was started without it is replaced, and one that failed is tried again.
    /// Null when the source's query is no news.
    /// </summary>
    private static StreamDecision? LearnQuery(StreamState state, LiveSource source, DateTimeOffset now)
    {
        if (state.Input is not { Query.Length: 0 } current || source.Query.Length == 0)
        {
            return null;
        }

        StreamState learned = state with { Input = current with { Query = source.Query }, InputLearnedAt = now, Retries = 0 };
        return learned.Held ? Applied(learned) : Follow(learned, StopCause.SourceChanged, now);
    }

    /// <summary>The input of a stream whose silo had ended is still there: no need to wait any longer.</summary>
    private static StreamDecision Recover(StreamState state, DateTimeOffset now) =>
        state is { Recovering: true, Phase: StreamPhase.Backoff } ? Start(state, now) : Duplicate(state);

    private static StreamState MarkEnded(StreamState state, string sourceId) => state.EndedSources.Contains(sourceId)
        ? state
        : state with { EndedSources = Append(state.EndedSources, sourceId, StreamState.MaxEndedSources) };

    private static StreamState Forget(StreamState state, string sourceId) => state with { EndedSources = state.EndedSources.Remove(sourceId) };

    private static LiveSource ToLiveSource(SourceEvent e) => new(e.Source.Type, e.Source.Id, e.Query, e.OccurredAt);
}
