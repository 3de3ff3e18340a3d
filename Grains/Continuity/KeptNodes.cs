using System.Collections.Frozen;
using Streams.Grains.MediaMtx;

namespace Streams.Grains.Continuity;

/// <summary>The kept outputs of each media server, and the paths of its single runs.</summary>
internal sealed class KeptNodes(MediaMtxClients clients, MediaNodes nodes)
{
    private readonly FrozenDictionary<string, KeptOutputs> _outputs = nodes.All.ToFrozenDictionary(
        static node => node.Name, node => new KeptOutputs(new PathConfigurations(clients.Of(node.Name)), clients.Of(node.Name)), StringComparer.Ordinal);

    private readonly FrozenDictionary<string, SidePaths> _sides = nodes.All.ToFrozenDictionary(
        static node => node.Name, node => new SidePaths(new PathConfigurations(clients.Of(node.Name)), clients.Of(node.Name)), StringComparer.Ordinal);

    /// <summary>Paths of single runs at every media server, by its name.</summary>
    public IEnumerable<KeyValuePair<string, SidePaths>> Sides => _sides;

    /// <summary>Paths of single runs at a media server; at the first for a name that is null or unknown.</summary>
    public SidePaths SidesOf(string? node) => _sides[NameOf(node)];

    /// <summary>Those of every media server, by its name.</summary>
    public IEnumerable<KeyValuePair<string, KeptOutputs>> All => _outputs;

    /// <summary>Those of a media server; of the first for a name that is null or unknown.</summary>
    public KeptOutputs Of(string? node) => _outputs[NameOf(node)];

    /// <summary>The name of a media server; that of the first for one that is null or unknown.</summary>
    public string NameOf(string? node) => nodes.Find(node).Name;
}
