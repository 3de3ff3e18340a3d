using System.Globalization;
using MediaMtx.Standin.Codecs;
using MediaMtx.Standin.Media;

namespace MediaMtx.Standin.Slates;

/// <summary>The slate of <c>alwaysAvailableFile</c>: an MP4, played in a loop. Of H.265, VP9, AV1 and PCM only the tracks are known.</summary>
internal static class SlateFile
{
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is no MP4, or has a codec that MediaMTX does not take.</exception>
    public static Slate Read(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length < 8 || !bytes.AsSpan(4, 4).SequenceEqual("ftyp"u8))
        {
            string magic = string.Join(' ', bytes.Skip(4).Take(4).Select(value => value.ToString(CultureInfo.InvariantCulture)));
            throw new InvalidDataException($"file is not MP4, magic bytes are [{magic}]");
        }

        IReadOnlyList<Mp4Track> found = Mp4File.Read(bytes);
        if (found.Count == 0)
        {
            throw new InvalidDataException("file does not contain any track");
        }

        Track[] tracks = [.. found.Select(Make)];
        return new Slate(tracks, [.. found.Select((track, index) => Loop(bytes, track, tracks[index])).OfType<SlateLoop>()]);
    }

    private static Track Make(Mp4Track track, int index)
    {
        switch (track.SampleEntry)
        {
            case "avc1" or "avc3":
                (byte[] sps, byte[] pps) = AvcConfig.Parse(track.Configuration);
                return new H264Track(index, sps, pps);
            case "mp4a":
                return new AacTrack(index, AacConfig.Parse(track.Configuration));
            case "Opus":
                string stereo = track.Channels == 2 ? "1" : "0";
                return new PacketTrack(index, "Opus", "audio", new RtpMap("opus", "48000/2", $"sprop-stereo={stereo}"));
            case "hvc1" or "hev1":
                return new PacketTrack(index, "H265", "video", new RtpMap("H265", "90000", ""));
            case "vp09":
                return new PacketTrack(index, "VP9", "video", new RtpMap("VP9", "90000", ""));
            case "av01":
                return new PacketTrack(index, "AV1", "video", new RtpMap("AV1", "90000", ""));
            case "ipcm":
                return new PacketTrack(index, "LPCM", "audio", new RtpMap("L16", $"{track.TimeScale}/{track.Channels}", ""));
            default:
                throw new InvalidDataException($"unsupported codec {track.SampleEntry}");
        }
    }

    private static SlateLoop? Loop(byte[] file, Mp4Track source, Track track)
    {
        if (track is PacketTrack and not { Name: "Opus" })
        {
            return null;
        }

        List<SlateSample> samples = [];
        foreach (Mp4Sample sample in source.Samples)
        {
            ReadOnlyMemory<byte> data = file.AsMemory((int)sample.Position, sample.Size);
            samples.Add(new SlateSample(
                sample.Duration * track.ClockRate / source.TimeScale,
                sample.Offset * track.ClockRate / source.TimeScale,
                track is H264Track ? NalUnit.SplitByLength(data) : [data]));
        }

        return new SlateLoop(track.Index, samples);
    }
}
