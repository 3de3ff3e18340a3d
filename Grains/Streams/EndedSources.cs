namespace Streams.Grains.Streams;

/// <summary>The sources that a stream knows to have ended: a late <c>ready</c> of one of them is no new source. Pure.</summary>
internal static class EndedSources
{
    /// <summary>Whether an event speaks of a source that is known to have ended.</summary>
    public static bool Contain(StreamState state, LiveSource source) =>
        source.IsPulled ? source.Since <= state.PulledInputEndedAt : state.EndedSources.Contains(source.Id);

    public static StreamState Add(StreamState state, LiveSource source)
    {
        if (source.IsPulled)
        {
            return state.PulledInputEndedAt >= source.Since ? state : state with { PulledInputEndedAt = source.Since };
        }

        return state.EndedSources.Contains(source.Id)
            ? state
            : state with { EndedSources = state.EndedSources.AppendBounded(source.Id, StreamState.MaxEndedSources) };
    }

    /// <summary>The state without the output of a run whose silo is known to have ended, and the run with it: nobody may be there to say so.</summary>
    public static StreamState EndOutput(StreamState state, StreamInput.WorkerLost lost, DateTimeOffset now) =>
        lost.LastAt is not null && state is { HasWorker: true, Output: { } output } ? Add(state, output) with { Output = null, OutputLearnedAt = now } : state;

    public static StreamState Remove(StreamState state, string sourceId) => state with { EndedSources = state.EndedSources.Remove(sourceId) };
}
