using static Streams.Grains.Continuity.Slates.Mp4Box;

namespace Streams.Grains.Continuity.Slates;

/// <summary>Writes an MP4 file (ISO/IEC 14496-12, 14496-14, 14496-15) of tracks without reordering: each track's samples in one chunk.</summary>
internal static class Mp4File
{
    private const int MovieTimescale = 1000;
    private static readonly byte[] Matrix = Join(U32(0x10000), Zeros(12), U32(0x10000), Zeros(12), U32(0x40000000));

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(IReadOnlyList<Mp4Samples> tracks)
    {
        byte[] type = Of("ftyp", "isom"u8.ToArray(), U32(0x200), "isomiso2avc1mp41"u8.ToArray());
        byte[] unplaced = Movie(tracks, 0); // Its length does not depend on where the samples are.
        byte[] data = Of("mdat", [.. tracks.SelectMany(static track => track.Samples)]);
        return Join(type, Movie(tracks, type.Length + unplaced.Length + 8), data);
    }

    /// <summary>The sample entry of H.264.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="sps">Sequence parameter set.</param>
    /// <param name="pps">Picture parameter set.</param>
    public static byte[] AvcEntry(int width, int height, byte[] sps, byte[] pps)
    {
        const int HighProfile = 100;
        bool isHigh = sps[1] >= HighProfile;
        (int chroma, int luma) = isHigh ? SpsFormat.Read(sps) : (1, 8);
        byte[] config = Of(
            "avcC", [1, sps[1], sps[2], sps[3], 0xFF, 0xE1], U16(sps.Length), sps, [1], U16(pps.Length), pps,
            isHigh ? [(byte)(0xFC | chroma), (byte)(0xF8 | (luma - 8)), (byte)(0xF8 | (luma - 8)), 0] : []);
        return Of(
            "avc1", Zeros(6), U16(1), Zeros(16), U16(width), U16(height), U32(0x480000), U32(0x480000), Zeros(4), U16(1), Zeros(32), U16(24), U16(0xFFFF), config);
    }

    /// <summary>The sample entry of AAC.</summary>
    /// <param name="sampleRate">In Hz.</param>
    /// <param name="channels">How many.</param>
    /// <param name="config">AudioSpecificConfig.</param>
    public static byte[] AacEntry(int sampleRate, int channels, byte[] config)
    {
        byte[] decoder = Descriptor(4, [0x40, 0x15, 0, 0, 0], U32(0), U32(0), Descriptor(5, config));
        byte[] descriptors = Descriptor(3, U16(0), [0], decoder, Descriptor(6, [2]));
        return Of("mp4a", Zeros(6), U16(1), Zeros(8), U16(channels), U16(16), Zeros(4), U32((long)sampleRate << 16 & 0xFFFFFFFF), Full("esds", 0, descriptors));
    }

    private static byte[] Descriptor(byte tag, params ReadOnlySpan<byte[]> parts)
    {
        byte[] content = Join(parts);
        return Join([tag, (byte)content.Length], content); // All of ours are shorter than 128 bytes.
    }

    private static byte[] Movie(IReadOnlyList<Mp4Samples> tracks, long dataOffset)
    {
        long longest = tracks.Max(static track => MovieTime(track));
        List<byte[]> parts = [Full("mvhd", 0, Zeros(8), U32(MovieTimescale), U32(longest), U32(0x10000), U16(0x100), Zeros(10), Matrix, Zeros(24), U32(tracks.Count + 1))];
        for (int i = 0; i < tracks.Count; i++)
        {
            parts.Add(TrackBox(i + 1, tracks[i], dataOffset));
            dataOffset += dataOffset > 0 ? tracks[i].Bytes : 0;
        }

        return Of("moov", [.. parts]);
    }

    private static byte[] TrackBox(int id, Mp4Samples track, long dataOffset)
    {
        const uint Enabled = 3;
        (int width, int height) = track.Size ?? (0, 0);
        bool isVideo = track.Size is not null;
        byte[] header = Full("tkhd", Enabled, Zeros(8), U32(id), Zeros(4), U32(MovieTime(track)), Zeros(12), U16(isVideo ? 0 : 0x100), Zeros(2), Matrix, U32((long)width << 16), U32((long)height << 16));
        byte[] edits = Of("edts", Full("elst", 0, U32(1), U32(MovieTime(track)), U32(0), U32(0x10000))); // The whole of it; MediaMTX reads no track without.
        byte[] media = Of(
            "mdia",
            Full("mdhd", 0, Zeros(8), U32(track.Timescale), U32(track.Duration), U16(0x55C4), Zeros(2)),
            Full("hdlr", 0, Zeros(4), isVideo ? "vide"u8.ToArray() : "soun"u8.ToArray(), Zeros(13)),
            Of("minf", isVideo ? Full("vmhd", 1, Zeros(8)) : Full("smhd", 0, Zeros(4)), Of("dinf", Full("dref", 0, U32(1), Full("url ", 1))), Table(track, dataOffset)));
        return Of("trak", header, edits, media);
    }

    private static byte[] Table(Mp4Samples track, long dataOffset) => Of(
        "stbl",
        Full("stsd", 0, U32(1), track.Entry),
        Full("stts", 0, U32(1), U32(track.Samples.Count), U32(track.SampleDuration)),
        track.KeySamples.Count == 0 ? [] : Full("stss", 0, [U32(track.KeySamples.Count), .. track.KeySamples.Select(static sample => U32(sample + 1))]),
        Full("stsc", 0, U32(1), U32(1), U32(track.Samples.Count), U32(1)),
        Full("stsz", 0, [U32(0), U32(track.Samples.Count), .. track.Samples.Select(static sample => U32(sample.Length))]),
        Full("stco", 0, U32(1), U32(dataOffset)));

    private static long MovieTime(Mp4Samples track) => track.Duration * MovieTimescale / track.Timescale;
}
