namespace Streams;

/// <summary>The latest status of each active stream, built from feed items. Not thread-safe.</summary>
public sealed class LatestStatuses
{
    private readonly Dictionary<StreamId, StreamStatus> _statuses = [];

    /// <summary>All statuses, in no order.</summary>
    public IReadOnlyCollection<StreamStatus> All => _statuses.Values;

    /// <summary>The status of a stream, or null when it is not active, or no item reported it.</summary>
    public StreamStatus? Find(StreamId id) => _statuses.GetValueOrDefault(id);

    /// <summary>Applies an item and returns its stream's new status; null when the item changes no status.</summary>
    public StreamStatus? Apply(FeedItem item)
    {
        StreamStatus? known = Find(item.StreamId);
        StreamStatus? now = item switch
        {
            { Status: { } status } => status,
            { Progress: { } progress } when known is not null && known.Generation == item.Generation => known with { Progress = progress },
            _ => null,
        };
        if (now is { IsActive: true })
        {
            _statuses[item.StreamId] = now;
        }
        else if (now is not null)
        {
            _statuses.Remove(item.StreamId);
        }

        return now;
    }

    /// <summary>Removes all statuses.</summary>
    public void Clear() => _statuses.Clear();
}
