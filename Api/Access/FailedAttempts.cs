using System.Collections.Concurrent;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Streams.Api;

/// <summary>
/// Lets an address send only so many wrong tokens. Over the limit nothing from it is looked at, with one exception: a token that was
/// right before from the same address goes on working, so that a forgotten script with an old token cannot lock out the hook beside it.
/// </summary>
internal sealed class FailedAttempts(IOptions<AccessOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> _limiter = FailureLimiter.Create<IPAddress>(options.Value.FailuresPerMinute);
    private readonly ConcurrentDictionary<(IPAddress Address, string TokenId), bool> _proven = new();

    /// <summary>Looks a token up on behalf of an address, and counts it when it is wrong.</summary>
    public Attempt Try(IPAddress? address, string secret, AccessTokens tokens)
    {
        IPAddress from = FailureLimiter.NetworkOf(address ?? IPAddress.None);
        using RateLimitLease free = _limiter.AttemptAcquire(from, permitCount: 0);
        AccessToken? token = tokens.Find(secret);
        if (token is not null && (free.IsAcquired || _proven.ContainsKey((from, token.Id))))
        {
            _proven.TryAdd((from, token.Id), true);
            return new(token);
        }

        if (free.IsAcquired)
        {
            using RateLimitLease counted = _limiter.AttemptAcquire(from);
            return new(null);
        }

        return new(null, IsBlocked: true, FailureLimiter.RetryAfter(free));
    }

    public void Dispose() => _limiter.Dispose();
}
