namespace Streams.Grains.Continuity;

/// <summary>For how long kept outputs have not been needed. Durations go by the monotonic clock; after a restart they begin anew.</summary>
internal sealed class KeepTimes(TimeProvider time)
{
    private readonly Dictionary<StreamPath, long> _unneededSince = [];

    /// <summary>The outputs that were not needed for as long as they are kept.</summary>
    /// <param name="kept">All kept outputs.</param>
    /// <param name="needed">The streams that are not offline.</param>
    /// <param name="keepFor">How long they are kept.</param>
    public IReadOnlyList<StreamPath> FindExpired(IReadOnlyCollection<StreamPath> kept, IReadOnlySet<StreamId> needed, TimeSpan keepFor)
    {
        HashSet<StreamPath> unneeded = [.. kept.Where(path => !needed.Contains(path.StreamId))];
        foreach (StreamPath path in _unneededSince.Keys.Except(unneeded).ToArray())
        {
            _unneededSince.Remove(path);
        }

        foreach (StreamPath path in unneeded)
        {
            _unneededSince.TryAdd(path, time.GetTimestamp());
        }

        return [.. unneeded.Where(path => time.GetElapsedTime(_unneededSince[path]) >= keepFor)];
    }
}
