using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Rtsp;

/// <summary>One media of a description.</summary>
/// <param name="Track">The track it becomes.</param>
/// <param name="Control">What its SETUP URL ends with.</param>
internal sealed record AnnouncedMedia(Track Track, string Control)
{
    /// <summary>Bits of the size in an AU header; 13 in AAC-hbr.</summary>
    public int SizeLength { get; init; } = 13;

    /// <summary>Bits of the index in an AU header; 3 in AAC-hbr.</summary>
    public int IndexLength { get; init; } = 3;
}
