using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Streams.Api;

/// <summary>So many failures a minute for each key, such as an address; each is forgotten after a minute.</summary>
/// <remarks>
/// Whether one is left is asked by acquiring none. A token bucket says yes to that as soon as a part of a token is back, which is at once; a window
/// counts whole ones.
/// </remarks>
internal static class FailureLimiter
{
    private const int Segments = 6;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static PartitionedRateLimiter<TKey> Create<TKey>(int perMinute)
        where TKey : notnull => PartitionedRateLimiter.Create<TKey, TKey>(key =>
        RateLimitPartition.GetSlidingWindowLimiter(key, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = Minute,
            SegmentsPerWindow = Segments,
            QueueLimit = 0,
        }));

    /// <summary>What counts as one address: of IPv6 the first half, since one machine may have all the rest.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        byte[] bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }

    public static TimeSpan RetryAfter(RateLimitLease refused) => refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : Minute;
}
