namespace MediaMtx.Standin.Codecs;

/// <summary>A track of an MP4 file.</summary>
/// <param name="SampleEntry">The codec's four characters: <c>avc1</c>, <c>mp4a</c>.</param>
/// <param name="Configuration">H.264's decoder configuration record, or AAC's AudioSpecificConfig; empty for others.</param>
/// <param name="Channels">Channels of sound; 0 for video.</param>
/// <param name="TimeScale">Ticks per second.</param>
/// <param name="Samples">In order of decoding.</param>
internal sealed record Mp4Track(string SampleEntry, byte[] Configuration, int Channels, long TimeScale, IReadOnlyList<Mp4Sample> Samples);

/// <summary>A sample of an MP4 file.</summary>
/// <param name="Position">Where in the file it begins.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Duration">Until the next, in ticks of its track.</param>
/// <param name="Offset">From decoding to presentation, in the same ticks.</param>
internal sealed record Mp4Sample(long Position, int Size, long Duration, long Offset);
