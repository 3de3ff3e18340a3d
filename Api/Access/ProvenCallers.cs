using System.Net;

namespace Streams.Api.Access;

/// <summary>
/// Who showed a right secret from where, so that a neighbour who is wrong cannot lock it out. Only a right secret brings anybody in; those that
/// were not seen for longest are forgotten for others. Safe for several threads.
/// </summary>
internal sealed class ProvenCallers
{
    /// <summary>How many are remembered.</summary>
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

    /// <summary>Whether an address was right about something.</summary>
    public bool Contains(IPAddress network, string what)
    {
        lock (_lock)
        {
            return _nodes.ContainsKey((network, what));
        }
    }

    /// <summary>An address is right about something.</summary>
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
