using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Streams.Api.Hosting;

/// <summary>
/// Middleware that applies the header <c>Forwarded</c> (RFC 7239) of trusted proxies: client address, scheme and host. For <c>X-Forwarded-*</c> ASP.NET's
/// own middleware comes after it.
/// </summary>
internal sealed partial class ForwardedReader(RequestDelegate next, ITrustedProxies proxies, ILogger<ForwardedReader> logger)
{
    private static readonly string[] Others =
        [ForwardedHeadersDefaults.XForwardedForHeaderName, ForwardedHeadersDefaults.XForwardedProtoHeaderName, ForwardedHeadersDefaults.XForwardedHostHeaderName];

    private int _hasWarned;

    /// <summary>Applies it.</summary>
    public Task Invoke(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (headers.ContainsKey(ForwardedHeader.Name) && IsTrusted(context.Connection.RemoteIpAddress))
        {
            if (Others.Any(headers.ContainsKey))
            {
                IgnoreAll(headers);
            }
            else
            {
                Apply(ForwardedHeader.Parse(headers[ForwardedHeader.Name]) ?? [], context);
            }
        }

        return next(context);
    }

    // The proxy writes one of the two, and the client may have sent the other: which is which cannot be seen.
    private void IgnoreAll(IHeaderDictionary headers)
    {
        foreach (string name in Others)
        {
            headers.Remove(name);
        }

        if (Interlocked.Exchange(ref _hasWarned, 1) == 0)
        {
            LogBoth();
        }
    }

    // From the nearest proxy to the farthest: each is believed as long as the one that names it is.
    private void Apply(IReadOnlyList<ForwardedHop> hops, HttpContext context)
    {
        for (int at = hops.Count - 1; at >= 0 && IsTrusted(context.Connection.RemoteIpAddress); at--)
        {
            ForwardedHop hop = hops[at];
            context.Request.Scheme = hop.Scheme ?? context.Request.Scheme;
            context.Request.Host = hop.Host.HasValue ? hop.Host : context.Request.Host;
            if (hop.For is not { } client)
            {
                break;
            }

            context.Connection.RemoteIpAddress = client.Address;
            context.Connection.RemotePort = client.Port;
        }
    }

    private bool IsTrusted(IPAddress? address) => address is not null && proxies.Contains(address);

    [LoggerMessage(1651, LogLevel.Warning, "A trusted proxy sends both Forwarded and X-Forwarded-*; neither is believed where both are there. Let the proxy remove the one that it does not write (told once)")]
    private partial void LogBoth();
}
