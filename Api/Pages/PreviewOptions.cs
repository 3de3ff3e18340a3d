using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Pages;

/// <summary>
/// Where browsers find MediaMTX's HLS player, for the previews of a stream's page; of several media servers the first's, unless that has a
/// <see cref="MediaNodeOptions.HlsUrl"/> of its own, as the others need. Configuration section <c>Streams:Preview</c>.
/// </summary>
public sealed class PreviewOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Preview";

    /// <summary>
    /// The address of MediaMTX's HLS server as browsers reach it, for example <c>https://media.example.com</c>, without a path. Default empty:
    /// the name by which the page itself was asked for, at <see cref="HlsPort"/>. Where that was by https there is then no preview: browsers refuse
    /// to frame http in https.
    /// </summary>
    [RegularExpression(MediaNodeNames.HlsUrlPattern + "?", ErrorMessage = "must be an address like http://media.example.com:8888, without a path.")]
    public string HlsUrl { get; set; } = "";

    /// <summary>The port of MediaMTX's HLS server, 0 to 65535; 0 for no preview, unless <see cref="HlsUrl"/> is set. Default 8888.</summary>
    [Range(0, 65_535, ErrorMessage = "must be a port between 1 and 65535, or 0 for none.")]
    public int HlsPort { get; set; } = 8888;

    /// <summary>The HLS server's origin for who asked by this scheme and name; null for no preview.</summary>
    internal string? OriginFor(string scheme, HostString asked) => OriginFor(HlsUrl, HlsPort, scheme, asked);

    /// <summary>The same of another media server.</summary>
    internal static string? OriginFor(string url, int port, string scheme, HostString asked)
    {
        if (url.Length > 0)
        {
            return url;
        }

        // It becomes a part of a header: nothing but a name or an address may.
        return port > 0 && scheme == Uri.UriSchemeHttp && Uri.CheckHostName(asked.Host) != UriHostNameType.Unknown ? $"http://{new HostString(asked.Host, port).Value}" : null;
    }
}
