using System.Net;
using System.Text.RegularExpressions;

namespace Streams.Api.Hosting;

/// <summary>One element of <c>Forwarded</c>: what one proxy says of the request that it received.</summary>
/// <param name="For">Who sent it; null when the proxy does not say, or hides it (<c>unknown</c>, <c>_name</c>).</param>
/// <param name="Scheme">http or https; null when it does not say.</param>
/// <param name="Host">The host that was asked for; empty when it does not say.</param>
internal sealed record ForwardedHop(IPEndPoint? For, string? Scheme, HostString Host);

/// <summary>Parser of the header <c>Forwarded</c> (RFC 7239), which ASP.NET does not read.</summary>
internal static partial class ForwardedHeader
{
    /// <summary>The header's name.</summary>
    public const string Name = "Forwarded";

    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps];

    /// <summary>
    /// The elements, the farthest proxy first. Null when a line is malformed: where its elements begin and end is then anybody's guess, and a
    /// client may have written its first part.
    /// </summary>
    /// <param name="lines">The header's lines.</param>
    public static IReadOnlyList<ForwardedHop>? Parse(IEnumerable<string?> lines)
    {
        List<ForwardedHop> hops = [];
        return lines.All(line => ParseLine(line ?? "", hops)) ? hops : null;
    }

    private static bool ParseLine(string line, List<ForwardedHop> hops)
    {
        Dictionary<string, string> pairs = new(StringComparer.OrdinalIgnoreCase);
        for (int at = 0; ;)
        {
            Match pair = Pair().Match(line, at);
            if (!pair.Success || (pair.Groups["name"].Success && !pairs.TryAdd(pair.Groups["name"].Value, ValueOf(pair))))
            {
                return false;
            }

            string end = pair.Groups["end"].Value;
            if (end != ";" && pairs.Count > 0)
            {
                hops.Add(HopOf(pairs));
                pairs.Clear();
            }

            if (end.Length == 0)
            {
                return true;
            }

            at = pair.Index + pair.Length;
        }
    }

    private static string ValueOf(Match pair) => pair.Groups["quoted"] is { Success: true } quoted ? Escaped().Replace(quoted.Value, "$1") : pair.Groups["value"].Value;

    private static ForwardedHop HopOf(Dictionary<string, string> pairs) => new(
        IPEndPoint.TryParse(pairs.GetValueOrDefault("for", ""), out IPEndPoint? client) ? client : null,
        Schemes.FirstOrDefault(scheme => scheme.Equals(pairs.GetValueOrDefault("proto"), StringComparison.OrdinalIgnoreCase)),
        new HostString(pairs.GetValueOrDefault("host", "")) is var host && IsHost(host) ? host : default);

    private static bool IsHost(HostString host) =>
        Uri.CheckHostName(host.Host) != UriHostNameType.Unknown && host.Value!.Length <= host.Host.Length + ":65535".Length && (host.Port is not null || host.Value == host.Host);

    // Values are taken without quotes where the RFC wants them (an address with a port), as proxies write them.
    [GeneratedRegex(@"\G[ \t]*(?:(?<name>[!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:(?<value>[^\s"",;\\]+)|""(?<quoted>(?:[^""\\]|\\.)*)""))?[ \t]*(?<end>[;,]|\z)", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();
}
