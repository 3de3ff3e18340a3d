using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Streams.Grains.Workers;

/// <summary>Codecs by the names that MediaMTX gives them.</summary>
internal static class TrackCodecs
{
    /// <summary>Stands for any codec in a profile.</summary>
    public const string Any = "*";

    private static readonly FrozenSet<string> Video = FrozenSet.Create(
        StringComparer.Ordinal, "AV1", "VP9", "VP8", "H265", "H264", "MPEG-4 Video", "MPEG-1/2 Video", "M-JPEG", "MPEG-TS");

    private static readonly FrozenSet<string> Audio = FrozenSet.Create(
        StringComparer.Ordinal,
        "Opus", "FLAC", "Vorbis", "MPEG-4 Audio", "MPEG-4 Audio LATM", "MPEG-1/2 Audio", "AC3", "Speex", "G726", "G722", "G711", "LPCM");

    /// <summary>Tracks of data beside picture and sound: no output needs them, and they are left out.</summary>
    private static readonly FrozenSet<string> Data = FrozenSet.Create(StringComparer.Ordinal, "KLV", "Generic");

    /// <summary>The tracks that are picture or sound. A codec that nobody here knows counts as picture: it must not be left out in silence.</summary>
    public static ImmutableArray<string> Media(ImmutableArray<string> tracks) => [.. tracks.Where(static codec => !Data.Contains(codec))];

    /// <summary>Whether it is sound.</summary>
    public static bool IsAudio(string codec) => Audio.Contains(codec);

    /// <summary>What it is, in words.</summary>
    public static string KindOf(string codec) => IsAudio(codec) ? "audio" : Video.Contains(codec) ? "video" : "track";

    /// <summary>Whether a name in a profile is one of MediaMTX's, or <see cref="Any"/>.</summary>
    public static bool IsKnown(string codec, bool isAudio) => codec == Any || (isAudio ? Audio : Video).Contains(codec);
}
