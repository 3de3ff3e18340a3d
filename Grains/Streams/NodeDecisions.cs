using System.Collections.Immutable;

namespace Streams.Grains.Streams;

/// <summary>
/// Decides between publishers of one stream's input at several media servers. The one that became ready last has the input; the others are conflicts. What
/// each is compared by does not change while it publishes, so that polls of two media servers never make a stream go back and forth. Pure.
/// </summary>
internal static class NodeDecisions
{
    /// <summary>The most conflicts that are remembered; there is at most one at each media server.</summary>
    private const int MaxConflicts = MediaNodeNames.MaxNodes;

    /// <summary>The media server that the stream belongs to: its watch alone tells that its paths have ended. Null for one that was never published.</summary>
    public static string? NodeOf(StreamState state) => (state.Input ?? state.Output ?? state.LastInput)?.Node;

    /// <summary>Whether the input is at another media server than the one that shows something; one that shows the same publisher has only got another name.</summary>
    public static bool IsElsewhere(StreamState state, StreamInput.Observed seen) =>
        state.Input is { Node: { } own } current && seen.Node is { } node && own != node && !(seen.Input is { IsPulled: false } same && same.Id == current.Id);

    /// <summary>The state with the names that its media servers have now.</summary>
    public static StreamState Rename(StreamState state, Func<string?, string> nameOf)
    {
        StreamState renamed = state with { Input = Renamed(state.Input), Output = Renamed(state.Output), LastInput = Renamed(state.LastInput) };
        if (state.Conflicts.Any(source => source.Node != nameOf(source.Node)))
        {
            renamed = renamed with { Conflicts = [.. state.Conflicts.Where(source => source.Node == nameOf(source.Node))] }; // Nobody would tell of their ends.
        }

        return renamed == state ? state : renamed;

        LiveSource? Renamed(LiveSource? source) => source is null || source.Node == nameOf(source.Node) ? source : source with { Node = nameOf(source.Node) };
    }

    /// <summary>Whether what a media server shows of the output is about this stream's.</summary>
    public static bool ConcernsOutput(StreamState state, string? node) => NodeOf(state) is not { } own || node is null || own == node;

    /// <summary>Whether a source has to give way to the one that has the input at another media server.</summary>
    public static bool GivesWay(StreamState state, LiveSource source) =>
        state.Input is { } current && !current.IsAtNodeOf(source)
        && (source.Since < current.Since || (source.Since == current.Since && string.CompareOrdinal(source.Node, current.Node) < 0));

    /// <summary>The state that remembers a source as a conflict, in the place of another at its media server.</summary>
    public static StreamState AddConflict(StreamState state, LiveSource source)
    {
        int known = IndexOf(state, source.Node);
        if (known < 0)
        {
            return state with { Conflicts = state.Conflicts.AppendBounded(source, MaxConflicts) };
        }

        LiveSource before = state.Conflicts[known];
        LiveSource now = before.IsSameAs(source) ? before with { RemoteAddress = source.RemoteAddress ?? before.RemoteAddress, OnlineAt = before.OnlineAt ?? source.OnlineAt } : source;
        return now == before ? state : state with { Conflicts = state.Conflicts.SetItem(known, now) };
    }

    /// <summary>The state without the conflict at a media server.</summary>
    public static StreamState RemoveConflict(StreamState state, string? node) =>
        IndexOf(state, node) is >= 0 and var known ? state with { Conflicts = state.Conflicts.RemoveAt(known) } : state;

    /// <summary>The state in which a source has the input that another may have had until now.</summary>
    public static StreamState Replace(StreamState state, LiveSource source)
    {
        StreamState left = RemoveConflict(state, source.Node);
        return left.Input switch
        {
            null => left,
            { } former when former.IsAtNodeOf(source) => EndedSources.Add(left, former), // A path has one source at a time.
            { } former => AddConflict(left, former),
        };
    }

    /// <summary>The media server of which a stream has just learned something that no poll showed; null when it has not.</summary>
    public static string? FindTeller(StreamInput input, StreamState before, StreamState after) => input switch
    {
        StreamInput.Observed => null,
        StreamInput.SourceChanged { Event: var e } => ReferenceEquals(before, after) ? null : e.Node,
        _ => before.OutputLearnedAt != after.OutputLearnedAt || before.InputLearnedAt != after.InputLearnedAt ? after.Node : null,
    };

    /// <summary>What was learned of sources that are conflicts since <paramref name="before"/>.</summary>
    public static IEnumerable<LiveSource> NewConflicts(StreamState before, StreamState after) => after.Conflicts.Length == 0 || after.Conflicts == before.Conflicts
        ? []
        : after.Conflicts.Where(now => !before.Conflicts.Any(then => then.IsAtNodeOf(now) && then.IsSameAs(now)));

    private static int IndexOf(StreamState state, string? node)
    {
        ImmutableArray<LiveSource> all = state.Conflicts;
        for (int index = 0; index < all.Length; index++)
        {
            if (all[index].Node == node)
            {
                return index;
            }
        }

        return -1;
    }
}
