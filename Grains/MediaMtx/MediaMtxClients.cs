using System.Collections.Frozen;

namespace Streams.Grains.MediaMtx;

/// <summary>The clients of the media servers' Control APIs, one for each.</summary>
internal sealed class MediaMtxClients(IHttpClientFactory http, MediaNodes nodes)
{
    private readonly FrozenDictionary<string, MediaMtxClient> _clients = nodes.All.ToFrozenDictionary(
        static node => node.Name, node => new MediaMtxClient(http.CreateClient(nameof(MediaMtxClient)), node), StringComparer.Ordinal);

    /// <summary>Whether there is a media server of a name; null names the first.</summary>
    public bool Knows(string? node) => node is null || _clients.ContainsKey(node);

    /// <summary>The client of a media server; that of the first for a name that is null or unknown.</summary>
    public MediaMtxClient Of(string? node) => _clients[nodes.Find(node).Name];
}
