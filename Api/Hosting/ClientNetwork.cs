using System.Net;
using System.Net.Sockets;

namespace Streams.Api.Hosting;

/// <summary>Network that counts as one client, in the limits of connections and of wrong secrets.</summary>
internal static class ClientNetwork
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// The address itself for IPv4, also when it comes mapped into IPv6; of IPv6 the network of 64 bits, since one machine may have all of it.
    /// What has no address counts as one client.
    /// </summary>
    public static IPAddress Of(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
