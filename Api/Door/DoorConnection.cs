using System.Net;

namespace Streams.Api.Door;

/// <summary>What a connection is doing; in the order in which one is given up for another.</summary>
internal enum DoorState
{
    /// <summary>It has not sent a whole request head yet.</summary>
    Waiting,

    /// <summary>It has had an answer, and no further request has come.</summary>
    Idle,

    /// <summary>A request of it is being answered.</summary>
    Busy,
}

/// <summary>A connection as the <see cref="FrontDoor"/> knows it, which alone changes it.</summary>
/// <param name="network">What counts as its address.</param>
/// <param name="isProxy">Whether its peer is a trusted proxy.</param>
/// <param name="enteredAt">When it came, as a time stamp.</param>
/// <param name="close">Closes it; may be called more than once.</param>
internal sealed class DoorConnection(IPAddress network, bool isProxy, long enteredAt, Action close)
{
    /// <summary>What counts as its address.</summary>
    public IPAddress Network => network;

    /// <summary>Whether its peer is a trusted proxy, which may speak for many clients.</summary>
    public bool IsProxy { get; } = isProxy;

    /// <summary>When it came, as a time stamp.</summary>
    public long EnteredAt { get; } = enteredAt;

    /// <summary>Whether it has shown a valid secret, or comes from a trusted proxy.</summary>
    public bool IsKnown { get; set; } = isProxy;

    /// <summary>What it is doing.</summary>
    public DoorState State { get; set; }

    /// <summary>Since when, as a time stamp.</summary>
    public long Since { get; set; } = enteredAt;

    /// <summary>Closes it.</summary>
    public void Close() => close();
}
