using System.ComponentModel.DataAnnotations;

namespace Streams.Api.Pages;

/// <summary>Where browsers find MediaMTX's HLS player (of several media servers the first's), for the previews of a stream's page; configuration section <c>Streams:Preview</c>.</summary>
public sealed class PreviewOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Streams:Preview";

    /// <summary>
    /// The address of MediaMTX's HLS server as browsers reach it, for example <c>https://media.example.com</c>, without a path. Default empty:
    /// the name by which the page itself was asked for, at <see cref="HlsPort"/>. Where that was by https there is then no preview: browsers refuse
    /// to frame http in https.
    /// </summary>
    [RegularExpression(@"(https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?|https?://\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?)?", ErrorMessage = "must be an address like http://media.example.com:8888, without a path.")]
    public string HlsUrl { get; set; } = "";

    /// <summary>The port of MediaMTX's HLS server, 0 to 65535; 0 for no preview, unless <see cref="HlsUrl"/> is set. Default 8888.</summary>
    [Range(0, 65_535, ErrorMessage = "must be a port between 1 and 65535, or 0 for none.")]
    public int HlsPort { get; set; } = 8888;

    /// <summary>The HLS server's origin for who asked by this scheme and name; null for no preview.</summary>
    internal string? OriginFor(string scheme, HostString asked)
    {
        if (HlsUrl.Length > 0)
        {
            return HlsUrl;
        }

        // It becomes a part of a header: nothing but a name or an address may.
        return HlsPort > 0 && scheme == Uri.UriSchemeHttp && Uri.CheckHostName(asked.Host) != UriHostNameType.Unknown ? $"http://{new HostString(asked.Host, HlsPort).Value}" : null;
    }
}
