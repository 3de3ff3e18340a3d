using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Streams.Api.Hosting;

/// <summary>
/// The address by which browsers reach the service: <see cref="ApiOptions.PublicUrl"/>, else what the request itself says.
/// </summary>
internal sealed partial class PublicAddress(IOptions<ApiOptions> options)
{
    private readonly Uri? _url = options.Value.PublicUrl is { Length: > 0 } setting ? new Uri(setting) : null;

    /// <summary>It, without a slash at its end; null when it is not set.</summary>
    public string? Url => _url is null ? null : $"{_url.Scheme}://{HostAndPort(_url)}{Path}";

    /// <summary>Where the service's paths begin, for example <c>/streams</c>; empty for the root of the host.</summary>
    public PathString Path => _url is null || _url.AbsolutePath == "/" ? PathString.Empty : new PathString(_url.AbsolutePath.TrimEnd('/'));

    /// <summary><c>http</c> or <c>https</c>, for who sent this request.</summary>
    public string SchemeOf(HttpRequest request) => _url?.Scheme ?? request.Scheme;

    /// <summary>Host and port, for who sent this request.</summary>
    public HostString HostOf(HttpRequest request) => _url is null ? request.Host : new HostString(HostAndPort(_url));

    /// <summary>What a browser says in <c>Origin</c> when a page of this service sends a request.</summary>
    public string OriginOf(HttpRequest request) => $"{SchemeOf(request)}://{HostOf(request).Value}";

    /// <summary>Whether it is the address of a service: no user, query or fragment, and a path that needs no encoding anywhere.</summary>
    public static bool IsAddress(string setting) =>
        Form().IsMatch(setting) && Uri.TryCreate(setting, UriKind.Absolute, out Uri? url) && url.Port > 0 && Uri.CheckHostName(url.IdnHost) != UriHostNameType.Unknown;

    private static string HostAndPort(Uri url)
    {
        string host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        return url.IsDefaultPort ? host : $"{host}:{url.Port}";
    }

    [GeneratedRegex(@"^https?://[^/?#@\\\s]+(/[A-Za-z0-9._~-]+)*/?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
