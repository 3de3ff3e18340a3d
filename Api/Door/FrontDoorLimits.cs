using Streams.Api.Hosting;

namespace Streams.Api.Door;

/// <summary>How many connections there may be, and for how long they may be silent.</summary>
/// <param name="PerAddress">Strangers of one address, once they are older than <see cref="Grace"/>.</param>
/// <param name="Strangers">Strangers of all addresses.</param>
/// <param name="Known">Connections that have shown a valid secret, and those of trusted proxies.</param>
/// <param name="Reserve">More of those, for requests to endpoints with a <see cref="ReservedPlace"/>.</param>
public sealed record FrontDoorLimits(int PerAddress, int Strangers, int Known, int Reserve)
{
    /// <summary>Places for strangers. A burst of so many connections is needed to push out one that has just come.</summary>
    public const int StrangerPlaces = 512;

    /// <summary>Places for known callers besides the clients of the feed.</summary>
    private const int KnownPlaces = 256;

    private const int ReservedPlaces = 64;

    /// <summary>A connection younger than this may be one of too many of its address: it must be able to say who it is before it can be closed for that.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Within this a connection has sent the head of its first request. Kestrel's own limit counts from the first byte, and so never for one that sends none.</summary>
    public TimeSpan FirstRequest { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>All connections together: what the process needs handles for.</summary>
    public int Total => Strangers + Known + Reserve;

    /// <summary>The limits that follow from the options.</summary>
    public static FrontDoorLimits Of(ApiOptions options) =>
        new(options.MaxConnectionsPerAddress, StrangerPlaces, options.MaxFeedClients + KnownPlaces, ReservedPlaces);
}
