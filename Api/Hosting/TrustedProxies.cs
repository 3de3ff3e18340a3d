using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Streams.Api.Hosting;

/// <summary>The addresses and networks of <see cref="ApiOptions.TrustedProxies"/>.</summary>
internal sealed class TrustedProxies(IOptions<ApiOptions> options) : ITrustedProxies
{
    /// <summary>The networks; one address is a network of its own.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; } = Parse(options.Value.TrustedProxies).Networks;

    public bool Contains(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(network => network.Contains(plain));
    }

    /// <summary>Reads the setting.</summary>
    /// <returns>The networks, and the entries that are none.</returns>
    public static (IReadOnlyList<IPNetwork> Networks, IReadOnlyList<string> Wrong) Parse(string setting)
    {
        List<IPNetwork> networks = [];
        List<string> wrong = [];
        foreach (string entry in setting.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (ParseEntry(entry) is { } network)
            {
                networks.Add(network);
            }
            else
            {
                wrong.Add(entry);
            }
        }

        return (networks, wrong);
    }

    // IPAddress reads more than addresses: "1" is 0.0.0.1 to it, "010.0.0.1" is 8.0.0.1, "[::1]:80" is ::1.
    private static IPNetwork? ParseEntry(string entry)
    {
        string address = entry.Split('/')[0];
        if (address.AsSpan().ContainsAny("[]%") || !IPAddress.TryParse(address, out IPAddress? parsed)
            || (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != address) || parsed.IsIPv4MappedToIPv6)
        {
            return null;
        }

        return entry.Length == address.Length ? new IPNetwork(parsed, parsed.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(entry, out IPNetwork network) ? network
            : null;
    }
}
