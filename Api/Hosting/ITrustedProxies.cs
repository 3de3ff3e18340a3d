using System.Net;

namespace Streams.Api.Hosting;

/// <summary>The reverse proxies that are believed when they name their client (<see cref="ApiOptions.TrustedProxies"/>).</summary>
public interface ITrustedProxies
{
    /// <summary>Whether the address is one of a trusted proxy. None is by default.</summary>
    /// <param name="address">An address; IPv4 written as IPv6 counts as IPv4.</param>
    bool Contains(IPAddress address);
}
