using System.Collections.Immutable;

namespace Streams.Grains.Feed;

/// <summary>The last items of a feed, numbered from 1, and the statuses of the active streams by them. Bounded. For one caller at a time.</summary>
internal sealed class FeedLog
{
    /// <summary>How many items are kept: more than what 100 streams tell in 10 s.</summary>
    public const int MaxItems = 4096;

    private readonly Queue<FeedItem> _items = new();
    private readonly LatestStatuses _latest = new();

    /// <summary>The number of the last item; 0 before the first.</summary>
    public long Last { get; private set; }

    /// <summary>Whether all that came after the position is known.</summary>
    public bool Has(long sequence) => sequence <= Last && sequence >= Last - _items.Count;

    /// <summary>Adds items in order.</summary>
    public void Append(ImmutableArray<FeedItem> items)
    {
        foreach (FeedItem item in items)
        {
            if (_items.Count == MaxItems)
            {
                _items.Dequeue();
            }

            _items.Enqueue(item);
            Last++;
            _latest.Apply(item);
        }
    }

    /// <summary>The items after a position.</summary>
    public ImmutableArray<FeedItem> After(long sequence) => [.. _items.Skip((int)(_items.Count - (Last - sequence)))];

    /// <summary>The status of each active stream, as one item each.</summary>
    public ImmutableArray<FeedItem> All() => [.. _latest.All.Select(static status => new FeedItem(status.StreamId, status.Generation, status.Since) { Status = status })];
}
