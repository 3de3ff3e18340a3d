using Streams.Api.Hosting;

namespace Streams.Api.Door;

/// <summary>Limits of connections: how many there may be, and for how long they may be silent.</summary>
/// <param name="PerAddress">Strangers of one address, once they are older than <see cref="Grace"/>.</param>
/// <param name="Strangers">Strangers of all addresses.</param>
/// <param name="Known">Connections that have shown a valid secret, and those of trusted proxies.</param>
/// <param name="Reserve">More of those, for requests to endpoints with a <see cref="ReservedPlace"/>.</param>
public sealed record FrontDoorLimits(int PerAddress, int Strangers, int Known, int Reserve)
{
    /// <summary>Maximum unauthenticated connections. It takes a burst of so many to push out one that has just come.</summary>
    public const int StrangerPlaces = 512;

    /// <summary>Maximum authenticated connections, besides the clients of the feed.</summary>
    private const int KnownPlaces = 256;

    private const int ReservedPlaces = 64;

    /// <summary>Grace time in which a connection is not closed for its address having too many: it must be able to authenticate first.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Timeout for the head of the first request. Kestrel's own counts from the first byte, and so never for a connection that sends none.</summary>
    public TimeSpan FirstRequest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Maximum connections in all, for which the process needs file handles.</summary>
    public int Total => Strangers + Known + Reserve;

    /// <summary>The limits that follow from the options.</summary>
    public static FrontDoorLimits Of(ApiOptions options) =>
        new(options.MaxConnectionsPerAddress, StrangerPlaces, options.MaxFeedClients + KnownPlaces, ReservedPlaces);
}
