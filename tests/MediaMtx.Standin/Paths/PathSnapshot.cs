using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>What the Control API and the metrics show of a path.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ConfigName">The name of its configuration.</param>
/// <param name="AvailableSince">Since when there is a stream; null when there is none.</param>
/// <param name="IsOnline">Whether somebody publishes it, or it is pulled.</param>
/// <param name="OnlineSince">Since when; the beginning of time for what has yet to be pulled.</param>
/// <param name="Source">Who publishes it, or that it is pulled; null for nobody.</param>
internal sealed record PathSnapshot(
    string Name,
    string ConfigName,
    DateTimeOffset? AvailableSince,
    bool IsOnline,
    DateTimeOffset OnlineSince,
    (string Kind, string Id)? Source,
    IReadOnlyList<Track> Tracks,
    IReadOnlyList<(string Kind, string Id)> Readers,
    long InboundBytes,
    long OutboundBytes);
