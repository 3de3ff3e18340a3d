using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Streams.Api.Pages;

/// <summary>Where browsers find the HLS player of each media server.</summary>
internal sealed class Previews(IOptions<PreviewOptions> preview, IOptions<ControlApiOptions> media)
{
    /// <summary>The players' origins by the names of their media servers, for who asked by this scheme and host; those that have none are left out.</summary>
    public FrozenDictionary<string, string> For(string scheme, HostString asked)
    {
        Dictionary<string, string> origins = new(StringComparer.Ordinal);
        foreach ((int index, MediaNodeOptions node) in (media.Value.Nodes.Count > 0 ? media.Value.Nodes : [new MediaNodeOptions()]).Index())
        {
            // Of one media server alone, as most services have, the preview's own settings are enough.
            bool hasOwn = node.HlsUrl.Length > 0 || node.HlsPort > 0;
            if ((hasOwn ? PreviewOptions.OriginFor(node.HlsUrl, node.HlsPort, scheme, asked) : index == 0 ? preview.Value.OriginFor(scheme, asked) : null) is { } origin)
            {
                origins[node.Name] = origin;
            }
        }

        return origins.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
