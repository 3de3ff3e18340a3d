using System.Collections.Immutable;

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

    /// <summary>Its tracks with what their codecs are configured with; empty when it is not live, and with servers that do not tell.</summary>
    public ImmutableArray<TrackDetails> Tracks { get; init; } = [];
}

/// <summary>A track of a path, with what MediaMTX says of its codec's configuration.</summary>
/// <param name="Codec">By MediaMTX's name.</param>
internal sealed record TrackDetails(string Codec)
{
    /// <summary>Of the picture, in pixels; null for sound, and when unknown.</summary>
    public int? Width { get; init; }

    /// <summary>Of the picture, in pixels; null for sound, and when unknown.</summary>
    public int? Height { get; init; }

    /// <summary>The codec's profile by MediaMTX's name; null when unknown.</summary>
    public string? Profile { get; init; }

    /// <summary>In Hz; null for pictures, and when unknown.</summary>
    public int? SampleRate { get; init; }

    /// <summary>Of the sound; null for pictures, and when unknown.</summary>
    public int? Channels { get; init; }
}

/// <summary>The connection of a publisher.</summary>
/// <param name="Query">Its query without credentials.</param>
/// <param name="RemoteAddress">Its address and port; null when MediaMTX does not show it.</param>
internal sealed record PublisherConnection(string Query, string? RemoteAddress);
