using System.Collections.Immutable;

namespace Streams.Silo.Tests.Storage;

/// <summary>What a store of streams must answer, in memory and plain.</summary>
internal sealed class StreamStoreModel
{
    private readonly Dictionary<StreamId, StreamRow> _rows = [];

    public StreamRow? Read(StreamId id) => _rows.GetValueOrDefault(id);

    /// <summary>False when another version is saved.</summary>
    public bool Write(StreamRow row)
    {
        bool fits = (Read(row.StreamId)?.Version ?? 0) == row.Version - 1;
        if (fits)
        {
            _rows[row.StreamId] = row;
        }

        return fits;
    }

    public bool Drop(StreamId id) => _rows.Remove(id);

    public int Forget(int maxOffline)
    {
        List<StreamRow> offline = [.. _rows.Values.Where(static row => row is { Phase: StreamPhase.Offline, IsLive: false, IsKept: false })
            .OrderBy(static row => row.SinceTicks).ThenBy(static row => row.StreamId.Value, StringComparer.Ordinal)];
        int surplus = Math.Max(0, offline.Count - maxOffline);
        foreach (StreamRow row in offline.Take(surplus))
        {
            _rows.Remove(row.StreamId);
        }

        return surplus;
    }

    public StreamListPage List(StreamListQuery query)
    {
        List<StreamRow> all = [.. Found(query.Search)
            .Where(row => query.Phases.Length == 0 || query.Phases.Contains(row.Phase))
            .Where(row => query.IsActive is null || query.IsActive == (row.IsLive || row.Phase != StreamPhase.Offline))
            .OrderBy(row => query.Sort switch
            {
                StreamSort.Phase => (long)row.Phase,
                StreamSort.Since => row.SinceTicks,
                StreamSort.Generation => row.Generation,
                _ => 0,
            })
            .ThenBy(static row => row.StreamId.Value, StringComparer.Ordinal)];
        if (query.IsDescending)
        {
            all.Reverse();
        }

        return new StreamListPage(all.Count, [.. all.Skip((int)query.Skip).Take(query.Take).Select(Entry)]);
    }

    public ImmutableArray<PhaseCount> Count(string search) =>
        [.. Found(search).GroupBy(static row => row.Phase).OrderBy(static group => group.Key).Select(static group => new PhaseCount(group.Key, group.Count()))];

    public ImmutableArray<StreamEntry> ListActive() => List(new StreamListQuery { IsActive = true, Take = int.MaxValue }).Items;

    public static StreamEntry Entry(StreamRow row) => new(row.StreamId, row.Phase, new DateTimeOffset(row.SinceTicks, TimeSpan.Zero), row.Generation)
    {
        IsLive = row.IsLive,
        IsKept = row.IsKept,
        IsHeld = row.IsKept && row.Json.Contains("\"held\":true", StringComparison.Ordinal),
        Profile = row.Profile,
        Node = row.Node,
    };

    private IEnumerable<StreamRow> Found(string search) =>
        _rows.Values.Where(row => row.StreamId.Value.Contains(search, StringComparison.OrdinalIgnoreCase));
}
