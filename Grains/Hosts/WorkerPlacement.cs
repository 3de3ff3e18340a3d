using System.Collections.Immutable;
using System.Text;

namespace Streams.Grains.Hosts;

/// <summary>Chooses the host of a new run. Pure: the same hosts and stream give the same host.</summary>
internal static class WorkerPlacement
{
    /// <summary>
    /// The best host of a run. Those that have its profile and room for it come first, then those that get room when their standbys end, then those in its media server's zone, then the one with the
    /// fewest slots taken; of several, the one that the stream's id prefers, so that a stream that starts again stays where it was, and equal hosts get
    /// equal shares. When none has room: the one with the shortest queue. Null without hosts.
    /// </summary>
    public static string? Choose(IReadOnlyCollection<HostCapacity> hosts, RunNeeds run) => hosts
        .Where(static host => host.MaxWorkers > 0)
        .OrderBy(host => !host.Has(run.Profile))
        .ThenBy(host => !host.HasRoomFor(run.Slots))
        .ThenBy(host => !host.CanMakeRoomFor(run.Slots))
        .ThenBy(host => run.Zone.Length > 0 && host.Zone != run.Zone)
        .ThenBy(host => host.HasRoomFor(run.Slots) ? host.Used : host.Used - host.MaxWorkers)
        .ThenBy(host => Preference(host.Name, run.Id))
        .ThenBy(static host => host.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;

    /// <summary>The best host of a standby: another than the present run's, with its profile and a slot that is free, since it displaces nobody. Null when there is none.</summary>
    public static string? ChooseStandby(IReadOnlyCollection<HostCapacity> hosts, RunNeeds run, string present) =>
        Choose([.. hosts.Where(host => host.Name != present && host.Has(run.Profile) && host.HasRoomFor(run.Slots))], run);

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

/// <summary>What a run needs of its host.</summary>
/// <param name="Id">Its stream.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Slots">How many slots it takes.</param>
/// <param name="Zone">The zone of its media server; empty for none.</param>
internal sealed record RunNeeds(StreamId Id, string Profile, int Slots, string Zone);

/// <summary>How much a host has and can carry.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MaxWorkers">How many slots it has; 0 for a silo that runs no workers.</param>
/// <param name="Used">How many are taken, with those of runs that wait and those that were placed since it reported.</param>
internal sealed record HostCapacity(string Name, int MaxWorkers, int Used)
{
    /// <summary>How many of the slots that are taken are standbys'.</summary>
    public int Spare { get; init; }

    /// <summary>Its zone; empty for none.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The profiles that it has.</summary>
    public ImmutableArray<string> Profiles { get; init; } = [];

    /// <summary>Whether it could start a run of so many slots at once. One that takes more than there are has to itself what there is.</summary>
    public bool HasRoomFor(int slots) => Used + Math.Min(slots, MaxWorkers) <= MaxWorkers && MaxWorkers > 0;

    /// <summary>The same without its standbys, which end for a run that waits.</summary>
    public bool CanMakeRoomFor(int slots) => (this with { Used = Used - Spare }).HasRoomFor(slots);

    /// <summary>Whether it has a profile.</summary>
    public bool Has(string profile) => Profiles.Contains(profile);
}
