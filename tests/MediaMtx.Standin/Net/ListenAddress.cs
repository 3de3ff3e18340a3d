using System.Globalization;
using System.Net;
using MediaMtx.Standin.Configuration;

namespace MediaMtx.Standin.Net;

/// <summary>Addresses to listen on, as Go writes them: <c>127.0.0.1:1935</c>, <c>:1935</c> for all.</summary>
internal static class ListenAddress
{
    /// <exception cref="ConfigException">It is no address.</exception>
    public static IPEndPoint Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon >= 0 ? text[..colon].Trim('[', ']') : text;
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out ushort port))
        {
            throw new ConfigException($"address {text}: missing port in address");
        }

        if (host.Length == 0)
        {
            return new IPEndPoint(IPAddress.IPv6Any, port);
        }

        return IPAddress.TryParse(host, out IPAddress? address)
            ? new IPEndPoint(address, port)
            : new IPEndPoint(host == "localhost" ? IPAddress.Loopback : throw new ConfigException($"lookup {host}: no such host"), port);
    }
}
