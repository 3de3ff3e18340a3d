using System.Net;
using Streams.Api.Hosting;
using Streams.Api.Logging;

namespace Streams.Api.Door;

/// <summary>
/// Connection limiter. A new connection always gets a place, if need be that of an unauthenticated one that waits: so whoever holds connections
/// open keeps nobody out, from whatever address. Safe for several threads.
/// </summary>
/// <remarks>
/// A stranger is a connection that has shown no valid secret. Hooks come from the same address as whoever else is on the machine, and nothing
/// tells them apart until they have spoken: a cap that turns newcomers away would turn the hooks away.
/// </remarks>
internal sealed partial class FrontDoor : IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly FrontDoorLimits _limits;
    private readonly ITrustedProxies _proxies;
    private readonly RefusalLog _refusals;
    private readonly TimeProvider _time;
    private readonly ILogger<FrontDoor> _logger;
    private readonly ITimer _sweeps;

    private readonly Lock _lock = new();

    /// <summary>Strangers by address, those that came first at the front.</summary>
    private readonly Dictionary<IPAddress, List<DoorConnection>> _strangers = [];

    private readonly HashSet<DoorConnection> _known = [];
    private int _strangerCount;

    public FrontDoor(FrontDoorLimits limits, ITrustedProxies proxies, RefusalLog refusals, TimeProvider time, ILogger<FrontDoor> logger)
    {
        (_limits, _proxies, _refusals, _time, _logger) = (limits, proxies, refusals, time, logger);
        _sweeps = time.CreateTimer(static door => ((FrontDoor)door!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>How many strangers and known callers there are.</summary>
    public (int Strangers, int Known) Count
    {
        get
        {
            lock (_lock)
            {
                return (_strangerCount, _known.Count);
            }
        }
    }

    /// <summary>Gives a new connection a place; null when there is none, which happens to trusted proxies only.</summary>
    /// <param name="peer">Its peer's address.</param>
    /// <param name="close">Closes it, to give its place to another.</param>
    public DoorConnection? Enter(IPAddress? peer, Action close)
    {
        IPAddress address = peer is { IsIPv4MappedToIPv6: true } ? peer.MapToIPv4() : peer ?? IPAddress.None;
        DoorConnection connection = new(ClientNetwork.Of(address), _proxies.Contains(address), _time.GetTimestamp(), close);
        List<(DoorConnection Connection, string Why)> closing = [];
        bool hasPlace = true;
        lock (_lock)
        {
            if (connection.IsProxy)
            {
                hasPlace = MakeRoomForKnown(0, closing);
                if (hasPlace)
                {
                    _known.Add(connection);
                }
            }
            else
            {
                AddStranger(connection, closing);
            }
        }

        Close(closing);
        return hasPlace ? connection : null;
    }

    /// <summary>Marks a connection as busy with a request, whose sender is authenticated by now if it can be.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isKnown">Whether it carries a valid secret.</param>
    /// <param name="isReserved">Whether it is for an endpoint with a <see cref="ReservedPlace"/>.</param>
    /// <returns>False when there are too many known callers already: it is to be answered with 503.</returns>
    public bool BeginRequest(DoorConnection connection, bool isKnown, bool isReserved)
    {
        List<(DoorConnection, string)> closing = [];
        bool hasPlace = true;
        lock (_lock)
        {
            (connection.State, connection.Since) = (DoorState.Busy, _time.GetTimestamp());
            if (isKnown && !connection.IsKnown)
            {
                hasPlace = MakeRoomForKnown(isReserved ? _limits.Reserve : 0, closing);
                if (hasPlace && RemoveStranger(connection))
                {
                    connection.IsKnown = true;
                    _known.Add(connection);
                }
            }
        }

        Close(closing);
        return hasPlace;
    }

    /// <summary>Marks a connection as idle: its request was answered.</summary>
    public void EndRequest(DoorConnection connection)
    {
        lock (_lock)
        {
            (connection.State, connection.Since) = (DoorState.Idle, _time.GetTimestamp());
        }
    }

    /// <summary>Removes a connection that has ended.</summary>
    public void Leave(DoorConnection connection)
    {
        lock (_lock)
        {
            if (!_known.Remove(connection))
            {
                RemoveStranger(connection);
            }
        }
    }

    public void Dispose() => _sweeps.Dispose();

    /// <summary>Closes connections that have sent no request in time, and those that are too many of one address.</summary>
    private void Sweep()
    {
        List<(DoorConnection, string)> tooMany = [];
        List<DoorConnection> silent = [];
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            foreach (List<DoorConnection> ofAddress in _strangers.Values.ToArray())
            {
                silent.AddRange(ofAddress.Where(one => one.State == DoorState.Waiting && _time.GetElapsedTime(one.EnteredAt, now) >= _limits.FirstRequest));
                Trim(ofAddress, now, tooMany);
            }

            silent.ForEach(one => RemoveStranger(one));
        }

        silent.ForEach(static one => one.Close()); // Browsers open connections in advance: that is worth no line in the log.
        Close(tooMany);
    }

    private void AddStranger(DoorConnection connection, List<(DoorConnection, string)> closing)
    {
        if (_strangers.TryGetValue(connection.Network, out List<DoorConnection>? others))
        {
            Trim(others, connection.EnteredAt, closing, places: _limits.PerAddress - 1);
        }

        if (_strangerCount >= _limits.Strangers)
        {
            DoorConnection victim = FindVictim(_strangers.Values.MaxBy(static ofAddress => (ofAddress.Count, -ofAddress[0].EnteredAt))!)!;
            RemoveStranger(victim);
            closing.Add((victim, "there are too many connections"));
        }

        if (!_strangers.TryGetValue(connection.Network, out List<DoorConnection>? ofAddress))
        {
            _strangers[connection.Network] = ofAddress = [];
        }

        ofAddress.Add(connection);
        _strangerCount++;
    }

    /// <summary>Closes connections of an address that has too many, but none within its grace time.</summary>
    private void Trim(List<DoorConnection> ofAddress, long now, List<(DoorConnection, string)> closing, int? places = null)
    {
        while (ofAddress.Count > (places ?? _limits.PerAddress)
            && FindVictim(ofAddress.TakeWhile(one => _time.GetElapsedTime(one.EnteredAt, now) >= _limits.Grace)) is { } victim)
        {
            RemoveStranger(victim);
            closing.Add((victim, "its address has too many"));
        }
    }

    /// <summary>Makes room for one more known caller, by the one that has been idle for longest.</summary>
    private bool MakeRoomForKnown(int reserve, List<(DoorConnection, string)> closing)
    {
        if (_known.Count < _limits.Known)
        {
            return true;
        }

        if (FindVictim(_known.Where(static one => one.State != DoorState.Busy)) is { } victim)
        {
            _known.Remove(victim);
            closing.Add((victim, "it was idle, and there are too many connections"));
            return true;
        }

        return _known.Count < _limits.Known + reserve;
    }

    private static DoorConnection? FindVictim(IEnumerable<DoorConnection> among) => among.MinBy(static one => (one.State, one.Since));

    private bool RemoveStranger(DoorConnection connection)
    {
        if (!_strangers.TryGetValue(connection.Network, out List<DoorConnection>? ofAddress) || !ofAddress.Remove(connection))
        {
            return false;
        }

        _strangerCount--;
        if (ofAddress.Count == 0)
        {
            _strangers.Remove(connection.Network);
        }

        return true;
    }

    /// <summary>Outside of the lock: whoever waits for the connection's end comes back through <see cref="Leave"/>.</summary>
    private void Close(List<(DoorConnection Connection, string Why)> closing)
    {
        foreach ((DoorConnection connection, string why) in closing)
        {
            connection.Close();
            if (_refusals.Admits(RefusalKind.Connection))
            {
                LogClosed(connection.Network, connection.State, why);
            }
        }
    }

    [LoggerMessage(1751, LogLevel.Warning, "A connection from {RemoteAddress} was closed while {State}: {Reason}")]
    private partial void LogClosed(IPAddress remoteAddress, DoorState state, string reason);
}
