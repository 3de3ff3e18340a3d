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

    public static StreamState Remove(StreamState state, string sourceId) => state with { EndedSources = state.EndedSources.Remove(sourceId) };
}
