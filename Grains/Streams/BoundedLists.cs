using System.Collections.Immutable;

namespace Streams.Grains.Streams;

/// <summary>Lists of a state, which must not grow with the stream's life.</summary>
internal static class BoundedLists
{
    /// <summary>The list with one more at its end, without the oldest when there are too many.</summary>
    public static ImmutableArray<T> AppendBounded<T>(this ImmutableArray<T> items, T item, int max)
    {
        ImmutableArray<T> kept = items.Length < max ? items : items.RemoveRange(0, items.Length - max + 1);
        return kept.Add(item);
    }
}
