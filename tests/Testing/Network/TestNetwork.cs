using System.Collections.Concurrent;

namespace Streams.Testing.Network;

/// <summary>
/// The connections between parts that a test may cut, by the parts' names. What is sent over a cut one is held, and arrives when it is mended, as over a network that drops
/// packets for a while; only a new connection is different: it is accepted, and then nothing comes.
/// </summary>
public sealed class TestNetwork
{
    private readonly ConcurrentDictionary<(string, string), NetworkLink> _links = new();

    /// <summary>The connection between two parts, in both directions.</summary>
    public NetworkLink Between(string one, string other) => _links.GetOrAdd(KeyOf(one, other), static _ => new NetworkLink());

    /// <summary>Cuts the connection between two parts.</summary>
    public void Cut(string one, string other) => Between(one, other).Cut();

    /// <summary>Mends it; what was held arrives.</summary>
    public void Mend(string one, string other) => Between(one, other).Mend();

    /// <summary>Mends all that is cut.</summary>
    public void MendAll()
    {
        foreach (NetworkLink link in _links.Values)
        {
            link.Mend();
        }
    }

    private static (string, string) KeyOf(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
}
