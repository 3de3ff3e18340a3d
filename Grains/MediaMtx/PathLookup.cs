namespace Streams.Grains.MediaMtx;

/// <summary>The result of querying one path.</summary>
/// <param name="IsKnown">False when MediaMTX could not be queried: the path is then unknown, which is not the same as not live.</param>
/// <param name="View">The path; null when it is not live or unknown.</param>
internal sealed record PathLookup(bool IsKnown, PathView? View)
{
    /// <summary>MediaMTX could not be queried.</summary>
    public static readonly PathLookup Unknown = new(false, null);

    /// <summary>The path has no publisher.</summary>
    public static readonly PathLookup NotLive = new(true, null);
}

/// <summary>The connection of a publisher.</summary>
/// <param name="Query">Its query without credentials.</param>
/// <param name="RemoteAddress">Its address and port; null when MediaMTX does not show it.</param>
internal sealed record PublisherConnection(string Query, string? RemoteAddress);
