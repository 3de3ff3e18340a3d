namespace Streams;

/// <summary>What each stream is, by the items of a feed. For one caller at a time.</summary>
/// <param name="maxOffline">How many streams without a worker are kept; those that were offline for longest are forgotten.</param>
public sealed class LatestStatuses(int maxOffline)
{
    private readonly Dictionary<StreamId, StreamStatus> _statuses = [];
    private int _offline;

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<StreamStatus> All => _statuses.Values;

    /// <summary>A stream, or null when no item told of it.</summary>
    public StreamStatus? Find(StreamId id) => _statuses.GetValueOrDefault(id);

    /// <summary>Takes an item, and returns what its stream is now; null when the item says nothing of that.</summary>
    public StreamStatus? Take(FeedItem item)
    {
        StreamStatus? known = Find(item.StreamId);
        StreamStatus? now = item switch
        {
            { Status: { } status } => status,
            { Progress: { } progress } when known is not null && known.Generation == item.Generation => known with { Progress = progress },
            _ => null,
        };
        if (now is not null)
        {
            _statuses[item.StreamId] = now;
            _offline += (IsOffline(now) ? 1 : 0) - (known is not null && IsOffline(known) ? 1 : 0);
            if (_offline > maxOffline)
            {
                ForgetOldest();
            }
        }

        return now;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _statuses.Clear();
        _offline = 0;
    }

    private static bool IsOffline(StreamStatus status) => status.Phase == StreamPhase.Offline;

    /// <summary>A tenth at a time, so that the walk through all is rare.</summary>
    private void ForgetOldest()
    {
        int surplus = _offline - maxOffline + (maxOffline / 10);
        foreach (StreamStatus old in _statuses.Values.Where(IsOffline).OrderBy(static status => status.Since).Take(surplus).ToArray())
        {
            _statuses.Remove(old.StreamId);
            _offline--;
        }
    }
}
