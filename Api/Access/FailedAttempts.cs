using System.Net;
using Microsoft.Extensions.Options;
using Streams.Api.Hosting;

namespace Streams.Api.Access;

/// <summary>
/// Lets an address send only so many wrong tokens. Over the limit nothing from it is looked at, with one exception: a token that was
/// right before from the same address goes on working, so that a forgotten script with an old token cannot lock out the hook beside it.
/// </summary>
internal sealed class FailedAttempts(IOptions<AccessOptions> options, TimeProvider time)
{
    private readonly FailureLimiter _failures = new(options.Value.FailuresPerMinute, time);
    private readonly ProvenCallers _proven = new();

    /// <summary>Looks a token up on behalf of an address, and counts it when it is wrong.</summary>
    public Attempt Try(IPAddress? address, string secret, AccessTokens tokens)
    {
        IPAddress from = ClientNetwork.Of(address);
        AccessToken? token = tokens.Find(secret);
        TimeSpan? wait = token is null ? _failures.Fail(from, "", HashCode.Combine(secret)) : _failures.FindWait(from);
        if (wait is { } blocked && (token is null || !_proven.Contains(from, token.Id)))
        {
            return new(null, IsBlocked: true, blocked);
        }

        if (token is not null)
        {
            _proven.Add(from, token.Id);
        }

        return new(token);
    }
}
