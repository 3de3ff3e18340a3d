namespace Streams.Grains.MediaMtx;

/// <summary>The answer to a question about one path.</summary>
/// <param name="IsKnown">False when MediaMTX could not be asked: what is there is unknown then, which is not the same as nothing.</param>
/// <param name="View">The path; null when nobody publishes it, or it is unknown.</param>
internal sealed record PathLookup(bool IsKnown, PathView? View)
{
    /// <summary>MediaMTX could not be asked.</summary>
    public static readonly PathLookup Unknown = new(false, null);

    /// <summary>Nobody publishes it.</summary>
    public static readonly PathLookup NotLive = new(true, null);
}

/// <summary>The connection of a publisher.</summary>
/// <param name="Query">Its query without credentials.</param>
/// <param name="RemoteAddress">Its address and port; null when MediaMTX does not tell it.</param>
internal sealed record PublisherConnection(string Query, string? RemoteAddress);
