using System.Net;

namespace Streams.Api.Access;

/// <summary>
/// Callers that showed a right secret from an address, so that a neighbour who is wrong cannot lock them out. Those not seen for longest are forgotten
/// for others. Safe for several threads.
/// </summary>
internal sealed class ProvenCallers
{
    /// <summary>Maximum callers that are remembered.</summary>
    public const int Max = 4_096;

    private readonly Lock _lock = new();
    private readonly LinkedList<(IPAddress Network, string What)> _order = new();
    private readonly Dictionary<(IPAddress Network, string What), LinkedListNode<(IPAddress Network, string What)>> _nodes = [];

    /// <summary>How many are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _nodes.Count;
            }
        }
    }

    /// <summary>Whether an address has proven something.</summary>
    public bool Contains(IPAddress network, string what)
    {
        lock (_lock)
        {
            return _nodes.ContainsKey((network, what));
        }
    }

    /// <summary>Remembers what an address has proven.</summary>
    public void Add(IPAddress network, string what)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue((network, what), out LinkedListNode<(IPAddress, string)>? node))
            {
                _order.Remove(node);
                _order.AddLast(node);
                return;
            }

            if (_nodes.Count >= Max)
            {
                _nodes.Remove(_order.First!.Value);
                _order.RemoveFirst();
            }

            _nodes[(network, what)] = _order.AddLast((network, what));
        }
    }
}
