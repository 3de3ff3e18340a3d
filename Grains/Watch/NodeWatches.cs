using Microsoft.Extensions.Options;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Watch;

/// <summary>The media servers as streams need them: their names, their watches, and the end of publishers that are in the way.</summary>
internal sealed class NodeWatches(IGrainFactory grains, MediaNodes nodes, MediaMtxClients clients, IOptions<MediaOptions> options)
{
    /// <summary>The name of a media server: that of the first for one that did not name itself, or is configured no more.</summary>
    public string NameOf(string? node) => nodes.Find(node).Name;

    /// <summary>The zone of a media server.</summary>
    public string ZoneOf(string? node) => nodes.Find(node).Zone;

    /// <summary>Has a media server polled again soon, since a worker has started there.</summary>
    public void WatchClosely(string? node) => grains.GetGrain<IMediaNodeGrain>(NameOf(node)).WatchClosely().Ignore();

    /// <summary>The last poll that the watch of a media server has sent.</summary>
    public Task<PollPosition> GetPosition(string node) => grains.GetGrain<IPollNumbers>(node).GetPosition();

    /// <summary>Removes the path of a run that must not publish any more. It is not waited for.</summary>
    public void RemoveSide(string? node, SidePath path) => new PathConfigurations(clients.Of(node)).Remove(path, CancellationToken.None).Ignore();

    /// <summary>Ends the connection of a publisher that has to give way, if the settings say so. It may still be there afterwards, and is told again by the next poll.</summary>
    public void EndConflict(LiveSource source)
    {
        if (options.Value.RemoveConflicts)
        {
            clients.Of(source.Node).Kick(source, CancellationToken.None).Ignore();
        }
    }
}
