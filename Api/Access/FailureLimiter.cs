using System.Net;
using Streams.Api.Hosting;

namespace Streams.Api.Access;

/// <summary>
/// Rate limit of wrong secrets by address: so many different guesses in a minute, whatever they are about, or so many about one subject. Safe
/// for several threads, and bounded: an address is forgotten a minute after its first failure, or when more addresses fail than are remembered.
/// </summary>
/// <remarks>
/// A guess that is repeated counts once for the address and each time for its subject: a forgotten encoder with an old key, of which there may be
/// one behind the same router, blocks its own path and not its neighbours.
/// </remarks>
/// <param name="perMinute">How often.</param>
/// <param name="time">The clock.</param>
internal sealed class FailureLimiter(int perMinute, TimeProvider time)
{
    /// <summary>Maximum addresses that are remembered; those that failed first are forgotten for others.</summary>
    public const int MaxAddresses = 4_096;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Failures> _failures = [];

    /// <summary>The addresses, in the order in which their minutes end.</summary>
    private readonly Queue<IPAddress> _order = new();

    /// <summary>How many addresses are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _failures.Count;
            }
        }
    }

    /// <summary>How long an address is still blocked; null when it is not.</summary>
    /// <param name="network">The address, by <see cref="ClientNetwork"/>.</param>
    /// <param name="subject">What it is about.</param>
    public TimeSpan? FindWait(IPAddress network, string subject = "")
    {
        lock (_lock)
        {
            return FindWait(Find(network), subject);
        }
    }

    /// <summary>Counts a failure, unless the address must wait.</summary>
    /// <param name="network">The address, by <see cref="ClientNetwork"/>.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="guess">A hash of what was wrong.</param>
    /// <returns>How long the address must wait; null when the failure was counted.</returns>
    public TimeSpan? Fail(IPAddress network, string subject, int guess)
    {
        lock (_lock)
        {
            Failures? failures = Find(network);
            if (FindWait(failures, subject) is { } wait)
            {
                return wait;
            }

            failures ??= Begin(network);
            failures.Guesses.Add(HashCode.Combine(subject, guess));
            failures.BySubject[subject] = failures.BySubject.GetValueOrDefault(subject) + 1;
            return null;
        }
    }

    private TimeSpan? FindWait(Failures? failures, string subject) =>
        failures is not null && (failures.Guesses.Count >= perMinute || failures.BySubject.GetValueOrDefault(subject) >= perMinute)
            ? Minute - time.GetElapsedTime(failures.Since)
            : null;

    private Failures? Find(IPAddress network)
    {
        while (_order.TryPeek(out IPAddress? oldest) && time.GetElapsedTime(_failures[oldest].Since) >= Minute)
        {
            _failures.Remove(_order.Dequeue());
        }

        return _failures.GetValueOrDefault(network);
    }

    private Failures Begin(IPAddress network)
    {
        if (_failures.Count >= MaxAddresses)
        {
            _failures.Remove(_order.Dequeue());
        }

        _order.Enqueue(network);
        return _failures[network] = new Failures(time.GetTimestamp());
    }

    /// <summary>Failures of an address since its first one; no more than it may have.</summary>
    private sealed record Failures(long Since)
    {
        public HashSet<int> Guesses { get; } = [];

        public Dictionary<string, int> BySubject { get; } = new(StringComparer.Ordinal);
    }
}
