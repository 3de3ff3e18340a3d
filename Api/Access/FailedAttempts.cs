using System.Net;
using Streams.Api.Hosting;

namespace Streams.Api.Access;

/// <summary>
/// Limits how often one address may show a wrong secret. Over the limit nothing from it is accepted, with one exception: whoever was right before
/// from the same address goes on, so that a forgotten script or encoder with an old secret cannot lock out its neighbours.
/// </summary>
/// <param name="perMinute">How many wrong secrets in a minute.</param>
/// <param name="time">The clock.</param>
internal sealed class FailedAttempts(int perMinute, TimeProvider time)
{
    private readonly FailureLimiter _failures = new(perMinute, time);
    private readonly ProvenCallers _proven = new();

    /// <summary>How many callers are remembered for being right, and how many addresses for being wrong.</summary>
    public (int Proven, int Wrong) Remembered => (_proven.Count, _failures.Count);

    /// <summary>Counts an attempt.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="subject">What it is about; each subject has a limit of its own besides that of the address.</param>
    /// <param name="guess">A hash of the secret.</param>
    /// <param name="proof">What it proves, by which the caller is remembered; null when the secret is wrong.</param>
    /// <returns>How long the address must wait, when nothing from it is accepted now; else null.</returns>
    public TimeSpan? Count(IPAddress? address, string subject, int guess, string? proof)
    {
        IPAddress network = ClientNetwork.Of(address);
        TimeSpan? wait = proof is null ? _failures.Fail(network, subject, guess) : _failures.FindWait(network, subject);
        if (wait is not null && (proof is null || !_proven.Contains(network, proof)))
        {
            return wait;
        }

        if (proof is not null)
        {
            _proven.Add(network, proof);
        }

        return null;
    }
}
