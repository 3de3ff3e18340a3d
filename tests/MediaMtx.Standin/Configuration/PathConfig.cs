using System.Text.RegularExpressions;

namespace MediaMtx.Standin.Configuration;

/// <summary>One entry of <c>paths</c>, with <c>pathDefaults</c> applied.</summary>
/// <param name="Name">As written: a path, or a tilde and a regular expression, or <c>all_others</c>.</param>
internal sealed record PathConfig(string Name)
{
    /// <summary>The expression; null for a path with a plain name.</summary>
    public Regex? Pattern { get; init; }

    /// <summary>Where the stream comes from: <c>publisher</c>, or a URL that is pulled.</summary>
    public string Source { get; init; } = "publisher";

    /// <summary>Whether the stream is pulled rather than published.</summary>
    public bool HasStaticSource => Source != "publisher";

    /// <summary>Whether the source is pulled only while somebody reads.</summary>
    public bool SourceOnDemand { get; init; }

    /// <summary>How long the first reader waits for the source; 10 s by default.</summary>
    public TimeSpan SourceOnDemandStartTimeout { get; init; }

    /// <summary>How long the source is pulled after its last reader; 10 s by default.</summary>
    public TimeSpan SourceOnDemandCloseAfter { get; init; }

    /// <summary>Whether the stream is there while nobody publishes.</summary>
    public bool AlwaysAvailable { get; init; }

    /// <summary>The tracks of such a stream.</summary>
    public IReadOnlyList<SlateTrack> AlwaysAvailableTracks { get; init; } = [];

    /// <summary>Or the MP4 file that has its tracks and is shown meanwhile; empty for none.</summary>
    public string AlwaysAvailableFile { get; init; } = "";

    /// <summary>Whether a new publisher takes the path over from the present one.</summary>
    public bool OverridePublisher { get; init; } = true;

    /// <summary>What runs while a stream is available, and when it ends.</summary>
    public HookPair OnAvailable { get; init; } = HookPair.None;

    /// <summary>What runs while there is a source, and when it goes.</summary>
    public HookPair OnOnline { get; init; } = HookPair.None;

    /// <summary>The URLs that the stream is published to.</summary>
    public IReadOnlyList<string> Forward { get; init; } = [];

    /// <summary>The most readers of one path; 0 for no limit.</summary>
    public int MaxReaders { get; init; }

    /// <summary>The settings whose change ends what runs on a path: two configurations with the same can replace each other.</summary>
    public string Fingerprint { get; init; } = "";
}
