using System.Net;

namespace Streams.Api.Door;

/// <summary>
/// Limits concurrent requests of one client behind trusted proxies, which has no connection to count. It holds only what is being answered. Safe for
/// several threads.
/// </summary>
internal sealed class ProxiedRequests(FrontDoorLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _running = [];

    /// <summary>Counts one more; false, and not counted, when the client has as many as it may.</summary>
    public bool TryBegin(IPAddress client)
    {
        lock (_lock)
        {
            int running = _running.GetValueOrDefault(client);
            if (running >= limits.PerAddress)
            {
                return false;
            }

            _running[client] = running + 1;
            return true;
        }
    }

    /// <summary>Counts one less: it was answered.</summary>
    public void End(IPAddress client)
    {
        lock (_lock)
        {
            if (_running[client]-- == 1)
            {
                _running.Remove(client);
            }
        }
    }
}
