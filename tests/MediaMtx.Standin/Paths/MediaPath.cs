using MediaMtx.Standin.Configuration;
using MediaMtx.Standin.Hooks;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Paths;

/// <summary>A path with its present stream. <see cref="PathManager"/> makes, changes and forgets it under its lock.</summary>
internal sealed class MediaPath(string name, PathMatch match)
{
    public string Name => name;

    public PathConfig Config => match.Config;

    public IReadOnlyList<string> Groups => match.Groups;

    public IPathUser? Publisher { get; set; }

    public MediaStream? Stream { get; set; }

    public DateTimeOffset AvailableSince { get; set; }

    /// <summary>The hook of the present stream; it ends with it.</summary>
    public AvailabilityHook? Hook { get; set; }

    /// <summary>Who reads.</summary>
    public List<IPathUser> Readers { get; } = [];
}

/// <summary>What the Control API and the metrics show of a path.</summary>
internal sealed record PathSnapshot(
    string Name,
    string ConfigName,
    DateTimeOffset? AvailableSince,
    string? SourceKind,
    Guid SourceId,
    IReadOnlyList<Track> Tracks,
    IReadOnlyList<(string Kind, Guid Id)> Readers,
    long InboundBytes,
    long OutboundBytes);
