using System.Text;

namespace Streams.Grains.Hosts;

/// <summary>Chooses the host of a new run. Pure: the same hosts and stream give the same host.</summary>
internal static class WorkerPlacement
{
    /// <summary>
    /// The host with the fewest workers among those that have room; of several, the one that the stream's id prefers, so that a stream that
    /// starts again stays where it was, and equal hosts get equal shares. When none has room: the one with the shortest queue. Null without hosts.
    /// </summary>
    public static string? Choose(IReadOnlyCollection<HostCapacity> hosts, StreamId id) => hosts
        .Where(static host => host.MaxWorkers > 0)
        .OrderBy(static host => host.Used >= host.MaxWorkers)
        .ThenBy(static host => host.Used >= host.MaxWorkers ? host.Used - host.MaxWorkers : host.Used)
        .ThenBy(host => Preference(host.Name, id))
        .ThenBy(static host => host.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;

    /// <summary>FNV-1a over both names: stable between processes and machines, which .NET's own hash codes are not.</summary>
    private static ulong Preference(string host, StreamId id)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte b in Encoding.UTF8.GetBytes($"{id.Value}\n{host}"))
        {
            hash = (hash ^ b) * 1_099_511_628_211;
        }

        return hash;
    }
}

/// <summary>How much a host has and can carry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MaxWorkers">How many workers it carries; 0 for a silo that runs none.</param>
/// <param name="Used">How many it has, with those that wait and those that were placed since it reported.</param>
internal sealed record HostCapacity(string Name, int MaxWorkers, int Used)
{
    /// <summary>Whether it could start one more at once.</summary>
    public bool HasRoom => Used < MaxWorkers;
}
