using Streams.Grains.Workers;

namespace Streams.Grains.Streams;

/// <summary>Decides about what hooks and the Control API say of the stream's paths. Pure.</summary>
internal static class SourceDecisions
{
    public static StreamDecision DecideEvent(StreamState state, SourceEvent e, DateTimeOffset now)
    {
        if (state.RecentEvents.Contains(e.EventId))
        {
            return StreamDecision.Duplicate(state);
        }

        StreamState noted = state.Begin(now) with { RecentEvents = state.RecentEvents.AppendBounded(e.EventId, StreamState.MaxRecentEvents) };
        return (e.Path.Role, e.Kind) switch
        {
            (PathRole.Input, SourceEventKind.Ready) => DecideInputReady(noted, ToLiveSource(e), now),
            (PathRole.Input, _) => DecideInputGone(noted, ToLiveSource(e), now),
            (_, SourceEventKind.Ready) => DecideOutputReady(noted, ToLiveSource(e), now),
            _ => DecideOutputGone(noted, ToLiveSource(e), now),
        };
    }

    private static StreamDecision DecideInputReady(StreamState state, LiveSource source, DateTimeOffset now)
    {
        if (EndedSources.Contain(state, source))
        {
            return StreamDecision.Stale(state);
        }

        if (state.Input is { } current)
        {
            if (current.IsSameAs(source))
            {
                return MergeQuery(state, source, now) ?? StreamDecision.Duplicate(state);
            }

            if (NodeDecisions.GivesWay(state, source))
            {
                return StreamDecision.Stale(NodeDecisions.AddConflict(state, source));
            }

            if (current.IsAtNodeOf(source) && source.Since < current.Since)
            {
                // A path has one source at a time, so the one that became ready earlier was taken over, and its hook was slow.
                return StreamDecision.Stale(EndedSources.Add(state, source));
            }
        }

        return AdoptInput(state, source, now);
    }

    private static StreamDecision DecideInputGone(StreamState state, LiveSource source, DateTimeOffset now)
    {
        StreamState ended = EndedSources.Add(state, source);
        if (state.Conflicts.Any(source.IsSameAs))
        {
            return StreamDecision.Stale(NodeDecisions.RemoveConflict(ended, source.Node));
        }

        bool isPresent = state.Input is { } current && current.IsSameAs(source) && (!source.IsPulled || source.Since >= (current.OnlineAt ?? current.Since));
        return isPresent ? LoseInput(ended, source.Since, now) : StreamDecision.Stale(ended);
    }

    private static StreamDecision AdoptInput(StreamState state, LiveSource source, DateTimeOffset now)
    {
        StreamState left = NodeDecisions.Replace(state, source);
        if (Contests.FindRival(state, source) is { } rival)
        {
            left = left with { Takeovers = left.Takeovers.AppendBounded(new Takeover(now, rival, source), StreamState.MaxTakeovers) };
        }

        StreamState taken = FallbackDecisions.Forget(left) with { Input = source, InputLearnedAt = now, Retries = 0, DownSince = null };
        return taken.Held ? StreamDecision.Applied(taken) : OrderDecisions.Follow(taken, StopCause.SourceChanged, now);
    }

    private static StreamDecision LoseInput(StreamState state, DateTimeOffset endedAt, DateTimeOffset now)
    {
        StreamState left = state with { Input = null, Conflicts = [], LastInput = state.Input! with { Since = endedAt }, InputLearnedAt = now, Retries = 0 };
        return left.Phase is StreamPhase.Stopping or StreamPhase.Offline ? StreamDecision.Applied(left) : OrderDecisions.Follow(left, StopCause.InputGone, now);
    }

    private static StreamDecision DecideOutputReady(StreamState state, LiveSource source, DateTimeOffset now)
    {
        if (EndedSources.Contain(state, source) || (state.Input is not null && !state.Input.IsAtNodeOf(source)))
        {
            return StreamDecision.Stale(state);
        }

        return state.Output?.Id == source.Id
            ? StreamDecision.Duplicate(state)
            : StreamDecision.Applied(state with { Output = source, OutputLearnedAt = now });
    }

    private static StreamDecision DecideOutputGone(StreamState state, LiveSource source, DateTimeOffset now)
    {
        StreamState ended = EndedSources.Add(state, source);
        return state.Output?.Id == source.Id
            ? StreamDecision.Applied(ended with { Output = null, OutputLearnedAt = now })
            : StreamDecision.Stale(ended);
    }

    /// <summary>
    /// The level behind the edges. What was asked before the grain learned better by a hook is no news; what was asked later is
    /// the truth, whatever hooks said.
    /// </summary>
    public static StreamDecision DecideObserved(StreamState state, StreamInput.Observed seen, DateTimeOffset now)
    {
        if (NodeDecisions.IsElsewhere(state, seen))
        {
            return DecideElsewhere(state, seen, now);
        }

        StreamState outputSeen = ObserveOutput(state, seen, now);
        StreamState known = MergeDetails(outputSeen, seen.Input);
        bool isNews = IsNews(seen, known.InputLearnedAt, now);
        StreamDecision decision = (seen.Input, known.Input) switch
        {
            ({ } source, { } current) when source.IsSameAs(current) => MergeQuery(known, source, now) ?? Recover(known, now),
            ({ } source, _) when isNews => AdoptInput(EndedSources.Remove(known.Begin(now), source.Id), source, now),
            (null, { } current) when isNews => LoseInput(EndedSources.Add(known, current with { Since = now }), now, now),
            _ => StreamDecision.Duplicate(known),
        };
        return ReferenceEquals(outputSeen, state) ? decision : decision with { Outcome = EventOutcome.Applied };
    }

    /// <summary>What another media server shows than the one that has the input: a newer publisher takes it over, an older one is a conflict. Nothing there is news of the input's end.</summary>
    private static StreamDecision DecideElsewhere(StreamState state, StreamInput.Observed seen, DateTimeOffset now)
    {
        if (!IsNews(seen, state.InputLearnedAt, now))
        {
            return StreamDecision.Duplicate(state);
        }

        return seen.Input switch
        {
            null => StreamDecision.Duplicate(NodeDecisions.RemoveConflict(state, seen.Node)),
            { } source when NodeDecisions.GivesWay(state, source) => StreamDecision.Duplicate(NodeDecisions.AddConflict(state, source)),
            { } source => AdoptInput(EndedSources.Remove(state, source.Id), source, now),
        };
    }

    /// <summary>What no hook tells of a source: its address, and when MediaMTX took it on line. Nothing is done about it.</summary>
    private static StreamState MergeDetails(StreamState state, LiveSource? seen)
    {
        if (seen is null || state.Input is not { } current || !current.IsSameAs(seen))
        {
            return state;
        }

        LiveSource known = current with { RemoteAddress = seen.RemoteAddress ?? current.RemoteAddress, OnlineAt = current.OnlineAt ?? seen.OnlineAt, Node = seen.Node ?? current.Node };
        return known == current
            ? state
            : state with { Input = known, Takeovers = [.. state.Takeovers.Select(taken => taken with { From = Known(taken.From), To = Known(taken.To) })] };

        LiveSource Known(LiveSource source) => source.Id == known.Id ? source with { RemoteAddress = known.RemoteAddress } : source;
    }

    /// <summary>By clocks only where the numbers of polls do not tell. What was learned in the future was learned before the clock was set back: whatever is asked now is newer.</summary>
    private static bool IsNews(StreamInput.Observed seen, DateTimeOffset learnedAt, DateTimeOffset now) => seen.IsNews ?? (seen.AskedAt > learnedAt || learnedAt > now);

    private static StreamState ObserveOutput(StreamState state, StreamInput.Observed seen, DateTimeOffset now)
    {
        bool isOfFormerNode = seen.Output is null && state.Output is { Node: { } its } && seen.Node is { } node && its != node; // Its worker ends, and tells so.
        if (seen.Output?.Id == state.Output?.Id || isOfFormerNode || !NodeDecisions.ConcernsOutput(state, seen.Node) || !IsNews(seen, state.OutputLearnedAt, now))
        {
            return state;
        }

        StreamState left = state.Output is { } former ? EndedSources.Add(state, former) : state.Begin(now);
        return left with { Output = seen.Output, OutputLearnedAt = now };
    }

    /// <summary>
    /// The source was seen before its query was known: the poll came before the hook, and MediaMTX did not tell the query either. A worker
    /// may depend on it (the language to dub into), so one that was started without it is replaced, and one that failed is tried again.
    /// Null when the source's query is no news.
    /// </summary>
    private static StreamDecision? MergeQuery(StreamState state, LiveSource source, DateTimeOffset now)
    {
        if (state.Input is not { Query.Length: 0 } current || source.Query.Length == 0)
        {
            return null;
        }

        StreamState learned = state with { Input = current with { Query = source.Query }, InputLearnedAt = now, Retries = 0 };
        return learned.Held ? StreamDecision.Applied(learned) : OrderDecisions.Follow(learned, StopCause.SourceChanged, now);
    }

    /// <summary>The input of a stream whose silo had ended is still there: no need to wait any longer.</summary>
    private static StreamDecision Recover(StreamState state, DateTimeOffset now) =>
        state is { Recovering: true, Phase: StreamPhase.Backoff } ? PhaseChanges.Start(state, now) : StreamDecision.Duplicate(state);

    private static LiveSource ToLiveSource(SourceEvent e) => new(e.Source.Type, e.Source.Id, e.Query, e.OccurredAt) { Node = e.Node };
}
